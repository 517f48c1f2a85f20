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
/** What `session.sse` takes besides the options of a request. */
export interface EventFeedOptions extends RepeatedRequestOptions {
    /**
     * Of each connection: by default there is no limit but 60 s to get one. With `sockRead` a server
     * that is silent for so long counts as gone.
     */
    timeout?: ClientTimeout | ClientTimeoutInit | Duration | null;
    /** Aborting it ends the feed: reads fail with an AbortError. */
    signal?: AbortSignal | null;
    /** The id of the last event that an earlier feed has had; '' by default. */
    lastEventId?: string;
    /** The wait before the next connection; 3 s by default, until the server says `retry:`. */
    retry?: Duration;
    /** The longest wait, also of those that a server asks for; 5 minutes by default. */
    maxRetry?: Duration;
    /**
     * How many connections may follow each other without an event; 10 by default, Infinity for no
     * limit. The wait doubles from the second one on.
     */
    attempts?: number;
    /** Bytes of an event; 1 MiB by default. More is a ClientPayloadError. */
    limit?: number;
}
/** Sends one request for the feed. */
type Ask = (options: RequestOptions) => Task<ClientResponse>;
/**
 * The events of a URL, as WHATWG's EventSource has them: when the connection ends or breaks it asks
 * again, and says which event was the last (`Last-Event-ID`). It ends when the server answers 204;
 * an answer that is not a stream of events is an error, and so are `attempts` connections without
 * one.
 *
 * @example
 * const feed = session.sse('/events');
 * for (let event; (event = yield* feed.read()) !== null;) console.log(event.event, event.data);
 * for await (const { data } of session.sse('/events')) console.log(data);
 */
export declare class EventFeed {
    #private;
    /**
     * Made by the session only.
     * @param check - throws when a request could not be made
     * @throws TypeError, RangeError for wrong options
     */
    constructor(loop: EventLoop, ask: Ask, check: (options: RequestOptions) => void, options: EventFeedOptions);
    /** The id of the last event; '' for none. */
    get lastEventId(): string;
    /** Seconds that it waits before it asks again. */
    get retry(): number;
    /** Whether no more events will come. */
    get closed(): boolean;
    /**
     * The next event, or null after the last: the server has answered 204, or the feed was closed.
     * Cancel-safe: a read that is cancelled, or whose `signal` aborts, loses nothing, and the
     * connection stays.
     * @throws (awaited) ClientResponseError for another status than 200; ContentTypeError;
     * ClientConnectionError and ClientPayloadError after `attempts` without an event; TypeError when
     * another read waits; AbortError
     */
    read(options?: SignalOptions): Future<ServerSentEvent | null>;
    /** Ends it, and gives its connection up. A read that waits gets null. May be repeated. */
    close(): void;
    /** Leaving the loop early closes it. */
    [Symbol.asyncIterator](): AsyncIterableIterator<ServerSentEvent>;
    [Symbol.dispose](): void;
    toString(): string;
}
