import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import { Sender } from './sender.ts';
import type { Inlet } from './sender.ts';
/** Options of `Channel`. */
export interface ChannelOptions {
    /** How many items it holds before `send()` waits; 1 by default, Infinity for no limit. */
    maxsize?: number | undefined;
}
/**
 * A bounded channel from any number of producers to any number of consumers: when the last sender
 * closes, consumers get the items left, and then their iteration ends.
 *
 * @example
 * const channel = new Channel<string>({ maxsize: 16 });
 * createTask(async () => {
 *   using sender = channel.sender();
 *   for (const line of lines) await sender.send(line);
 * });
 * for await (const line of channel) use(line);
 * @example
 * let step; // the generator lane
 * while (!(step = yield* channel.next()).done) use(step.value);
 */
export declare class Channel<T = unknown> implements Inlet<T> {
    #private;
    /** @throws RangeError when `maxsize` is less than 1; TypeError when it is not a number */
    constructor(maxsize?: number | ChannelOptions, options?: Omit<ChannelOptions, 'maxsize'>);
    /** How many items it holds before `send()` waits. */
    get maxsize(): number;
    /** How many items are waiting to be received. */
    qsize(): number;
    /** Whether it is closed: nothing more can be sent. */
    get closed(): boolean;
    /** Creates a sender. Closing the last open sender ends the channel. @throws ChannelClosed */
    sender(): Sender<T>;
    /**
     * Waits for the next item. Cancel-safe: a cancelled call takes no item. @throws ChannelClosed at
     * the end; AbortError when `signal` aborts
     */
    receive(options?: SignalOptions): Future<T>;
    /**
     * Returns the next item without waiting. @throws QueueEmpty when there is none yet; ChannelClosed
     * at the end
     */
    receiveNowait(): T;
    /**
     * Waits for the next item: `{ value }`, or `{ done: true }` at the end. Cancel-safe. @throws
     * AbortError when `signal` aborts
     */
    next(options?: SignalOptions): Future<IteratorResult<T, undefined>>;
    /** Receives until the end; leaving the iteration early leaves the channel open. */
    [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined>;
    /**
     * Closes it from the receiving side: items left are dropped, and sending throws ChannelClosed.
     */
    close(): void;
    [Symbol.dispose](): void;
    toString(): string;
}
