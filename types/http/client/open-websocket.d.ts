import type { Tls } from '../../tls/context.ts';
import type { HeadersInit, ReadonlyHeaders } from '../message/headers.ts';
import type { WebSocketLimits } from '../websocket/settings.ts';
import type { QueryInit } from './request.ts';
import type { ClientTimeoutInit } from './timeout.ts';
import { ClientTimeout } from './timeout.ts';
/** Options of a client's WebSocket. */
export interface ClientWebSocketOptions extends WebSocketLimits {
    /** Sub-protocols to offer, the preferred one first. */
    protocols?: readonly string[];
    /** Headers of the handshake request, except those that make up the handshake itself. */
    headers?: HeadersInit | ReadonlyHeaders;
    /** Added to the query of the URL. */
    params?: QueryInit;
    /** Of the handshake; the same as for a request, in place of the session's. */
    timeout?: ClientTimeout | ClientTimeoutInit | string | number | null;
    /** TLS for `wss:`, in place of the session's. */
    tls?: Exclude<Tls, false>;
    /**
     * Aborting it ends the handshake with an AbortError; to end an open WebSocket, use its `abort`.
     */
    signal?: AbortSignal | null;
}
