import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import { BroadcastReceiver } from './broadcast-receiver.ts';
import type { BroadcastSource, SubscribeOptions } from './broadcast-receiver.ts';
import { Sender } from './sender.ts';
import type { Inlet } from './sender.ts';
/** How a broadcast is made. */
export interface BroadcastOptions {
    /** How many items a receiver may be behind; 64 by default, Infinity for any number. */
    maxsize?: number | undefined;
    /**
     * What happens to a receiver that is further behind: `'lag'` (the default) takes the oldest items
     * from it, and its next `receive()` throws a LaggedError; `'wait'` makes senders wait for it.
     */
    overflow?: 'lag' | 'wait' | undefined;
}
/**
 * A way from many producers to many consumers in which every consumer gets every item that is sent
 * after it subscribed. What is sent while nobody has subscribed is gone. It ends with `close()`, or
 * when the last `sender()` closes: receivers get what is left, and then their iteration ends.
 *
 * @example
 * const prices = new Broadcast<number>({ maxsize: 100 });
 * createTask(async () => {
 *   using receiver = prices.subscribe();
 *   for await (const price of receiver) show(price);
 * });
 * yield* prices.send(17);
 */
export declare class Broadcast<T = unknown> implements Inlet<T>, BroadcastSource<T> {
    #private;
    /** How many items a receiver may be behind. */
    readonly maxsize: number;
    /** `'lag'`: slow receivers lose items; `'wait'`: senders wait for them. */
    readonly overflow: 'lag' | 'wait';
    /** @throws RangeError when `maxsize` is no integer of at least 1, or `overflow` is unknown */
    constructor(maxsize?: number | BroadcastOptions, options?: Omit<BroadcastOptions, 'maxsize'>);
    /** How many have subscribed. */
    get receivers(): number;
    /** Whether nothing can be sent any more. */
    get closed(): boolean;
    /** How many items some receiver has still to receive. */
    qsize(): number;
    /**
     * A receiver of what is sent from now on. Close it when it is not used any more: with `overflow:
     * 'wait'` senders would wait for it for ever.
     * @throws ChannelClosed
     */
    subscribe(options?: SubscribeOptions): BroadcastReceiver<T>;
    /** A new way in: when the last one is closed, the broadcast is. @throws ChannelClosed */
    sender(): Sender<T>;
    /**
     * Sends an item to everybody who has subscribed, and gives how many those are. With `overflow:
     * 'wait'` it waits until the slowest has room. Cancel-safe: once cancelled, it is not sent.
     * @throws ChannelClosed
     */
    send(item: T, options?: SignalOptions): Future<number>;
    /**
     * Sends an item at once, and gives how many it went to.
     * @throws QueueFull with `overflow: 'wait'`, when the slowest has no room; ChannelClosed
     */
    sendNowait(item: T): number;
    /** Sends an item at once, or gives false when there is no room. @throws ChannelClosed */
    trySend(item: T): boolean;
    /** Sends no more: receivers get what is left and then the end. Idempotent. */
    close(): void;
    [Symbol.dispose](): void;
    toString(): string;
}
