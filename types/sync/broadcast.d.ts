import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import { BroadcastReceiver } from './broadcast-receiver.ts';
import type { BroadcastSource, SubscribeOptions } from './broadcast-receiver.ts';
import { Sender } from './sender.ts';
import type { Inlet } from './sender.ts';
/** Options of `Broadcast`. */
export interface BroadcastOptions {
    /** How many items a receiver may be behind; 64 by default, Infinity for no limit. */
    maxsize?: number | undefined;
    /**
     * What happens when a receiver would fall further behind: `'lag'` (the default): it misses the
     * oldest items, and its next `receive()` throws a LaggedError; `'wait'`: senders wait for it.
     */
    overflow?: 'lag' | 'wait' | undefined;
}
/**
 * Sends items from any number of producers to any number of consumers; every consumer gets every
 * item sent after it subscribed. An item sent while nobody is subscribed is dropped. A broadcast
 * ends with `close()`, or when the last `sender()` closes: receivers get the items left, and then
 * their iteration ends.
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
    /** `'lag'`: slow receivers miss items; `'wait'`: senders wait for them. */
    readonly overflow: 'lag' | 'wait';
    /**
     * @throws RangeError when `maxsize` is not an integer of at least 1 (or Infinity), or `overflow`
     *   is unknown; TypeError when `maxsize` is not a number
     */
    constructor(maxsize?: number | BroadcastOptions, options?: Omit<BroadcastOptions, 'maxsize'>);
    /** How many receivers are subscribed. */
    get receivers(): number;
    /** Whether it is closed: nothing more can be sent. */
    get closed(): boolean;
    /** How many items are stored: those that some receiver has yet to receive. */
    qsize(): number;
    /**
     * Creates a receiver for what is sent from now on. Close it when it is no longer used: with
     * `overflow: 'wait'` senders would wait for it for ever.
     * @throws ChannelClosed
     */
    subscribe(options?: SubscribeOptions): BroadcastReceiver<T>;
    /** Creates a sender. Closing the last open sender closes the broadcast. @throws ChannelClosed */
    sender(): Sender<T>;
    /**
     * Sends an item to all subscribed receivers and returns how many those are. With `overflow:
     * 'wait'` it waits until the slowest has room. Cancel-safe: a cancelled call does not send the
     * item.
     * @throws ChannelClosed
     */
    send(item: T, options?: SignalOptions): Future<number>;
    /**
     * Sends an item without waiting, and returns how many receivers it went to.
     * @throws QueueFull with `overflow: 'wait'`, when the slowest has no room; ChannelClosed
     */
    sendNowait(item: T): number;
    /** Sends an item without waiting; returns false if there is no room. @throws ChannelClosed */
    trySend(item: T): boolean;
    /**
     * Ends the broadcast: receivers get the items left, then the end; waiting senders get
     * ChannelClosed. A second call does nothing.
     */
    close(): void;
    [Symbol.dispose](): void;
    toString(): string;
}
