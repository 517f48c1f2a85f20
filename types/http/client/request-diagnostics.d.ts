import type { RequestMessage } from '../message/diagnostics.ts';
import type { Headers } from '../message/headers.ts';
import type { ClientSession } from './session.ts';
/** A request as seen by subscribers. Those of `start` may still add headers. */
export interface SentRequest {
    readonly method: string;
    readonly url: URL;
    readonly headers: Headers;
}
/** The messages of `oxbow:client-request:start`, `error` and `finish`. */
export interface ClientRequestMessage extends RequestMessage {
    /** The same object in all messages of one request. A redirect causes another request. */
    request: SentRequest;
    /** The session that sends it. */
    session: ClientSession;
}
