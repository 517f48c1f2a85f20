/** The options of a client session and of its requests, and their checks. */
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
/** Checks a response before the caller gets it, and throws to reject it. */
export type StatusCheck = (response: ClientResponse) => unknown;
/** Options for all requests of a session. */
export interface ClientSessionOptions extends ConnectorOptions {
    /** The base for relative URLs. */
    baseUrl?: string | URL;
    /** Sent with every request. */
    headers?: HeadersInit | ReadonlyHeaders;
    /**
     * Headers that are sent only if the program sets them: any of `accept`, `accept-encoding`,
     * `content-type` and `user-agent`.
     */
    skipAutoHeaders?: readonly string[];
    /** A ClientTimeout, its options, or the total alone; default: 300 s in total. */
    timeout?: ClientTimeout | ClientTimeoutInit | Duration | null;
    /**
     * Connections shared with other sessions; options such as `limit` are then set there, and not
     * allowed here.
     */
    connector?: Connector | null;
    /**
     * Whether a status of 400 or more throws ClientResponseError; default false. A function, in
     * either lane, checks the response and may throw any error.
     */
    raiseForStatus?: boolean | StatusCheck;
    /** Serializes `json` to text or bytes; default JSON.stringify. */
    jsonSerialize?: (value: any) => string | Uint8Array;
    /** Where cookies are kept; default: a new {@link CookieJar}; null to keep none. */
    cookieJar?: CookieJar | null;
    /**
     * Cookies sent with every request: with a `baseUrl` only to its origin, and never to another
     * origin after a redirect.
     */
    cookies?: CookiesInit;
    /**
     * Basic authentication: with a `baseUrl` only for its origin, and never for another origin after
     * a redirect.
     */
    auth?: Credentials;
    /** The proxy for all requests: `'http://user:password@host:port'`, or an object with more. */
    proxy?: ProxyInit;
    /** Path of a Unix socket for all connections, whatever the host in the URL. */
    unix?: string | null;
    /**
     * Whether `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY` and a `.netrc` file (`NETRC`) are
     * used. They are read once; default false.
     */
    trustEnv?: boolean;
    /** Middlewares for each request, outermost first; see {@link ClientMiddleware}. */
    middlewares?: readonly ClientMiddleware[];
    /** Receive the steps of requests; default: none. */
    traceConfigs?: readonly TraceConfig[];
    /** Whether gzip, deflate, br and (Node 24 and later) zstd bodies are decoded; default true. */
    autoDecompress?: boolean;
    /** Largest unpacked size of a body in bytes; default 64 MiB, Infinity for no limit. */
    maxDecodedSize?: number;
    /**
     * TLS for `https:` URLs: true (the default), an object of options named as in Node, or a
     * TlsContext. No request is sent before the server's certificate has been verified.
     */
    tls?: Exclude<Tls, false>;
}
/** Options of one request; they take precedence over those of the session. */
export interface RequestOptions extends RequestInit {
    /** In place of the session's. */
    timeout?: ClientTimeout | ClientTimeoutInit | Duration | null;
    /** Whether to follow redirects; default true, except for `head()`. */
    allowRedirects?: boolean;
    /** The same, with fetch's name: `'manual'` returns the redirect itself, `'error'` throws. */
    redirect?: 'follow' | 'manual' | 'error';
    /** How many redirects to follow; default 10. */
    maxRedirects?: number;
    /** Whether a status of 400 or more throws, or a function that decides; default: the session's. */
    raiseForStatus?: boolean | StatusCheck;
    /** In place of the session's; null for no proxy. */
    proxy?: ProxyInit;
    /** In place of the session's; null for no Unix socket. */
    unix?: string | null;
    /** In place of the session's. */
    middlewares?: readonly ClientMiddleware[];
    /** Passed to the callbacks of the session's `traceConfigs` for this request. */
    traceRequestCtx?: unknown;
    /** Whether to decode the body; default: the session's. */
    autoDecompress?: boolean;
    /** TLS for `https:`, including redirects, in place of the session's. */
    tls?: Exclude<Tls, false>;
    /** Aborting it ends the request, even while the body is being received, with an AbortError. */
    signal?: AbortSignal | null;
}
