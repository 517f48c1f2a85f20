import type { EventLoop } from '../core/loop/event-loop.ts';
import type { TimerHandle } from '../core/loop/handle.ts';
import { Future } from '../core/future/future.ts';
import { doneFuture, failedFuture } from '../core/future/done-future.ts';
import { type Duration, toSeconds } from '../core/support/duration.ts';
import { checkOptions } from '../core/support/options.ts';
import { showsText } from '../core/support/shows-text.ts';
import type { Data } from '../io/data.ts';
import { StreamProtocol } from '../net/stream-protocol.ts';
import { StreamReader } from '../net/stream-reader.ts';
import { StreamWriter } from '../net/stream-writer.ts';
import { abortedFirst, abortWith, NO_OPTIONS, type SignalOptions } from '../tasks/abort.ts';
import type { Child } from './child.ts';
import { communicateWith, type CommunicateOptions, type Output } from './communicate.ts';
import { SubprocessProtocol } from './subprocess-protocol.ts';
import { SubprocessTransport } from './subprocess-transport.ts';

/** Notifies the waiters for the end of a child. */
class ExitProtocol extends SubprocessProtocol {
  readonly waiters: Set<Future<number>> = new Set();
  #transport: SubprocessTransport | null = null;
  escalation: TimerHandle | null = null;

  override connectionMade(transport: SubprocessTransport): void {
    this.#transport = transport;
  }

  override processExited(): void {
    this.escalation?.cancel();
    const code = this.#transport!.getReturncode()!;
    for (const waiter of this.waiters) if (!waiter.done()) waiter.setResult(code);
    this.waiters.clear();
  }
}

/** The child's stdin, which remembers whether it was closed on our side. */
class ChildInput extends StreamWriter {
  _closed = false;

  override close(): void {
    this._closed = true;
    super.close();
  }

  override writeEof(): void {
    this._closed = true;
    super.writeEof();
  }
}

/** Options of `kill()`. */
export interface KillOptions {
  /**
   * Send SIGTERM now, and SIGKILL only if it still runs after this time: seconds, or a string with
   * a unit.
   */
  after?: Duration;
}

/**
 * A running child process. Created by `createSubprocessExec` and `createSubprocessShell`.
 *
 * Closing the loop (as `run` does at the end) kills the child, unless it is `detached`. `await
 * using` kills it at the end of the block.
 *
 * @example
 * const child = yield* createSubprocessExec('sort', { stdin: 'pipe', stdout: 'pipe' });
 * const [sorted] = yield* child.communicate('b\na\n');
 * console.log(`${sorted}`, child.returncode);
 */
export class Process {
  /** The writer for its stdin if that is a pipe, otherwise null. */
  readonly stdin: StreamWriter | null;
  /** The reader of its stdout if that is a pipe, otherwise null. */
  readonly stdout: StreamReader | null;
  /** The reader of its stderr if that is a pipe, otherwise null. */
  readonly stderr: StreamReader | null;
  readonly #loop: EventLoop;
  readonly #transport: SubprocessTransport;
  readonly #exit = new ExitProtocol();

