import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import { Sender } from './sender.ts';
import type { Inlet } from './sender.ts';
/** How a channel is made. */
export interface ChannelOptions {
    /** How many items it holds before `send()` waits; 1 by default, Infinity for any number. */
    maxsize?: number | undefined;
}
/**
 * A bounded way from many producers to many consumers that knows its end: when the last sender
 * closes, consumers get what is left, and then their iteration ends.
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
    /** @throws RangeError when `maxsize` is less than 1 */
    constructor(maxsize?: number | ChannelOptions, options?: Omit<ChannelOptions, 'maxsize'>);
    /** How many items it holds before `send()` waits. */
    get maxsize(): number;
    /** How many items wait to be received. */
    qsize(): number;
    /** Whether nothing can be sent any more. */
    get closed(): boolean;
    /** A new way in. @throws ChannelClosed */
    sender(): Sender<T>;
    /** The next item. Cancel-safe. @throws ChannelClosed at the end */
    receive(options?: SignalOptions): Future<T>;
    /** The next item at once. @throws QueueEmpty; ChannelClosed at the end */
    receiveNowait(): T;
    /** The next item, or `{ done: true }` at the end. Cancel-safe. */
    next(options?: SignalOptions): Future<IteratorResult<T, undefined>>;
    /** Receives until the end; leaving the iteration early leaves the channel open. */
    [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined>;
    /** The receiver goes away: what is left is dropped, and sending throws ChannelClosed. */
    close(): void;
    [Symbol.dispose](): void;
    toString(): string;
}
