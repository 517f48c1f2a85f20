/** Options of calls that may send several requests, which therefore have no body. */
import type { Duration } from '../../core/support/duration.ts';
import type { Tls } from '../../tls/context.ts';
import type { HeadersInit, ReadonlyHeaders } from '../message/headers.ts';
import type { Credentials } from './basic-auth.ts';
import type { ClientMiddleware } from './middleware.ts';
import type { CookiesInit } from './own-cookies.ts';
import type { QueryInit } from './request.ts';
import type { ClientTimeout, ClientTimeoutInit } from './timeout.ts';
import type { ProxyInit } from './via.ts';
/** The request options that such a call accepts. */
export interface RepeatedRequestOptions {
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
}
