import type { Duration } from '../core/support/duration.ts';
import { ScopeRun } from './scope.ts';
import type { ScopeBody } from './scope.ts';
/**
 * The scope that a timeout's body is handed.
 *
 * @example
 * yield* timeout('2s', function* (scope) {
 *   while (yield* step()) scope.reschedule(loop.time() + 2); // two seconds for each step
 * });
 */
export declare class Timeout {
    #private;
    private constructor();
    /** The deadline in seconds on `loop.time()`, or null. */
    when(): number | null;
    /** Whether the deadline has passed while the body ran. */
    expired(): boolean;
    /**
     * Moves the deadline; null takes it away.
     * @param when - seconds on `loop.time()`
     * @throws RuntimeError unless the body is running and the deadline has not passed
     */
    reschedule(when: number | null | undefined): void;
    toString(): string;
}
/**
 * Runs `body`, but no longer than `delay`: then it is cancelled, and a TimeoutError is thrown. The
 * body is handed the scope, to move the deadline or to ask about it.
 *
 * @param delay - seconds, or a string with its unit; null: no deadline until `reschedule`
 * @throws TimeoutError; RuntimeError outside a task
 * @example
 * yield* timeout('2s', function* (scope) { return yield* reader.read(); });
 * @example
 * await timeout(2, async () => (await reader.read()));
 */
export declare function timeout<T>(delay: Duration | null | undefined, body: ScopeBody<Timeout, T>): ScopeRun<T>;
/**
 * The same with a deadline in seconds on `loop.time()`.
 *
 * @param when - null: no deadline until `reschedule`
 * @throws TimeoutError; RuntimeError outside a task
 * @example
 * const end = getRunningLoop().time() + 2;
 * for (const url of urls) yield* timeoutAt(end, () => load(url)); // two seconds for all
 */
export declare function timeoutAt<T>(when: number | null | undefined, body: ScopeBody<Timeout, T>): ScopeRun<T>;
