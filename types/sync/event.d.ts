import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
/**
 * A flag that tasks wait for. `set()` wakes all who wait, also when `clear()` follows at once.
 *
 * @example
 * const started = new Event();
 * createTask(function* () { yield* started.wait(); … });
 * started.set();
 */
export declare class Event {
    #private;
    /** Whether it is set: `wait()` returns at once then. */
    isSet(): boolean;
    /** Sets the flag and wakes everybody who waits for it. */
    set(): void;
    /** Takes the flag back: from now on `wait()` waits. */
    clear(): void;
    /**
     * Waits until the flag is set; gives true. Cancel-safe.
     * @throws RuntimeError when tasks of another loop wait for it
     */
    wait(options?: SignalOptions): Future<true>;
    toString(): string;
}
