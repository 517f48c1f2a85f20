import type { Tls } from '../../tls/context.ts';
import type { HeadersInit, ReadonlyHeaders } from '../message/headers.ts';
import type { WebSocketLimits } from '../websocket/settings.ts';
import type { QueryInit } from './request.ts';
import type { ClientTimeoutInit } from './timeout.ts';
import { ClientTimeout } from './timeout.ts';
/** Options of a client's WebSocket. */
export interface ClientWebSocketOptions extends WebSocketLimits {
    /** Sub-protocols to offer, the most wanted first. */
    protocols?: readonly string[];
    /** Of the handshake; those that it consists of itself cannot be given. */
    headers?: HeadersInit | ReadonlyHeaders;
    /** Added to the query of the URL. */
    params?: QueryInit;
    /** Of the handshake: as of a request, in place of the session's. */
    timeout?: ClientTimeout | ClientTimeoutInit | string | number | null;
    /** Of `wss:`, in place of the session's. */
    tls?: Exclude<Tls, false>;
    /** Aborting it ends the handshake with an AbortError; an open WebSocket has its own `abort`. */
    signal?: AbortSignal | null;
}
