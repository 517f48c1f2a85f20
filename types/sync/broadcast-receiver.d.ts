import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import type { Step } from '../tasks/step-iterator.ts';
/** How a receiver is made. */
export interface SubscribeOptions {
    /**
     * What a receiver that has lost items does: `'throw'` (the default) a LaggedError, once, before
     * it goes on with the oldest item that is left; `'skip'` goes on at once and only counts.
     */
    lagged?: 'throw' | 'skip' | undefined;
}
/** The side of a broadcast that its receivers talk to. */
export interface BroadcastSource<T> {
    readonly closed: boolean;
}
/** Gets every item that is sent after it was made. `broadcast.subscribe()` makes it. */
export declare class BroadcastReceiver<T = unknown> {
    #private;
    private constructor();
    /** How many items wait to be received. */
    qsize(): number;
    /** How many items it has lost by being slow, in all. */
    get lagged(): number;
    /** Whether `close()` was called on this receiver. */
    get closed(): boolean;
    /**
     * The next item. Cancel-safe: once cancelled, it takes none.
     * @throws LaggedError when items were lost before it, once; ChannelClosed at the end
     */
    receive(options?: SignalOptions): Future<T>;
    /** The next item at once. @throws QueueEmpty; LaggedError; ChannelClosed at the end */
    receiveNowait(): T;
    /** The next item, or `{ done: true }` at the end. Cancel-safe. @throws LaggedError */
    next(options?: SignalOptions): Future<Step<T>>;
    /** Receives until the end. It may be begun again after a LaggedError, or after leaving early. */
    [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined>;
    /** Receives no more: what it has not received is dropped, and nobody waits for it. */
    close(): void;
    [Symbol.dispose](): void;
    toString(): string;
}
