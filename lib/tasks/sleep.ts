/** Waiting for a length of time. */
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { toSeconds } from '../core/support/duration.ts';
import type { Duration } from '../core/support/duration.ts';
import { DONE, Future, PENDING } from '../core/future/future.ts';
import type { TimerHandle } from '../core/loop/handle.ts';
import { checkOptions } from '../core/support/options.ts';
import { loopFor } from '../core/context/running.ts';
import { Task } from '../core/task/task.ts';
import type { Runnable } from '../native/rings.ts';
import { abortWith, SIGNAL } from './abort.ts';
import type { SignalOptions } from './abort.ts';

/** A future that a timer settles; cancelling it cancels the timer. */
class Sleep<T> extends Future<T> {
  #timer: TimerHandle | undefined;

  constructor(loop: AbstractEventLoop, seconds: number, result: T) {
    super({ loop });
    this.#timer = loop.callLater(seconds, wake, this, result);
  }

  override _settle(state: number, value: unknown): void {
    this.#timer!.cancel();
    super._settle(state, value);
  }
}

function wake<T>(future: Sleep<T>, result: T): void {
  if (!future.done()) future.setResult(result);
}

/**
 * A future that is done in the next turn. If a single task waits for it, that task resumes in the
 * same turn instead of one later, so that `sleep(0)` takes exactly one turn.
 */
class NextTurn<T> extends Future<T> implements Runnable {
  readonly #result: T;

  constructor(loop: AbstractEventLoop, result: T) {
    super({ loop });
    this.#result = result;
    loop._enqueue(this);
  }

  _run(): void {
    if (this._state !== PENDING) return;
    const waiter = this._waiter;
    if (!(waiter instanceof Task) || waiter._loop !== this._loop) {
      this.setResult(this.#result);
      return;
    }
    this._waiter = null;
    this._settle(DONE, this.#result);
    waiter._run();
  }
}

/**
 * Waits for `delay`. The time counts from the call, not from the await, and the wait is never
 * shorter. Cancel-safe.
 *
 * @param delay - seconds, or a string with a unit (`'250ms'`); 0 or less waits one turn
 * @param result - the value that the sleep returns
 * @param options - `signal`: aborting it makes the sleep fail with an AbortError
 * @throws TypeError, RangeError when `delay` is not a duration; RuntimeError when no loop is
 *   running
 * @example yield* sleep('250ms');
 */
export function sleep(delay: Duration): Future<void>;
export function sleep<T>(delay: Duration, result: T, options?: SignalOptions): Future<T>;
export function sleep(
  delay: Duration,
  result?: unknown,
  options: SignalOptions = {},
): Future<unknown> {
  checkOptions('sleep()', options, SIGNAL);
  const seconds = toSeconds(delay);
  const loop = loopFor<AbstractEventLoop>('sleep()');
  const future = seconds > 0 ? new Sleep(loop, seconds, result) : new NextTurn(loop, result);
  return abortWith(future, options.signal);
}
