import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import type { Step } from '../tasks/step-iterator.ts';
/** How a receiver is made. */
export interface WatchOptions {
    /** Whether the value of now counts as new, so that it is given first; false by default. */
    current?: boolean | undefined;
}
/** Sees the values of a watch, the latest at a time. `watch.subscribe()` makes it. */
export declare class WatchReceiver<T = unknown> {
    #private;
    private constructor();
    /** The latest value, which counts as seen from now on. */
    get(): T;
    /** Whether there is a value that it has not seen. */
    hasChanged(): boolean;
    /**
     * Waits until there is a value that it has not seen, and gives the latest one, which counts as
     * seen then. Cancel-safe: once cancelled, the value is still unseen. Several who wait on one
     * receiver all get the same change.
     * @throws ChannelClosed when the watch was closed and the latest value has been seen
     */
    changed(options?: SignalOptions): Future<T>;
    /** As `changed()`, but gives `{ done: true }` when the watch was closed. Cancel-safe. */
    next(options?: SignalOptions): Future<Step<T>>;
    /** What it has not seen, until the watch is closed; values that came too fast are left out. */
    [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined>;
    toString(): string;
}
/**
 * A value that tasks watch: configuration, a state, progress. Only the latest value counts; who
 * looks late does not get the ones in between.
 *
 * @example
 * const level = new Watch('info');
 * createTask(async () => {
 *   for await (const name of level) console.log('now', name); // 'info' at once, then every change
 * });
 * level.set('debug');
 * @example
 * const receiver = level.subscribe();
 * const name = yield* receiver.changed();
 */
export declare class Watch<T = unknown> {
    #private;
    /** @param initial - the value before the first `set()` */
    constructor(initial: T);
    /** The latest value; also once it is closed. */
    get(): T;
    /** Whether it can be set no more. */
    get closed(): boolean;
    /** Sets the value and wakes all who wait; the same value counts too. @throws ChannelClosed */
    set(value: T): void;
    /**
     * Sets the value that the function makes of the latest one, and gives it.
     * @throws ChannelClosed; what the function throws, and nothing has changed then
     */
    update(change: (value: T) => T): T;
    /** Waits for the next `set()` from now on, and gives the latest value. @throws ChannelClosed */
    changed(options?: SignalOptions): Future<T>;
    /** A receiver that has seen the value of now, or with `current: true` has not. */
    subscribe(options?: WatchOptions): WatchReceiver<T>;
    /** The value of now, and then the changes, until it is closed. */
    [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined>;
    /** Ends it: receivers see the latest value if they have not yet, and then the end. Idempotent. */
    close(): void;
    [Symbol.dispose](): void;
    toString(): string;
}
