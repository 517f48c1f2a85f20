import type { Tls } from '../../tls/context.ts';
import type { HeadersInit, ReadonlyHeaders } from '../message/headers.ts';
import type { Credentials } from './basic-auth.ts';
/** A proxy, and what is sent to it. */
export interface ProxyOptions {
    /** `http:` or `https:`; credentials in it have the same meaning as `auth`. */
    url: string | URL;
    /** Credentials for the proxy only. */
    auth?: Credentials;
    /** Headers for the proxy only. */
    headers?: HeadersInit | ReadonlyHeaders;
    /** TLS for an `https:` proxy. */
    tls?: Exclude<Tls, false>;
}
/** The option `proxy`; null for no proxy, whatever the session or the environment says. */
export type ProxyInit = string | URL | ProxyOptions | null;
