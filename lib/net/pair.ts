import type { EventLoop } from '../core/loop/event-loop.ts';
import { errnoError } from '../core/errors/errno.ts';
import { checkGivenLoop } from '../core/context/given-loop.ts';
import { checkOptions } from '../core/support/options.ts';
import { loopWithNetwork } from './running-loop.ts';
import type { Coro } from '../core/support/types.ts';
import type { Future } from '../core/future/future.ts';
import { opened } from './create-connection.ts';
import { discard } from '../io/native-stream.ts';
import { type AnyProtocol, checkFactory, type ProtocolFactory } from './protocol.ts';
import { Transport } from './transport.ts';

/** The two ends of a connection within the process. */
export type ConnectedPair<A extends AnyProtocol, B extends AnyProtocol> = [
  first: [Transport, A],
  second: [Transport, B],
];

/**
 * Creates two transports that are connected to each other, without an address. On the virtual
 * driver the connection is simulated in memory, so tests need no network and no real time.
 *
 * @example
 * const [[near], [, far]] = yield* connectedPair(() => new Protocol(), () => new Recorder());
 * near.write('hello');
 */
export function connectedPair<A extends AnyProtocol, B extends AnyProtocol>(
  firstFactory: ProtocolFactory<A>,
  secondFactory: ProtocolFactory<B>,
  options: { loop?: EventLoop } = {},
): Future<ConnectedPair<A, B>> {
  checkFactory(firstFactory);
  checkFactory(secondFactory);
  checkOptions('connectedPair()', options, ['loop']);
  if (options.loop !== undefined) checkGivenLoop('connectedPair()', options.loop);
  const loop = options.loop ?? loopWithNetwork('connectedPair()');
  return loop.createTask(openPair(loop, firstFactory, secondFactory));
}

function* openPair<A extends AnyProtocol, B extends AnyProtocol>(
  loop: EventLoop,
  firstFactory: ProtocolFactory<A>,
  secondFactory: ProtocolFactory<B>,
): Coro<ConnectedPair<A, B>> {
  const ends = loop._engine.pair();
  if (typeof ends === 'number') throw errnoError(ends, 'socketpair');
  const [firstHandle, firstGeneration, secondHandle, secondGeneration] = ends;
  let transports: [Transport, Transport];
  let protocols: [A, B];
  try {
    protocols = [firstFactory(), secondFactory()];
    transports = [
      new Transport(loop, firstHandle!, firstGeneration!, protocols[0], null),
      new Transport(loop, secondHandle!, secondGeneration!, protocols[1], null),
    ];
  } catch (error) {
    discard(loop, firstHandle!, firstGeneration!);
    discard(loop, secondHandle!, secondGeneration!);
    throw error;
  }
  const first = yield* opened(loop, transports[0], protocols[0]);
  const second = yield* opened(loop, transports[1], protocols[1]);
  return [first, second];
}
