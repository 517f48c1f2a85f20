/**
 * Cancel scopes: cancelling a part of a task, persistently.
 *
 * `task.cancel()` is an event: the task may swallow it and keep waiting. A cancelled scope is a
 * state: every wait inside it fails, not only the first one, until the body has ended.
 */
import { coroutineKind } from '../core/task/coroutine.ts';
import { toDeadline, toInstant, toTimeout } from '../core/support/duration.ts';
import type { Duration } from '../core/support/duration.ts';
import { CancelledError, isA, RuntimeError, TimeoutError } from '../core/errors/errors.ts';
import type { Handle } from '../core/loop/handle.ts';
import { checkFlags, checkOptions } from '../core/support/options.ts';
import { getRunningLoop } from '../core/loop/current-loop.ts';
import { runningTask } from '../core/context/running.ts';
import { showsText } from '../core/support/shows-text.ts';
import type { Task } from '../core/task/task.ts';
import type { Watch } from '../core/task/task-extras.ts';
import type { Coro } from '../core/support/types.ts';
import { cancelWaits, ScopeWalk } from './scope-waits.ts';
import type { WalkWatch } from './scope-waits.ts';
import { checkBody, runBody, ScopeRun, startBody, withReasonOf } from './scope.ts';
import type { ScopeBody } from './scope.ts';

/** JavaScript has no private constructors: this key proves that the caller is this module. */
const MADE = Symbol('made by CancelScope.run');

/** Options of `CancelScope.run`. */
export interface CancelScopeOptions {
  /** The time, in seconds on `loop.time()`, at which it cancels itself; by default never. */
  deadline?: number | null | undefined;
  /** Whether the body is protected from cancels of the enclosing scopes; false by default. */
  shield?: boolean | undefined;
}

/**
 * A part of a task that can be cancelled separately: from then on every wait of the body fails. A
 * `TaskGroup` inside cancels its tasks as it always does, once each, so that their clean-up may
 * wait (in trio it may not).
 *
 * @example
 * const scope = yield* CancelScope.run({}, function* (scope) {
 *   onAbort(() => scope.cancel());
 *   yield* work();
 *   return scope;
 * });
 */
export class CancelScope implements WalkWatch {
  /** Whether the body is protected from cancels of the enclosing scopes. */
  shield: boolean;
  #deadline: number | null;
  #timer: Handle | null = null;
  #cancelled = false;
  #reason: unknown;
  #caught = false;
  /** The task that runs the body; null before and after. */
  #task: Task<any> | null = null;
  /** The enclosing scope. */
  #outer: Watch | null = null;
  /** How many scopes are nested directly in this one in the same task. */
  #within = 0;

  private constructor(deadline: number | null, shield: boolean, made?: typeof MADE) {
    if (made !== MADE) {
      throw new TypeError(
        'new CancelScope() makes none that could be entered; write ' +
          'CancelScope.run(options, function* (scope) { … }), which runs the body in one',
      );
    }
    this.#deadline = deadline;
    this.shield = shield;
  }

  /** Whether it was cancelled, by `cancel()` or by its deadline. */
  get cancelCalled(): boolean {
    return this.#cancelled;
  }

  /**
   * Whether the scope's own cancel ended the body; `run` then returned undefined (`failAfter`
   * threw).
   */
  get cancelledCaught(): boolean {
    return this.#caught;
  }

  /** The value given to `cancel()`; `'deadline'` when the deadline cancelled it. */
  get reason(): unknown {
    return this.#reason;
  }

  /**
   * The time, in seconds on `loop.time()`, at which it cancels itself; null for never. May be
   * changed at any time. @throws TypeError, RangeError when it is not such a time
   */
  get deadline(): number | null {
    return this.#deadline;
  }

