/**
 * The executors of one loop: creates the default one on first use, and brings results back into the
 * loop.
 */
import type { AbstractEventLoop, RidesAlong } from '../../core/loop/abstract-event-loop.ts';
import { listenToAbort } from '../../core/support/abort-listeners.ts';
import { describe } from '../../core/support/describe.ts';
import { toTimeout } from '../../core/support/duration.ts';
import type { Duration } from '../../core/support/duration.ts';
import { AbortError, CancelledError, isA, RuntimeError } from '../../core/errors/errors.ts';
import { checkExecutor } from './executor.ts';
import type { Executor, ShutdownOptions, Work } from './executor.ts';
import { ProcessPoolExecutor } from './process-pool-executor.ts';
import { ThreadPoolExecutor } from './thread-pool-executor.ts';
import { Future } from '../../core/future/future.ts';

/**
 * A future with a callback for when it is settled. Not a waiter, because waiters also affect
 * whether an error that was never retrieved is reported.
 */
class Ending<T> extends Future<T> {
  /** Called when it is settled; must not throw. */
  settled: (() => void) | null = null;

  override _settle(state: number, value: unknown): void {
    super._settle(state, value);
    this.settled?.();
  }
}

/**
 * The result of work in an executor; cancelling it tells the executor, by a signal, that the result
 * is no longer needed.
 */
class ExecutorFuture<T> extends Ending<T> {
  readonly #abort = new AbortController();
  #forgetSignal: (() => void) | null = null;

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Fails, and notifies the executor, when the caller's own signal aborts. */
  follow(signal: AbortSignal): void {
    const abort = (): void => {
      if (this.done()) return;
      const error = new AbortError(signal.reason);
      this._fail(error);
      this.#abort.abort(error);
    };
    if (signal.aborted) abort();
    else this.#forgetSignal = listenToAbort(signal, abort);
  }

  override _settle(state: number, value: unknown): void {
    super._settle(state, value);
    this.#forgetSignal?.();
  }

  override cancel(reason?: unknown): boolean {
    if (!super.cancel(reason)) return false;
    this.#abort.abort(new CancelledError(reason));
    return true;
  }
}

export class LoopExecutors implements RidesAlong {
  readonly #loop: AbstractEventLoop;
  #default: Executor | null = null;
  /** The processes of `toProcess`. */
  #processes: ProcessPoolExecutor | null = null;
  #shutDown = false;
  /** How many pieces of work that take real time are being waited for. */
  #held = 0;
  /** Cancels the timer that limits the shutdown. */
  #forgetLimit: () => void = () => {};

  constructor(loop: AbstractEventLoop) {
    this.#loop = loop;
  }

  run<T>(given: Executor | null | undefined, work: Work, args: readonly unknown[]): Future<T> {
    const loop = this.#loop;
    loop._checkClosed();
    const executor = given ?? this.#defaultOne();
    if (given !== null && given !== undefined) checkExecutor(given, 'runInExecutor()');
    const outcome = new ExecutorFuture<T>({ loop });
    const signal = signalOf(work);
    if (signal?.aborted === true) {
      outcome.follow(signal);
      return outcome;
    }
    const answer = executor.submit(work, args, { signal: outcome.signal });
    if (typeof (answer as PromiseLike<T> | null)?.then !== 'function') {
      throw new TypeError(
        `runInExecutor(): submit() of the executor gave ${describe(answer)}, not a Promise`,
      );
    }
    if (executor._takesRealTime === true) this.#holdTime(outcome);
    if (signal !== null) outcome.follow(signal);
    settleLater(outcome, answer as PromiseLike<T>);
    return outcome;
  }

