import type { EventLoop } from '../core/loop/event-loop.ts';
import type { Future } from '../core/future/future.ts';
import { describe } from '../core/support/describe.ts';
import type { Coro } from '../core/support/types.ts';
import { adoptStream, type AdoptOptions } from '../io/adopt.ts';
import { opened } from './create-connection.ts';
import { type Pipe, ReadTransport, WriteTransport } from './pipe-transport.ts';
import { type AnyProtocol, checkFactory, checkProtocol, type ProtocolFactory } from './protocol.ts';

/** `loop.connectReadPipe`: see there. */
export function connectReadPipeIn<P extends AnyProtocol>(
  loop: EventLoop,
  protocolFactory: ProtocolFactory<P>,
  pipe: Pipe,
): Future<[ReadTransport, P]> {
  checkFactory(protocolFactory);
  const descriptor = descriptorOf('connectReadPipe()', pipe);
  loop._checkClosed();
  // At once: a cancel before the first step would leave the pipe open.
  return loop._startTask(connectPipe(loop, ReadTransport, protocolFactory, pipe, descriptor));
}

/** `loop.connectWritePipe`: see there. */
export function connectWritePipeIn<P extends AnyProtocol>(
  loop: EventLoop,
  protocolFactory: ProtocolFactory<P>,
  pipe: Pipe,
): Future<[WriteTransport, P]> {
  checkFactory(protocolFactory);
  const descriptor = descriptorOf('connectWritePipe()', pipe);
  loop._checkClosed();
  return loop._startTask(connectPipe(loop, WriteTransport, protocolFactory, pipe, descriptor));
}

function descriptorOf(where: string, pipe: unknown): number {
  if (typeof pipe === 'number') return pipe;
  const { fd, fileno } = (pipe ?? {}) as { fd?: unknown; fileno?: unknown };
  if (typeof fd === 'number') return fd;
  if (typeof fileno === 'function') return fileno.call(pipe) as number;
  const given = describe(pipe);
  throw new TypeError(
    `${where}: pipe must be a descriptor's number, or an object with fd or fileno(), not ${given}`,
  );
}

/** Descriptors up to here are those of stdin, stdout and stderr, which stay open. */
const STANDARD_MAX = 2;

function* connectPipe<T extends PipeTransport, P extends AnyProtocol>(
  loop: EventLoop,
  Kind: PipeClass<T>,
  protocolFactory: ProtocolFactory<P>,
  pipe: Pipe,
  descriptor: number,
): Coro<[T, P]> {
  const protocol = protocolFactory();
  checkProtocol(protocol);
  // An object closes what it has itself, perhaps when it is collected.
  const shared = typeof pipe !== 'number' || descriptor <= STANDARD_MAX;
  const transport = pipeTransport(loop, Kind, descriptor, protocol, { shared });
  transport._setPipe(pipe);
  return (yield* opened(loop, transport, protocol)) as [T, P];
}

/** Either end of a pipe. */
type PipeTransport = ReadTransport | WriteTransport;
type PipeClass<T extends PipeTransport> = new (
  ...args: ConstructorParameters<typeof ReadTransport>
) => T;

/**
 * A transport over an end of a pipe, which `_open()` (or `opened()`) begins. What it may be beside
 * a pipe, and whether others use it, stands in the options.
 * @throws as `adoptStream`; the descriptor is then still the caller's
 */
export function pipeTransport<T extends PipeTransport>(
  loop: EventLoop,
  Kind: PipeClass<T>,
  descriptor: number,
  protocol: AnyProtocol,
  options: Pick<AdoptOptions, 'shared' | 'kinds'> = {},
  call?: string,
): T {
  checkProtocol(protocol);
  const readable = (Kind as unknown) === ReadTransport;
  const where = call ?? (readable ? 'connectReadPipe()' : 'connectWritePipe()');
  const use = { ...options, readable, writable: !readable };
  const { handle, generation } = adoptStream(loop, descriptor, where, use);
  return new Kind(loop, handle, generation, protocol, null);
}
