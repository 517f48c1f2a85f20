import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { ClientSession } from '../client-session.ts';
import type { Headers } from './headers.ts';
import type { Request } from '../server/request.ts';
import type { HttpServer } from '../server/server.ts';
/** What all messages about requests have. */
interface Progress {
    loop: EventLoop;
    /** Status of the response; null before there is one, and when none was sent or came. */
    status: number | null;
    /** Seconds since the start, on the loop's clock. */
    duration: number;
    /** What went wrong, or null. */
    error: unknown;
}
/** What `oxbow:server-request:start`, `error` and `finish` are told. */
export interface ServerRequestMessage extends Progress {
    request: Request;
    server: HttpServer;
}
/** A request as a client sends it. At its start headers may still be added to it. */
export interface SentRequest {
    readonly method: string;
    readonly url: URL;
    readonly headers: Headers;
}
/** What `oxbow:client-request:start`, `error` and `finish` are told. */
export interface ClientRequestMessage extends Progress {
    /** The same object for one request; a redirection is followed by another request. */
    request: SentRequest;
    session: ClientSession;
}
