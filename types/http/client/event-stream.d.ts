import type { Future } from '../../core/future/future.ts';
import type { SignalOptions } from '../../tasks/abort.ts';
import type { LineSource } from './response-lines.ts';
/** An event sent by a server. */
export interface ServerSentEvent {
    /** The type; `'message'` unless the server names another. */
    readonly event: string;
    /** The data; several `data` lines are joined with newlines. */
    readonly data: string;
    /** The last id sent by the server, '' for none; to be sent as `Last-Event-ID`. */
    readonly id: string;
}
/**
 * The events of a `text/event-stream`, parsed as WHATWG specifies. Read with `read()`, in both
 * lanes, or with `for await`.
 *
 * @example
 * const response = yield* session.get('/events', { timeout: null });
 * const events = response.sse();
 * for (let event; (event = yield* events.read()) !== null;) console.log(event.event, event.data);
 */
export declare class EventStream {
    #private;
    /** Created by the response only. */
    constructor(source: LineSource, limit: number, lastEventId?: string);
    /** The last id sent by the server; '' for none. */
    get lastEventId(): string;
    /** Seconds to wait before reconnecting, as asked by the server; null when it has not. */
    get retry(): number | null;
    /**
     * The next event, or null after the last. Cancel-safe: a cancelled read loses nothing.
     * @throws (awaited) ClientPayloadError for an event that is too large; AbortError when `signal`
     *   aborts, with nothing lost; otherwise as `body.read()`
     */
    read(options?: SignalOptions): Future<ServerSentEvent | null>;
    /** Leaving the loop early discards the rest, like `release()` of the response. */
    [Symbol.asyncIterator](): AsyncIterableIterator<ServerSentEvent>;
    toString(): string;
}
