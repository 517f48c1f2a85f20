import type { Duration } from '../core/support/duration.ts';
import { ScopeRun } from './scope.ts';
import type { ScopeBody } from './scope.ts';
/**
 * The scope that is passed to the body of a timeout.
 *
 * @example
 * yield* timeout('2s', function* (scope) {
 *   while (yield* step()) scope.reschedule(loop.time() + 2); // two seconds for each step
 * });
 */
export declare class Timeout {
    #private;
    private constructor();
    /** The deadline in seconds on `loop.time()`, or null when there is none. */
    when(): number | null;
    /** Whether the deadline passed while the body was running. */
    expired(): boolean;
    /**
     * Changes the deadline; null removes it.
     * @param when - seconds on `loop.time()`
     * @throws RuntimeError unless the body is running and the deadline has not passed; TypeError,
     *   RangeError when `when` is not such a time
     */
    reschedule(when: number | null | undefined): void;
    toString(): string;
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
export declare function timeout<T>(delay: Duration | null | undefined, body: ScopeBody<Timeout, T>): ScopeRun<T>;
/**
 * The same with an absolute deadline.
 *
 * @param when - seconds on `loop.time()`; null: no deadline until `reschedule`
 * @throws TimeoutError; RuntimeError outside a task
 * @example
 * const end = getRunningLoop().time() + 2;
 * for (const url of urls) yield* timeoutAt(end, () => load(url)); // two seconds for all
 */
export declare function timeoutAt<T>(when: number | null | undefined, body: ScopeBody<Timeout, T>): ScopeRun<T>;
