import type { HeadersInit, ReadonlyHeaders } from '../message/headers.ts';
import type { Duration } from '../../core/support/duration.ts';
import type { Tls } from '../../tls/context.ts';
import type { Credentials } from './basic-auth.ts';
import type { ClientMiddleware } from './middleware.ts';
import type { CookiesInit } from './own-cookies.ts';
import type { QueryInit } from './request.ts';
import type { ClientTimeout, ClientTimeoutInit } from './timeout.ts';
import type { ProxyInit } from './via.ts';
/** What `session.download` takes besides the options of a request. */
export interface DownloadOptions {
    headers?: HeadersInit | ReadonlyHeaders;
    params?: QueryInit;
    auth?: Credentials;
    cookies?: CookiesInit;
    proxy?: ProxyInit;
    unix?: string | null;
    middlewares?: readonly ClientMiddleware[];
    timeout?: ClientTimeout | ClientTimeoutInit | Duration | null;
    maxRedirects?: number;
    tls?: Exclude<Tls, false>;
    signal?: AbortSignal | null;
    /** Whether what an earlier attempt has left is gone on with; true by default. */
    resume?: boolean;
    /** How often it is tried in one call, when the connection breaks in between; 5 by default. */
    attempts?: number;
    /**
     * Called for each piece written to the file: bytes so far, and of how many; null if not known.
     */
    onProgress?: (received: number, total: number | null) => void;
}
/** What has come of it. */
export interface Download {
    readonly path: string;
    /** The URL that answered, after redirections. */
    readonly url: string;
    /** Bytes of the file. */
    readonly size: number;
    /** Those of them that were there before. */
    readonly resumedAt: number;
}
