import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
/** What senders send into. */
export interface Inlet<T> {
    sender(): Sender<T>;
}
/** One way into a channel or a broadcast, which ends when every sender is closed. */
export declare class Sender<T> {
    #private;
    private constructor();
    /** Whether `close()` was called on this sender. */
    get closed(): boolean;
    /**
     * Sends an item, after waiting for room. Cancel-safe: once cancelled, the item is not sent.
     * @throws ChannelClosed when this sender or what it sends into is closed
     */
    send(item: T, options?: SignalOptions): Future<void>;
    /** Sends an item at once. @throws QueueFull; ChannelClosed */
    sendNowait(item: T): void;
    /** Sends an item at once, or gives false when there is no room. @throws ChannelClosed */
    trySend(item: T): boolean;
    /** Another sender of the same, for another producer to close. @throws ChannelClosed */
    clone(): Sender<T>;
    /** Sends no more. When it was the last sender, receivers get what is left and then the end. */
    close(): void;
    [Symbol.dispose](): void;
    toString(): string;
}
