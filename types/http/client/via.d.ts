import type { Tls } from '../../tls/context.ts';
import type { HeadersInit, ReadonlyHeaders } from '../message/headers.ts';
import type { Credentials } from './basic-auth.ts';
/** A proxy, and what is sent to it besides. */
export interface ProxyOptions {
    /** `http:` or `https:`; a user name and a password in it are `auth`. */
    url: string | URL;
    /** Who we are, for the proxy alone. */
    auth?: Credentials;
    /** For the proxy alone. */
    headers?: HeadersInit | ReadonlyHeaders;
    /** Of an `https:` proxy. */
    tls?: Exclude<Tls, false>;
}
/** What an option `proxy` takes; null for none, whatever the session or the environment says. */
export type ProxyInit = string | URL | ProxyOptions | null;
