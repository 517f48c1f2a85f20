/** `openStdin`, `openStdout`, `openStderr`: the standard streams of the process. */
import type { EventLoop } from '../core/loop/event-loop.ts';
import type { Future } from '../core/future/future.ts';
import { checkSignal } from '../core/support/abort-listeners.ts';
import { checkOptions } from '../core/support/options.ts';
import type { Coro } from '../core/support/types.ts';
import type { DescriptorKind } from '../io/adopt.ts';
import { abortable, NO_OPTIONS, SIGNAL, type SignalOptions } from '../tasks/abort.ts';
import { pipeTransport } from './connect-pipe.ts';
import { opened } from './create-connection.ts';
import { ReadTransport, WriteTransport } from './pipe-transport.ts';
import { loopWithNetwork } from './running-loop.ts';
import { StreamProtocol } from './stream-protocol.ts';
import { checkLimit, DEFAULT_LIMIT, StreamReader } from './stream-reader.ts';
import { StreamWriter } from './stream-writer.ts';

/** Options of `openStdin`. */
export interface StdinOptions extends SignalOptions {
  /** The most bytes that a line may have, see StreamReader; default 1 MiB. */
  limit?: number;
}

const KINDS: readonly DescriptorKind[] = ['socket', 'pipe', 'terminal', 'device', 'file'];

/**
 * Standard input as a stream: a pipe, a terminal, a file or a socket. The descriptor stays open and
 * unchanged, so a terminal still works for the shell. Do not use `process.stdin` as well: each of
 * the two would miss what the other reads. The loop stays alive as long as there may be more to
 * read: `yield* reader.read(-1)`, or a cancel, ends that.
 *
 * @returns a future of the reader; cancelling it is safe
 * @throws an error with code `EBADF` when it is closed; RuntimeError in virtual time; AbortError
 * @example for await (const line of (await openStdin()).lines()) console.log(line.length);
 */
export function openStdin(options: StdinOptions = {}): Future<StreamReader> {
  const where = 'openStdin()';
  const loop = loopWithNetwork(where);
  checkOptions(where, options, ['limit', ...SIGNAL]);
  const { limit = DEFAULT_LIMIT, signal } = options;
  checkLimit(limit);
  return begin(loop, signal, readerOf(loop, where, limit));
}

/**
 * Standard output as a stream with `write` and `drain()`: a pipe, a terminal, a file or a socket.
 * The descriptor stays open and unchanged. The order relative to `console.log` is not defined.
 *
 * Nothing that was written is lost: what is unsent when the loop is closed, or the process exits
 * (`process.exit` too), is written then, blocking until it is taken, as `process.stdout` does. It
 * is dropped only when the reading end is closed (`EPIPE`).
 *
 * @returns a future of the writer; cancelling it is safe
 * @throws an error with code `EBADF` when it is closed; RuntimeError in virtual time; AbortError
 * @example
 * const out = yield* openStdout();
 * out.write('hello\n');
 * yield* out.drain();
 */
export function openStdout(options: SignalOptions = NO_OPTIONS): Future<StreamWriter> {
  return openOutput('openStdout()', 1, options);
}

/** Standard error as a stream; see {@link openStdout}. */
export function openStderr(options: SignalOptions = NO_OPTIONS): Future<StreamWriter> {
  return openOutput('openStderr()', 2, options);
}

function openOutput(
  where: string,
  descriptor: number,
  options: SignalOptions,
): Future<StreamWriter> {
  const loop = loopWithNetwork(where);
  checkOptions(where, options, SIGNAL);
  return begin(loop, options.signal, writerOf(loop, where, descriptor));
}

function begin<T>(
  loop: EventLoop,
  signal: AbortSignal | null | undefined,
  opening: Coro<T>,
): Future<T> {
  if (signal) checkSignal(signal);
  // Started eagerly: a cancel before the first step would leak the stream.
  const task = loop._startTask(opening);
  return signal ? abortable(loop, task, signal) : task;
}

function* readerOf(loop: EventLoop, where: string, limit: number): Coro<StreamReader> {
  const protocol = new StreamProtocol(new StreamReader({ limit, loop }));
  const options = { shared: true, kinds: KINDS };
  yield* opened(loop, pipeTransport(loop, ReadTransport, 0, protocol, options, where), protocol);
  return protocol.reader;
}

function* writerOf(loop: EventLoop, where: string, descriptor: number): Coro<StreamWriter> {
  const protocol = new OutputProtocol(loop);
  const options = { shared: true, kinds: KINDS };
  const transport = pipeTransport(loop, WriteTransport, descriptor, protocol, options, where);
  protocol.keep(transport);
  yield* opened(loop, transport, protocol);
  return new StreamWriter(transport, protocol, null);
}

/** Makes sure that unsent data is written at the end. */
class OutputProtocol extends StreamProtocol {
  #flush: (() => void) | null = null;

  constructor(loop: EventLoop) {
    super(new StreamReader({ loop }));
  }

  keep(transport: WriteTransport): void {
    const flush = (): void => transport._sendEverything();
    this.#flush = flush;
    (this.loop._beforeClose ??= new Set()).add(flush);
    (this.loop._whenClosed ??= new Set()).add(this.#forget);
    process.on('exit', flush);
  }

  readonly #forget = (): void => {
    const flush = this.#flush;
    this.#flush = null;
    if (flush === null) return;
    this.loop._beforeClose?.delete(flush);
    this.loop._whenClosed?.delete(this.#forget);
    process.off('exit', flush);
  };

  override connectionLost(error: unknown): void {
    this.#forget();
    super.connectionLost(error);
  }
}
