/** Running a body with a deadline. */
import { toDeadline, toTimeout } from '../core/support/duration.ts';
import type { Duration } from '../core/support/duration.ts';
import { CancelledError, isA, RuntimeError, TimeoutError } from '../core/errors/errors.ts';
import type { Handle } from '../core/loop/handle.ts';
import { getRunningLoop } from '../core/loop/current-loop.ts';
import { runningTask } from '../core/context/running.ts';
import { showsText } from '../core/support/shows-text.ts';
import type { Task } from '../core/task/task.ts';
import type { Coro } from '../core/support/types.ts';
import { checkBody, runBody, ScopeRun, withReasonOf } from './scope.ts';
import type { ScopeBody } from './scope.ts';
import { outcomeOnItsWay } from './scope-waits.ts';

type State = 'created' | 'active' | 'expiring' | 'expired' | 'finished';

/**
 * The scope that is passed to the body of a timeout.
 *
 * @example
 * yield* timeout('2s', function* (scope) {
 *   while (yield* step()) scope.reschedule(loop.time() + 2); // two seconds for each step
 * });
 */
export class Timeout {
  #state: State = 'created';
  #when: number | null;
  #task: Task<any> | null = null;
  #cancelling = 0;
  #handle: Handle | null = null;

  /** @internal */
  constructor(when: number | null) {
    this.#when = when;
  }

  /** The deadline in seconds on `loop.time()`, or null when there is none. */
  when(): number | null {
    return this.#when;
  }

  /** Whether the deadline passed while the body was running. */
  expired(): boolean {
    return this.#state === 'expiring' || this.#state === 'expired';
  }

  /**
   * Changes the deadline; null removes it.
   * @param when - seconds on `loop.time()`
   * @throws RuntimeError unless the body is running and the deadline has not passed; TypeError,
   *   RangeError when `when` is not such a time
   */
  reschedule(when: number | null | undefined): void {
    if (this.#state !== 'active') {
      throw new RuntimeError(`Cannot change state of ${this.#state} Timeout`);
    }
    this.#when = toDeadline(when);
    this.#handle?.cancel();
    this.#handle = null;
    if (this.#when === null) return;
    const loop = this.#task!.getLoop();
    const expire = (): void => this.#expire();
    // Never synchronously: a body that does not wait is not timed out.
    this.#handle =
      this.#when <= loop.time() ? loop.callSoon(expire) : loop.callAt(this.#when, expire);
  }

  #expire(): void {
    if (outcomeOnItsWay(this.#task!)) {
      this.#handle = this.#task!.getLoop().callSoon(() => this.#expire());
      return;
    }
    this.#state = 'expiring';
    this.#handle = null;
    this.#task!.cancel();
  }

  toString(): string {
    const when = this.#when === null ? '' : ` when=${this.#when}`;
    return `<Timeout [${this.#state}]${this.#state === 'active' ? when : ''}>`;
  }

  /** @internal */
  _enter(): void {
    const task = runningTask<Task<any>>();
    if (task === null) throw new RuntimeError('Timeout should be used inside a task');
    this.#task = task;
    this.#cancelling = task.cancelling();
    this.#state = 'active';
    this.reschedule(this.#when);
  }

  /** @internal The body has ended. @returns the error to throw in place of `error` */
  _exit(error: unknown): unknown {
    this.#handle?.cancel();
    this.#handle = null;
    if (this.#state !== 'expiring') {
      this.#state = 'finished';
      return error;
    }
    this.#state = 'expired';
    // The cancel is the timeout's own only if nobody else has requested one meanwhile.
    const own = this.#task!.uncancel() <= this.#cancelling;
    if (!isA(error, CancelledError)) return error;
    return own ? new TimeoutError(undefined, { cause: error }) : withReasonOf(this.#task!, error);
  }
}

/**
 * Runs `body` for at most `delay`: then it is cancelled, and a TimeoutError is thrown. The body
 * gets the scope, to read or change the deadline.
 *
 * @param delay - seconds, or a string with a unit, from when the call is awaited; null: no deadline
 *   until `reschedule`
 * @throws TimeoutError; RuntimeError outside a task
 * @example
 * yield* timeout('2s', function* (scope) { return yield* reader.read(); });
 * @example
 * await timeout(2, async () => (await reader.read()));
 */
export function timeout<T>(
  delay: Duration | null | undefined,
  body: ScopeBody<Timeout, T>,
): ScopeRun<T> {
  checkBody('timeout()', body);
  const seconds = toTimeout(delay, 'delay');
  return new ScopeRun(() =>
    enter(
      'timeout()',
      body,
      () => new Timeout(seconds === null ? null : getRunningLoop().time() + seconds),
    ),
  );
}

/**
 * The same with an absolute deadline.
 *
 * @param when - seconds on `loop.time()`; null: no deadline until `reschedule`
 * @throws TimeoutError; RuntimeError outside a task
 * @example
 * const end = getRunningLoop().time() + 2;
 * for (const url of urls) yield* timeoutAt(end, () => load(url)); // two seconds for all
 */
export function timeoutAt<T>(
  when: number | null | undefined,
  body: ScopeBody<Timeout, T>,
): ScopeRun<T> {
  checkBody('timeoutAt()', body);
  const deadline = toDeadline(when);
  return new ScopeRun(() => enter('timeoutAt()', body, () => new Timeout(deadline)));
}

function* enter<T>(where: string, body: ScopeBody<Timeout, T>, make: () => Timeout): Coro<T> {
  const scope = make();
  scope._enter();
  let result: T;
  try {
    result = yield* runBody(where, body, scope);
  } catch (error) {
    throw scope._exit(error);
  }
  scope._exit(undefined);
  return result;
}

showsText(Timeout);
