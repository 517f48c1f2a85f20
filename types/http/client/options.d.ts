/** The options of a client session and its requests, and their checks. */
import type { Duration } from '../../core/support/duration.ts';
import type { RequestInit } from './request.ts';
import type { ClientTimeoutInit } from './timeout.ts';
import { ClientTimeout } from './timeout.ts';
import type { HeadersInit, ReadonlyHeaders } from '../message/headers.ts';
import type { Tls } from '../../tls/context.ts';
import type { Credentials } from './basic-auth.ts';
import type { Connector, ConnectorOptions } from './connector.ts';
import { CookieJar } from './cookie-jar.ts';
import type { ClientMiddleware } from './middleware.ts';
import type { CookiesInit } from './own-cookies.ts';
import type { ClientResponse } from './response.ts';
import type { TraceConfig } from './trace.ts';
import type { ProxyInit } from './via.ts';
/** Looks at a response before it is handed out, and throws when it is not to be. */
export type StatusCheck = (response: ClientResponse) => unknown;
/** What all requests of a session have in common. */
export interface ClientSessionOptions extends ConnectorOptions {
    /** What relative URLs are relative to. */
    baseUrl?: string | URL;
    /** Sent with every request. */
    headers?: HeadersInit | ReadonlyHeaders;
    /**
     * Headers that are not sent unless the program says them: of `accept`, `accept-encoding`,
     * `content-type` and `user-agent`.
     */
    skipAutoHeaders?: readonly string[];
    /** A ClientTimeout, its options, or the total alone; 300 s in total by default. */
    timeout?: ClientTimeout | ClientTimeoutInit | Duration | null;
    /**
     * Connections that are shared with other sessions; then `limit` and what else it has are said
     * there.
     */
    connector?: Connector | null;
    /**
     * Whether a status of 400 or more throws ClientResponseError; false by default. A function, in
     * either lane, looks at the response itself and throws what it likes.
     */
    raiseForStatus?: boolean | StatusCheck;
    /** What makes text or bytes of `json`; JSON.stringify by default. */
    jsonSerialize?: (value: any) => string | Uint8Array;
    /** Where cookies are kept; a {@link CookieJar} of its own by default, null for nowhere. */
    cookieJar?: CookieJar | null;
    /**
     * Sent with every request: with a `baseUrl` only to its origin, and never elsewhere by redirect.
     */
    cookies?: CookiesInit;
    /**
     * Basic authentication: with a `baseUrl` only for its origin, and never elsewhere by redirect.
     */
    auth?: Credentials;
    /** What all requests go through: `'http://user:password@host:port'`, or an object with more. */
    proxy?: ProxyInit;
    /** Path of a Unix socket that all connections are made to, whatever the URL says. */
    unix?: string | null;
    /**
     * Whether `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY` and a `.netrc` file (`NETRC`) are
     * believed, read once; false by default.
     */
    trustEnv?: boolean;
    /** What stands between a call and the wire, outermost first; see {@link ClientMiddleware}. */
    middlewares?: readonly ClientMiddleware[];
    /** The receivers of the steps of requests; none by default. */
    traceConfigs?: readonly TraceConfig[];
    /** Whether gzip, deflate, br and (Node 22.15 and later) zstd are taken off; true by default. */
    autoDecompress?: boolean;
    /** Bytes that a compressed body may unpack to; 64 MiB by default, Infinity for no limit. */
    maxDecodedSize?: number;
    /**
     * Of `https:` URLs: true (the default), an object of options with Node's names, or a TlsContext.
     * Nothing is sent before the certificate of the server is checked.
     */
    tls?: Exclude<Tls, false>;
}
/** What one request has of its own; it counts before what the session has. */
export interface RequestOptions extends RequestInit {
    /** Instead of the session's. */
    timeout?: ClientTimeout | ClientTimeoutInit | Duration | null;
    /** Whether redirections are followed; true by default. */
    allowRedirects?: boolean;
    /** The same by fetch's name: `'manual'` gives the redirection itself, `'error'` throws. */
    redirect?: 'follow' | 'manual' | 'error';
    /** How many redirections are followed; 10 by default. */
    maxRedirects?: number;
    /** Whether a status of 400 or more throws, or who decides; by default as the session says. */
    raiseForStatus?: boolean | StatusCheck;
    /** In place of the session's; null for none. */
    proxy?: ProxyInit;
    /** In place of the session's; null for none. */
    unix?: string | null;
    /** In place of the session's. */
    middlewares?: readonly ClientMiddleware[];
    /** What the session's `traceConfigs` get with each call for this request. */
    traceRequestCtx?: unknown;
    /** Whether codings are taken off; by default as the session says. */
    autoDecompress?: boolean;
    /** Of `https:`, also where redirections lead: in place of the session's. */
    tls?: Exclude<Tls, false>;
    /** Aborting it ends the request, also in its body, with an AbortError. */
    signal?: AbortSignal | null;
}
