import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
/**
 * A flag that tasks wait for. `set()` wakes all waiting tasks, even if `clear()` follows at once.
 *
 * @example
 * const started = new Event();
 * createTask(function* () { yield* started.wait(); … });
 * started.set();
 */
export declare class Event {
    #private;
    /** Whether the flag is set; `wait()` then does not wait. */
    isSet(): boolean;
    /** Sets the flag and wakes all waiting tasks. */
    set(): void;
    /** Clears the flag: from now on `wait()` waits. */
    clear(): void;
    /**
     * Waits until the flag is set; returns true. Cancel-safe.
     * @throws RuntimeError when tasks of another loop wait for it; AbortError when `signal` aborts
     */
    wait(options?: SignalOptions): Future<true>;
    toString(): string;
}