  /**
   * Stops simulated time while the loop waits for work that takes real time. Not under `runSync`,
   * where no such result can arrive and time would stop for ever.
   */
  #holdTime(outcome: Ending<any>): void {
    this.#hold(1);
    outcome.settled = () => this.#hold(-1);
  }

  #hold(change: 1 | -1): void {
    this.#held += change;
    if (this.#loop._rides) this.#loop._holdTime(change);
  }

  /** The loop starts or stops running as a guest of Node's loop. */
  ride(rides: boolean): void {
    if (this.#held > 0) this.#loop._holdTime(rides ? this.#held : -this.#held);
  }

  #defaultOne(): Executor {
    if (this.#shutDown) throw new RuntimeError('Executor shutdown has been called');
    if (this.#default !== null) return this.#default;
    return (this.#default = new ThreadPoolExecutor({ name: 'default' }));
  }

  /** The executor of `toProcess`, created on first use. */
  get processes(): ProcessPoolExecutor {
    if (this.#shutDown) throw new RuntimeError('Executor shutdown has been called');
    return (this.#processes ??= new ProcessPoolExecutor({ name: 'default' }));
  }

  setDefault(executor: Executor): void {
    checkExecutor(executor, 'setDefaultExecutor()');
    this.#default = executor;
  }

  shutdown(timeout: Duration | null | undefined): Future<void> {
    const seconds = toTimeout(timeout);
    const ended = new Ending<void>({ loop: this.#loop });
    this.#shutDown = true;
    const executors = this.#all();
    if (executors.length === 0) {
      ended.setResult();
      return ended;
    }
    const shutdown = async (): Promise<void> => {
      await Promise.all(
        executors.map(async (executor) => {
          await executor.shutdown({ wait: true });
          this.#forget(executor);
        }),
      );
    };
    const takesRealTime = executors.some((executor) => executor._takesRealTime === true);
    if (takesRealTime) this.#hold(1);
    ended.settled = () => {
      this.#forgetLimit();
      if (takesRealTime) this.#hold(-1);
    };
    settleLater(ended, shutdown());
    if (seconds !== null) this.#limit(executors, ended, seconds, takesRealTime);
    return ended;
  }

  #all(): Executor[] {
    return [this.#default, this.#processes].filter((executor) => executor !== null);
  }

  /** The executor has ended, so closing the loop need not shut it down. */
  #forget(executor: Executor): void {
    if (this.#default === executor) this.#default = null;
    if (this.#processes === executor) this.#processes = null;
  }

  #limit(
    executors: readonly Executor[],
    ended: Ending<void>,
    seconds: number,
    realTime: boolean,
  ): void {
    const expire = (): void => {
      if (ended.done()) return;
      this.#loop._warn(`the default executor has not ended its work within ${seconds} seconds`);
      for (const executor of executors) {
        this.#forget(executor);
        letGo(this.#loop, executor, { wait: false, terminate: true });
      }
      ended.setResult();
    };
    this.#forgetLimit = realTime
      ? afterRealTime(seconds, expire)
      : afterLoopTime(this.#loop, seconds, expire);
  }

  /**
   * The loop is closed, so nobody waits for results. @param terminate - whether running work is
   * terminated
   */
  abandon(terminate: boolean): void {
    const executors = this.#all();
    this.#default = null;
    this.#processes = null;
    this.#shutDown = true;
    this.#forgetLimit();
    for (const executor of executors) letGo(this.#loop, executor, { wait: false, terminate });
  }
}

function signalOf(work: Work): AbortSignal | null {
  const signal = typeof work === 'object' && work !== null ? (work.signal ?? null) : null;
  if (signal === null || typeof signal.addEventListener === 'function') return signal;
  throw new TypeError(`signal: ${describe(signal)} is not an AbortSignal`);
}

function afterLoopTime(loop: AbstractEventLoop, seconds: number, callback: () => void): () => void {
  const timer = loop.callLater(seconds, callback);
  return () => timer.cancel();
}

/** The same in real time, even if the loop's own time is simulated. */
function afterRealTime(seconds: number, callback: () => void): () => void {
  // Node's timers are limited to 2^31 - 1 milliseconds. This one does not keep the process alive;
  // the work that is waited for does.
  const limit = AbortSignal.timeout(Math.min(Math.max(0, seconds) * 1000, 0x7fffffff));
  limit.addEventListener('abort', callback);
  return () => limit.removeEventListener('abort', callback);
}

/** Shuts down an executor without waiting; a failure goes to the exception handler. */
function letGo(loop: AbstractEventLoop, executor: Executor, options: ShutdownOptions): void {
  const message = 'the shutdown of the default executor failed';
  const failed = (exception: unknown): void => loop.callExceptionHandler({ message, exception });
  try {
    Promise.resolve(executor.shutdown(options)).catch(failed);
  } catch (error) {
    failed(error);
  }
}

/**
 * Settles a future as the Promise is settled, unless the future is already done or the loop is
 * closed.
 */
function settleLater<T>(future: Future<T>, answer: PromiseLike<T>): void {
  const loop = future._loop;
  loop._promises += 1;
  Promise.resolve(answer).then(
    (value) => {
      loop._promises -= 1;
      if (!future.done() && !loop.isClosed()) future.setResult(value);
    },
    (error: unknown) => {
      loop._promises -= 1;
      if (future.done() || loop.isClosed()) return;
      if (isA(error, CancelledError)) future.cancel(error.reason);
      else
        future._fail(
          error ||
            new RuntimeError(`the work threw ${String(error)}, which is no error`, {
              cause: error,
            }),
        );
    },
  );
}