  set deadline(when: number | null) {
    this.#deadline = when === null ? null : toInstant(when, 'deadline');
    this.#timer?.cancel();
    this.#timer = null;
    const loop = this.#task?.getLoop();
    if (loop === undefined || this.#cancelled) return;
    if (this.#deadline === null || this.#deadline === Infinity) return;
    const expire = (): void => this.cancel('deadline');
    // Never synchronously: a body that does not wait is not cancelled.
    this.#timer =
      this.#deadline <= loop.time() ? loop.callSoon(expire) : loop.callAt(this.#deadline, expire);
  }

  /**
   * Cancels whatever the body is waiting for, and every wait that it begins from now on.
   * `task.cancelling()` does not count it. A second call does nothing.
   */
  cancel(reason?: unknown): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#reason = reason;
    this.#timer?.cancel();
    this.#timer = null;
    if (this.#task !== null) cancelWaits(this.#task);
  }

  toString(): string {
    const state = this.#caught ? 'cancelled caught' : this.#cancelled ? 'cancelled' : 'active';
    const deadline = this.#deadline === null ? '' : ` deadline=${this.#deadline}`;
    return `<CancelScope ${state}${deadline}${this.shield ? ' shield' : ''}>`;
  }

  /**
   * Runs the body in a new scope. Returns what the body returns, or undefined when the scope's own
   * cancel ended it. A cancel of the task, or of an enclosing scope, is thrown.
   *
   * @throws what the body throws; RuntimeError outside a task; TypeError, RangeError for wrong
   *   arguments
   * @example yield* CancelScope.run({ shield: true }, function* () { yield* connection.close(); });
   */
  static run<T>(
    options: CancelScopeOptions,
    body: ScopeBody<CancelScope, T>,
  ): ScopeRun<T | undefined> {
    checkOptions('CancelScope.run()', options, ['deadline', 'shield']);
    checkFlags('CancelScope.run()', options, ['shield']);
    const { deadline, shield = false } = options;
    const when = toDeadline(deadline, 'deadline');
    return CancelScope._run('CancelScope.run()', body, () => when, shield, false);
  }

  /** @internal */
  static _run<T>(
    where: string,
    body: ScopeBody<CancelScope, T>,
    deadline: () => number | null,
    shield: boolean,
    fails: boolean,
  ): ScopeRun<T | undefined> {
    checkBody(where, body);
    const caller = runningTask<Task<any>>();
    return new ScopeRun(() => CancelScope.#enter(where, body, caller, deadline, shield, fails));
  }

  /** A single generator, for the reason given at `runBody`. */
  static *#enter<T>(
    where: string,
    body: ScopeBody<CancelScope, T>,
    caller: Task<any> | null,
    deadline: () => number | null,
    shield: boolean,
    fails: boolean,
  ): Coro<T | undefined> {
    const scope = new CancelScope(deadline(), shield, MADE);
    const task = runningTask<Task<any>>();
    if (task === null) throw new RuntimeError('CancelScope should be used inside a task');
    scope.#push(task, caller);
    const cancelling = task.cancelling();
    try {
      return yield* coroutineKind(body, true) === 'generator'
        ? new ScopeWalk(startBody(where, body, scope), scope, task)
        : runBody(where, body, scope);
    } catch (error) {
      // When an enclosing scope is cancelled too, the error belongs to that one, as in asyncio's
      // timeouts and trio's scopes: otherwise a failAfter inside would throw a TimeoutError
      // although the enclosing moveOnAfter was to continue quietly.
      if (!scope.#cancelled || !isA(error, CancelledError)) throw error;
      if (task.cancelling() > cancelling) throw withReasonOf(task, error, scope.#reason);
      if (scope.#cancellationAround() !== null) throw error;
      scope.#caught = true;
      if (fails) throw new TimeoutError();
      return undefined;
    } finally {
      scope.#pop(task);
    }
  }

  /** @param caller - the task that made the scope, which need not be the one that awaits it */
  #push(task: Task<any>, caller: Task<any> | null): void {
    const rare = task._makeExtras();
    this.#outer = rare.watch ?? caller?._extras?.watch ?? null;
    if (this.#outer instanceof CancelScope && this.#outer.#task === task) this.#outer.#within++;
    rare.watch = this;
    this.#task = task;
    this.deadline = this.#deadline;
  }

  #pop(task: Task<any>): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#task = null;
    task._makeExtras().watch = this.#outer;
    if (this.#outer instanceof CancelScope && this.#outer.#task === task) this.#outer.#within--;
  }

  /** @internal */
  _delegates(): boolean {
    return this.#within > 0;
  }

  /** @internal */
  _cancellation(now: number = -Infinity): { reason: unknown; error(): Error } | null {
    let scope: CancelScope = this;
    while (!scope.#cancelled) {
      if (scope.#deadline !== null && scope.#deadline <= now) {
        scope.cancel('deadline');
        break;
      }
      if (scope.shield || !(scope.#outer instanceof CancelScope)) return null;
      scope = scope.#outer;
    }
    const reason = scope.#reason;
    return { reason, error: () => new CancelledError(reason) };
  }

  #cancellationAround(): { reason: unknown; error(): Error } | null {
    return this.shield || this.#outer === null ? null : this.#outer._cancellation();
  }
}

/**
 * Runs the body for at most `delay`. Returns what it returns, or undefined when it was cancelled
 * because the time was over.
 *
 * @param delay - seconds, or a string with a unit; null: no limit. It counts from when the call is
 *   awaited
 * @throws what the body throws; RuntimeError outside a task; TypeError, RangeError for wrong
 *   arguments
 * @example const page = yield* moveOnAfter('2s', function* () { return yield* load(); });
 */
export function moveOnAfter<T>(
  delay: Duration | null | undefined,
  body: ScopeBody<CancelScope, T>,
): ScopeRun<T | undefined> {
  return CancelScope._run('moveOnAfter()', body, deadlineIn(delay), false, false);
}

/**
 * The same, but throws when the time is over.
 * @throws TimeoutError; and as `moveOnAfter`
 * @example const page = yield* failAfter('2s', function* () { return yield* load(); });
 */
export function failAfter<T>(
  delay: Duration | null | undefined,
  body: ScopeBody<CancelScope, T>,
): ScopeRun<T> {
  const run = CancelScope._run('failAfter()', body, deadlineIn(delay), false, true);
  return run as ScopeRun<T>;
}

function deadlineIn(delay: Duration | null | undefined): () => number | null {
  const seconds = toTimeout(delay, 'delay');
  return () => (seconds === null ? null : getRunningLoop().time() + seconds);
}

showsText(CancelScope);
