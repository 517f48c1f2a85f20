import type { Future } from '../../core/future/future.ts';
import type { SignalOptions } from '../../tasks/abort.ts';
import type { LineSource } from './response-lines.ts';
/** An event that a server has sent. */
export interface ServerSentEvent {
    /** `'message'` unless the server says another. */
    readonly event: string;
    readonly data: string;
    /** The last id that the server has given, '' for none: to be sent as `Last-Event-ID`. */
    readonly id: string;
}
/**
 * The events of a `text/event-stream`, as WHATWG has it: `read()` in both lanes, or `for await`.
 *
 * @example
 * const response = yield* session.get('/events', { timeout: null });
 * const events = response.sse();
 * for (let event; (event = yield* events.read()) !== null;) console.log(event.event, event.data);
 */
export declare class EventStream {
    #private;
    /** Made by the response only. */
    constructor(source: LineSource, limit: number, lastEventId?: string);
    /** The last id that the server has given; '' for none. */
    get lastEventId(): string;
    /** Seconds that the server wants us to wait before we come again; null when it has not said. */
    get retry(): number | null;
    /**
     * The next event, or null after the last. A cancelled read loses nothing.
     * @throws (awaited) ClientPayloadError for an event that is too large; AbortError when `signal`
     * aborts, by which nothing is lost; as `body.read()`
     */
    read(options?: SignalOptions): Future<ServerSentEvent | null>;
    /** Leaving the loop early gives the rest up, as `release()` of the response does. */
    [Symbol.asyncIterator](): AsyncIterableIterator<ServerSentEvent>;
    toString(): string;
}
