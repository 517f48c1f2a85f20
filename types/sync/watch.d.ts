import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import type { Step } from '../tasks/step-iterator.ts';
/** Options of `watch.subscribe`. */
export interface WatchOptions {
    /**
     * Whether the current value counts as new, so that the receiver gets it first; false by default.
     */
    current?: boolean | undefined;
}
/** Receives the values of a watch, always the latest one. Created by `watch.subscribe()`. */
export declare class WatchReceiver<T = unknown> {
    #private;
    private constructor();
    /** The latest value, which counts as seen from now on. */
    get(): T;
    /** Whether the latest value has not been seen. */
    hasChanged(): boolean;
    /**
     * Waits until there is a value that it has not seen, and returns the latest one, which then
     * counts as seen. Cancel-safe: after a cancel the value is still unseen. Several waits on one
     * receiver all get the same change.
     * @throws ChannelClosed when the watch is closed and the latest value has been seen; AbortError
     *   when `signal` aborts
     */
    changed(options?: SignalOptions): Future<T>;
    /**
     * Like `changed()`, but returns `{ value }`, or `{ done: true }` when the watch is closed.
     * Cancel-safe.
     */
    next(options?: SignalOptions): Future<Step<T>>;
    /**
     * Iterates over unseen values until the watch is closed; values replaced before they were seen
     * are skipped.
     */
    [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined>;
    toString(): string;
}
/**
 * A value that tasks watch: configuration, a state, progress. Only the latest value matters; a slow
 * receiver does not get the ones in between.
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
    /** The latest value, also after `close()`. */
    get(): T;
    /** Whether it is closed: it can no longer be set. */
    get closed(): boolean;
    /**
     * Sets the value and wakes all waiting tasks, even if the value is the same. @throws
     * ChannelClosed
     */
    set(value: T): void;
    /**
     * Sets the value that the function returns for the latest value, and returns it.
     * @throws ChannelClosed; TypeError when `change` is not a function; what the function throws, and
     *   the value is then unchanged
     */
    update(change: (value: T) => T): T;
    /**
     * Waits for the next `set()` from now on, and returns the latest value. Cancel-safe. @throws
     * ChannelClosed; AbortError when `signal` aborts
     */
    changed(options?: SignalOptions): Future<T>;
    /**
     * Creates a receiver that counts the current value as seen, or with `current: true` as unseen.
     */
    subscribe(options?: WatchOptions): WatchReceiver<T>;
    /** Iterates over the current value and then the changes, until it is closed. */
    [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined>;
    /**
     * Closes it: receivers get the latest value if they have not seen it, then the end. A second call
     * does nothing.
     */
    close(): void;
    [Symbol.dispose](): void;
    toString(): string;
}
