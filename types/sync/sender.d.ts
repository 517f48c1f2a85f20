import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
/** The interface of a channel or broadcast for its senders. */
export interface Inlet<T> {
    sender(): Sender<T>;
}
/** A sender of a channel or broadcast, which ends when every sender is closed. */
export declare class Sender<T> {
    #private;
    private constructor();
    /** Whether `close()` was called on this sender. */
    get closed(): boolean;
    /**
     * Sends an item, waiting for room if necessary. Cancel-safe: after a cancel the item is not sent.
     * @throws ChannelClosed when this sender, its channel or broadcast is closed; AbortError when
     *   `signal` aborts
     */
    send(item: T, options?: SignalOptions): Future<void>;
    /** Sends an item without waiting. @throws QueueFull when there is no room; ChannelClosed */
    sendNowait(item: T): void;
    /** Sends an item without waiting; returns false if there is no room. @throws ChannelClosed */
    trySend(item: T): boolean;
    /**
     * Another sender for the same channel or broadcast, which another producer can close. @throws
     * ChannelClosed
     */
    clone(): Sender<T>;
    /**
     * Stops sending. If it was the last sender, receivers get the items left, then the end. A second
     * call does nothing.
     */
    close(): void;
    [Symbol.dispose](): void;
    toString(): string;
}