  /** @internal */
  constructor(loop: EventLoop, child: Child, limit: number) {
    const protocols = new Map<number, StreamProtocol>();
    this.#loop = loop;
    this.#transport = new SubprocessTransport(loop, child, this.#exit, (fd) => {
      const protocol = new StreamProtocol(new StreamReader({ limit, loop }));
      protocols.set(fd, protocol);
      return protocol;
    });
    const input = protocols.get(0);
    const inputPipe = this.#transport.getPipeTransport(0);
    this.stdin =
      input === undefined || inputPipe === null ? null : new ChildInput(inputPipe, input, null);
    this.stdout = protocols.get(1)?.reader ?? null;
    this.stderr = protocols.get(2)?.reader ?? null;
    this.#transport._begin();
  }

  /** Its process id. */
  get pid(): number {
    return this.#transport.getPid();
  }

  /** Null while it runs; then its exit code, or minus the number of the signal that ended it. */
  get returncode(): number | null {
    return this.#transport.getReturncode();
  }

  /** @internal Whether stdin was closed on this side. */
  get _closedStdin(): boolean {
    return this.stdin instanceof ChildInput && this.stdin._closed;
  }

  /**
   * Waits until the process has ended, and returns its `returncode`. Only the process itself
   * counts: programs that it started may still run and hold its pipes open. Read the pipes
   * meanwhile, or the child may block for ever on a full pipe; `communicate` does that.
   * Cancel-safe.
   *
   * @param options - `signal`: aborting it ends the wait with an AbortError; the child keeps
   *   running
   */
  wait(options: SignalOptions = NO_OPTIONS): Future<number> {
    const aborted = abortedFirst('wait()', options);
    const owner = { loop: this.#loop };
    if (aborted !== null) return failedFuture(owner, aborted);
    const code = this.returncode;
    if (code !== null) return doneFuture(owner, code);
    const { waiters } = this.#exit;
    const waiter = new Future<number>(owner);
    waiters.add(waiter);
    waiter._addWaiter({ _wake: () => waiters.delete(waiter), _looksOn: true });
    return abortWith(waiter, options.signal);
  }

  /**
   * Sends `input` to stdin and closes it, reads stdout and stderr to their ends at the same time,
   * and waits until the process has ended, without a deadlock whatever the child does with its
   * pipes. A child that ends or closes its stdin before it has read everything is no error.
   *
   * If a grandchild keeps a pipe open, the end of the pipe does not come: give a timeout. After a
   * timeout, a cancel or an abort the child keeps running and no output is lost: call it again
   * (without input) to get everything, or call `kill()`.
   *
   * @param input - text (as UTF-8) or bytes; or the options, including `input`
   * @returns `[stdout, stderr]`, null where it is not a pipe
   * @throws TimeoutError after `timeout`; AbortError when `signal` aborts; RuntimeError for input
   *   when stdin is not a pipe, or is closed; TypeError for wrong arguments
   */
  communicate(
    input?: Data | null | CommunicateOptions,
    options?: CommunicateOptions,
  ): Future<Output> {
    return communicateWith(this.#loop, this, input, options);
  }

  /**
   * Sends a signal, by name (`'SIGHUP'`) or number.
   * @returns false when the process has already ended
   * @throws RangeError for a name or number that this system does not have; TypeError when it is
   *   neither; an error with code `EPERM` when the process now runs as another user
   */
  sendSignal(signal: NodeJS.Signals | number): boolean {
    return this.#transport.sendSignal(signal);
  }

  /** Sends SIGTERM, which the process may handle or ignore. @returns as `sendSignal` */
  terminate(): boolean {
    return this.#transport.terminate();
  }

  /**
   * Sends SIGKILL, which ends the process; with `after`, first SIGTERM.
   *
   * @returns as `sendSignal`
   * @throws TypeError, RangeError for wrong options
   * @example
   * child.kill({ after: '5s' }); // SIGTERM, and SIGKILL if it runs in five seconds still
   * yield* child.wait();
   */
  kill(options: KillOptions = {}): boolean {
    checkOptions('kill()', options, ['after']);
    if (options.after === undefined) return this.#transport.kill();
    const seconds = toSeconds(options.after, 'after');
    if (!this.#transport.terminate()) return false;
    this.#exit.escalation?.cancel();
    this.#exit.escalation = this.#loop.callLater(seconds, () => this.#transport.kill());
    return true;
  }

  /** Closes the pipes and kills the process if it runs. Use `wait()` to wait for its end. */
  close(): void {
    this.#transport.close();
  }

  /** For `await using`: closes it and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.wait();
  }

  toString(): string {
    const code = this.returncode;
    return `<Process ${this.pid} ${code === null ? 'running' : `returncode=${code}`}>`;
  }
}

showsText(Process);
