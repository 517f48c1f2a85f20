import { type Duplex, finished, pipeline } from 'node:stream';

import type { Future } from '../core/future/future.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import { describe } from '../core/support/describe.ts';
import { checkOptions } from '../core/support/options.ts';
import type { Coro } from '../core/support/types.ts';
import { ABORTED } from '../net/flags.ts';
import { type AnyProtocol, Protocol, type ProtocolFactory } from '../net/protocol.ts';
import { connectedPair } from '../net/pair.ts';
import { loopWithNetwork } from '../net/running-loop.ts';
import { StreamProtocol } from '../net/stream-protocol.ts';
import { checkLimit, DEFAULT_LIMIT, StreamReader } from '../net/stream-reader.ts';
import { StreamWriter } from '../net/stream-writer.ts';
import type { Transport } from '../net/transport.ts';
import { toNodeStream } from './to-node-stream.ts';

/** How a stream of Node's becomes ours. */
export interface FromNodeOptions {
  /** Of the reader, in bytes; default 1 MiB. */
  limit?: number;
}

/**
 * Any Duplex of Node's (a socket, a tunnel, a process, what another library gives) as a transport
 * with a protocol, or as `[reader, writer]`.
 *
 * It is one end of a connection within the process, and what goes in at the other end is the
 * Duplex: so it is a transport like any other, with the pace of both sides. `writeEof()` ends the
 * writing side of the Duplex, its end is our end, `abort()` destroys it, and an error of it is
 * given to `connectionLost`. After `close()` the Duplex may still be sending what it was given.
 *
 * @param protocolFactory - makes the protocol; without one, streams are given
 * @returns a future of `[transport, protocol]` or `[reader, writer]`
 * @throws TypeError when it is no Duplex; RuntimeError when no loop is running
 * @example
 * const [reader, writer] = yield* fromNodeStream(net.connect(8888));
 */
export function fromNodeStream<P extends AnyProtocol>(
  duplex: Duplex,
  protocolFactory: ProtocolFactory<P>,
): Future<[Transport, P]>;
export function fromNodeStream(
  duplex: Duplex,
  options?: FromNodeOptions,
): Future<[StreamReader, StreamWriter]>;
export function fromNodeStream(
  duplex: Duplex,
  given: ProtocolFactory | FromNodeOptions = {},
): Future<[unknown, unknown]> {
  checkDuplex(duplex);
  const loop = loopWithNetwork('fromNodeStream()');
  if (typeof given === 'function') return loop._startTask(bridge(loop, duplex, given));
  checkOptions('fromNodeStream()', given, ['limit']);
  const { limit = DEFAULT_LIMIT } = given;
  checkLimit(limit);
  return loop._startTask(streams(loop, duplex, limit));
}

function checkDuplex(duplex: unknown): void {
  const { read, write, pipe } = (duplex ?? {}) as Partial<Duplex>;
  if ([read, write, pipe].every((method) => typeof method === 'function')) return;
  throw new TypeError(`fromNodeStream(): a Duplex was expected, not ${describe(duplex)}`);
}

function* streams(
  loop: EventLoop,
  duplex: Duplex,
  limit: number,
): Coro<[StreamReader, StreamWriter]> {
  const factory = (): StreamProtocol => new StreamProtocol(new StreamReader({ limit, loop }));
  const [transport, protocol] = yield* bridge(loop, duplex, factory);
  return [protocol.reader, new StreamWriter(transport, protocol, protocol.reader)];
}

function* bridge<P extends AnyProtocol>(
  loop: EventLoop,
  duplex: Duplex,
  protocolFactory: ProtocolFactory<P>,
): Coro<[Transport, P]> {
  const pair = connectedPair(() => new Protocol(), protocolFactory, { loop });
  const [[near], [transport, protocol]] = yield* pair;
  const inner = toNodeStream(near, { allowHalfOpen: true });
  const over = (error?: Error | null): void => {
    // Of both directions the first error counts; our own abort() has made it one that nobody sees.
    if (error) transport._forceClose(error);
  };
  // The protocol gets it; without a listener it would end the process as well.
  for (const each of [duplex, inner]) each.on('error', over);
  transport._owner = {
    _detach: ({ _flags: flags }) => {
      if ((flags & ABORTED) !== 0) duplex.destroy();
      // What it was given still leaves; then there is nobody for the other direction.
      else finished(duplex, { readable: false }, () => duplex.destroy());
    },
  };
  try {
    pipeline(duplex, inner, over);
    pipeline(inner, duplex, over);
  } catch (error) {
    // One that is destroyed: newer versions of Node say so at once.
    inner.destroy();
    over(error as Error);
  }
  return [transport, protocol];
}
