import type { Duration } from '../core/support/duration.ts';
import type { WalkWatch } from './scope-waits.ts';
import { ScopeRun } from './scope.ts';
import type { ScopeBody } from './scope.ts';
/** How a cancel scope is made. */
export interface CancelScopeOptions {
    /** Seconds on `loop.time()` at which it cancels itself; by default never. */
    deadline?: number | null | undefined;
    /** Whether cancels of the scopes around stay outside; false by default. */
    shield?: boolean | undefined;
}
/**
 * A part of a task that can be cancelled by itself: from then on every wait of the body fails. A
 * `TaskGroup` in it hands the cancel on to its tasks as it always does, once each, so that their
 * clean-up may wait (in trio it may not).
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
    /** Whether cancels of the scopes around stay outside. */
    shield: boolean;
    private constructor();
    /** Whether it was cancelled, by `cancel()` or its deadline. */
    get cancelCalled(): boolean;
    /** Whether the body ended by the scope's own cancel, which the scope has swallowed. */
    get cancelledCaught(): boolean;
    /** What was given to `cancel()`. */
    get reason(): unknown;
    /** Seconds on `loop.time()` at which it cancels itself, or null; may be changed at any time. */
    get deadline(): number | null;
    set deadline(when: number | null);
    /**
     * Cancels whatever the body waits for, and every wait that it begins from now on. Does not count
     * as a cancel of the task. Idempotent.
     */
    cancel(reason?: unknown): void;
    toString(): string;
    /**
     * Runs the body in a new scope and gives what it returns; undefined when the scope's own cancel
     * ended it. A cancel of the task, and of a scope around, passes through.
     *
     * @throws RuntimeError outside a task
     * @example yield* CancelScope.run({ shield: true }, function* () { yield* connection.close(); });
     */
    static run<T>(options: CancelScopeOptions, body: ScopeBody<CancelScope, T>): ScopeRun<T | undefined>;
}
/**
 * Runs the body for no longer than `delay`; gives what it returns, or undefined when the time was
 * over first.
 *
 * @param delay - seconds or a string with its unit; null: no limit
 * @example const page = yield* moveOnAfter('2s', function* () { return yield* load(); });
 */
export declare function moveOnAfter<T>(delay: Duration | null | undefined, body: ScopeBody<CancelScope, T>): ScopeRun<T | undefined>;
/**
 * The same, but it throws when the time is over.
 * @throws TimeoutError
 * @example const page = yield* failAfter('2s', function* () { return yield* load(); });
 */
export declare function failAfter<T>(delay: Duration | null | undefined, body: ScopeBody<CancelScope, T>): ScopeRun<T>;
