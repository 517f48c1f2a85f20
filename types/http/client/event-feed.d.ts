import type { Future } from '../../core/future/future.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Duration } from '../../core/support/duration.ts';
import type { Task } from '../../core/task/task.ts';
import type { SignalOptions } from '../../tasks/abort.ts';
import type { ServerSentEvent } from './event-stream.ts';
import type { RequestOptions } from './options.ts';
import type { RepeatedRequestOptions } from './repeated-request.ts';
import type { ClientResponse } from './response.ts';
import type { ClientTimeout, ClientTimeoutInit } from './timeout.ts';
/** Options of `session.sse`, in addition to those of a request. */
export interface EventFeedOptions extends RepeatedRequestOptions {
    /**
     * Timeout of each connection; default: no limit except 60 s to connect. With `sockRead`, a server
     * that is silent for that long counts as disconnected.
     */
    timeout?: ClientTimeout | ClientTimeoutInit | Duration | null;
    /** Aborting it ends the feed: reads fail with an AbortError. */
    signal?: AbortSignal | null;
    /** The id of the last event received by an earlier feed; default ''. */
    lastEventId?: string;
    /** The wait before reconnecting; default 3 s, until the server sends `retry:`. */
    retry?: Duration;
    /** The longest wait, including one that the server asks for; default 5 minutes. */
    maxRetry?: Duration;
    /**
     * How many connections in a row may end without an event; default 10, Infinity for no limit. The
     * wait doubles from the second one on.
     */
    attempts?: number;
    /** Largest event in bytes; default 1 MiB. A larger one is a ClientPayloadError. */
    limit?: number;
}
/** Sends one request for the feed. */
type Ask = (options: RequestOptions) => Task<ClientResponse>;
/**
 * The events of a URL, like WHATWG's EventSource: when the connection ends or breaks it reconnects
 * and sends the id of the last event (`Last-Event-ID`). It ends when the server answers 204. A
 * response that is not an event stream is an error, and so are `attempts` connections in a row
 * without an event.
 *
 * @example
 * const feed = session.sse('/events');
 * for (let event; (event = yield* feed.read()) !== null;) console.log(event.event, event.data);
 * for await (const { data } of session.sse('/events')) console.log(data);
 */
export declare class EventFeed {
    #private;
    /**
     * Created by the session only.
     * @param check - throws for an invalid request
     * @throws TypeError, RangeError for invalid options
     */
    constructor(loop: EventLoop, ask: Ask, check: (options: RequestOptions) => void, options: EventFeedOptions);
    /** The id of the last event; '' for none. */
    get lastEventId(): string;
    /** Seconds until it reconnects after a connection ends. */
    get retry(): number;
    /** Whether no more events will come. */
    get closed(): boolean;
    /**
     * The next event, or null after the last: the server answered 204, or the feed was closed.
     * Cancel-safe: when a read is cancelled or its `signal` aborts, nothing is lost and the
     * connection stays open.
     * @throws (awaited) ClientResponseError for a status other than 200; ContentTypeError;
     *   ClientConnectionError and ClientPayloadError after `attempts` connections without an event;
     *   TypeError when another read is waiting; AbortError
     */
    read(options?: SignalOptions): Future<ServerSentEvent | null>;
    /** Ends the feed and drops its connection. A waiting read returns null. Idempotent. */
    close(): void;
    /** Leaving the loop early closes the feed. */
    [Symbol.asyncIterator](): AsyncIterableIterator<ServerSentEvent>;
    [Symbol.dispose](): void;
    toString(): string;
}
