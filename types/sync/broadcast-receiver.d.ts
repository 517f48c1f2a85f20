import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import type { Step } from '../tasks/step-iterator.ts';
/** Options of `broadcast.subscribe`. */
export interface SubscribeOptions {
    /**
     * What happens after the receiver has missed items: `'throw'` (the default): the next receive
     * throws a LaggedError, once, and then continues with the oldest item left; `'skip'`: it
     * continues with that item at once, and `lagged` counts the missed ones.
     */
    lagged?: 'throw' | 'skip' | undefined;
}
/** The interface of a broadcast for its receivers. */
export interface BroadcastSource<T> {
    readonly closed: boolean;
}
/** Receives every item sent after it was created. Created by `broadcast.subscribe()`. */
export declare class BroadcastReceiver<T = unknown> {
    #private;
    private constructor();
    /** How many items are waiting to be received. */
    qsize(): number;
    /** How many items it has missed by being slow, in total. */
    get lagged(): number;
    /** Whether `close()` was called on this receiver. */
    get closed(): boolean;
    /**
     * Waits for the next item. Cancel-safe: a cancelled call takes no item.
     * @throws LaggedError, once, when items were missed; ChannelClosed at the end; AbortError when
     *   `signal` aborts
     */
    receive(options?: SignalOptions): Future<T>;
    /**
     * Returns the next item without waiting. @throws QueueEmpty when there is none yet; LaggedError;
     * ChannelClosed at the end
     */
    receiveNowait(): T;
    /**
     * Waits for the next item: `{ value }`, or `{ done: true }` at the end. Cancel-safe. @throws
     * LaggedError; AbortError when `signal` aborts
     */
    next(options?: SignalOptions): Future<Step<T>>;
    /**
     * Receives until the end. A new iteration may be started after a LaggedError, or after leaving
     * early.
     */
    [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined>;
    /**
     * Stops receiving: items it has not received are dropped, and senders no longer wait for it. A
     * second call does nothing.
     */
    close(): void;
    [Symbol.dispose](): void;
    toString(): string;
}
