import { making } from '../tasks/making.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import type { Future } from '../core/future/future.ts';
import { checkSignal } from '../core/support/abort-listeners.ts';
import { describe } from '../core/support/describe.ts';
import { checkOptions } from '../core/support/options.ts';
import type { Coro } from '../core/support/types.ts';
import { abortable, NO_OPTIONS, SIGNAL, type SignalOptions } from '../tasks/abort.ts';
import { adoptStream, type AdoptOptions } from '../io/adopt.ts';
import { opened } from './create-connection.ts';
import { type Pipe, ReadTransport, WriteTransport } from './pipe-transport.ts';
import { type AnyProtocol, checkFactory, checkProtocol, type ProtocolFactory } from './protocol.ts';

/** Implements `loop.connectReadPipe`. */
export function connectReadPipeIn<P extends AnyProtocol>(
  loop: EventLoop,
  protocolFactory: ProtocolFactory<P>,
  pipe: Pipe,
  options: SignalOptions = NO_OPTIONS,
): Future<[ReadTransport, P]> {
  return begin(loop, 'connectReadPipe()', ReadTransport, protocolFactory, pipe, options);
}

/** Implements `loop.connectWritePipe`. */
export function connectWritePipeIn<P extends AnyProtocol>(
  loop: EventLoop,
  protocolFactory: ProtocolFactory<P>,
  pipe: Pipe,
  options: SignalOptions = NO_OPTIONS,
): Future<[WriteTransport, P]> {
  return begin(loop, 'connectWritePipe()', WriteTransport, protocolFactory, pipe, options);
}

function begin<T extends PipeTransport, P extends AnyProtocol>(
  loop: EventLoop,
  where: string,
  Kind: PipeClass<T>,
  protocolFactory: ProtocolFactory<P>,
  pipe: Pipe,
  options: SignalOptions,
): Future<[T, P]> {
  checkFactory(protocolFactory);
  const descriptor = descriptorOf(where, pipe);
  checkOptions(where, options, SIGNAL);
  const { signal } = options;
  if (signal) checkSignal(signal);
  loop._checkClosed();
  // Started eagerly: a cancel before the first step would leave the pipe open.
  const task = loop._startTask(connectPipe(loop, Kind, protocolFactory, pipe, descriptor));
  return making(signal ? abortable(loop, task, signal) : task, ([transport]) => transport.abort());
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

/** Descriptors up to this one are stdin, stdout and stderr, which stay open. */
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
  // An object closes its descriptor itself, possibly when it is collected.
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
 * A transport over an end of a pipe, started by `_open()` (or `opened()`). The options say which
 * other kinds are allowed, and whether others use the descriptor.
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
