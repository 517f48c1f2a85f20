import type { Duration } from '../core/support/duration.ts';
import type { WalkWatch } from './scope-waits.ts';
import { ScopeRun } from './scope.ts';
import type { ScopeBody } from './scope.ts';
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
export declare class CancelScope implements WalkWatch {
    #private;
    /** Whether the body is protected from cancels of the enclosing scopes. */
    shield: boolean;
    private constructor();
    /** Whether it was cancelled, by `cancel()` or by its deadline. */
    get cancelCalled(): boolean;
    /**
     * Whether the scope's own cancel ended the body; `run` then returned undefined (`failAfter`
     * threw).
     */
    get cancelledCaught(): boolean;
    /** The value given to `cancel()`; `'deadline'` when the deadline cancelled it. */
    get reason(): unknown;
    /**
     * The time, in seconds on `loop.time()`, at which it cancels itself; null for never. May be
     * changed at any time. @throws TypeError, RangeError when it is not such a time
     */
    get deadline(): number | null;
    set deadline(when: number | null);
    /**
     * Cancels whatever the body is waiting for, and every wait that it begins from now on.
     * `task.cancelling()` does not count it. A second call does nothing.
     */
    cancel(reason?: unknown): void;
    toString(): string;
    /**
     * Runs the body in a new scope. Returns what the body returns, or undefined when the scope's own
     * cancel ended it. A cancel of the task, or of an enclosing scope, is thrown.
     *
     * @throws what the body throws; RuntimeError outside a task; TypeError, RangeError for wrong
     *   arguments
     * @example yield* CancelScope.run({ shield: true }, function* () { yield* connection.close(); });
     */
    static run<T>(options: CancelScopeOptions, body: ScopeBody<CancelScope, T>): ScopeRun<T | undefined>;
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
export declare function moveOnAfter<T>(delay: Duration | null | undefined, body: ScopeBody<CancelScope, T>): ScopeRun<T | undefined>;
/**
 * The same, but throws when the time is over.
 * @throws TimeoutError; and as `moveOnAfter`
 * @example const page = yield* failAfter('2s', function* () { return yield* load(); });
 */
export declare function failAfter<T>(delay: Duration | null | undefined, body: ScopeBody<CancelScope, T>): ScopeRun<T>;
