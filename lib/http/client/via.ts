/** Routes to a server other than a direct connection: a proxy, or a Unix socket. */
import { describe } from '../../core/support/describe.ts';
import { checkOptions } from '../../core/support/options.ts';
import { checkPath } from '../../net/unix-path.ts';
import type { Tls, TlsContext } from '../../tls/context.ts';
import type { HeadersInit, ReadonlyHeaders } from '../message/headers.ts';
import { Headers } from '../message/headers.ts';
import { authorizationOf } from './basic-auth.ts';
import type { Credentials } from './basic-auth.ts';
import { parseUrl, takeCredentials } from './request.ts';
import { RequestTarget } from './request-target.ts';
import { clientContext } from './secure.ts';

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

/** A proxy, prepared for connecting. */
export interface Proxy {
  readonly target: RequestTarget;
  /** `proxy-authorization` and others. */
  readonly headers: Headers;
  readonly tls: () => TlsContext;
}

export interface Via {
  /** Prefix of the pool's key for connections. */
  readonly key: string;
  /** The path of a Unix socket; null for a proxy. */
  readonly path: string | null;
  readonly proxy: Proxy | null;
}

/** @throws TypeError, RangeError for an invalid path */
export function viaUnix(where: string, path: string): Via {
  checkPath(`${where}: unix`, path);
  return { key: `unix ${JSON.stringify(path)} `, path, proxy: null };
}

/** @throws TypeError naming the option; InvalidURL, NonHttpUrlError for the proxy's URL */
export function viaProxy(where: string, given: Exclude<ProxyInit, null>): Via {
  const options: ProxyOptions =
    typeof given === 'string' || isUrl(given) ? { url: given } : (given as ProxyOptions);
  checkOptions(`${where}: proxy`, options, ['url', 'auth', 'headers', 'tls']);
  if (options.url === undefined) throw new TypeError(`${where}: proxy: url is missing`);
  const url = parseUrl(options.url, null, 'proxy');
  const fromUrl = takeCredentials(url);
  const fromAuth = authorizationOf(`${where}: proxy`, options.auth);
  const headers = new Headers(options.headers);
  const said = [fromUrl, fromAuth, headers.get('proxy-authorization')];
  if (said.filter((one) => one !== null).length > 1) {
    throw new TypeError(`${where}: proxy: url, auth and headers may say only once who we are`);
  }
  const authorization = fromUrl ?? fromAuth;
  if (authorization !== null) headers.set('proxy-authorization', authorization);
  for (const name of ['host', 'content-length', 'transfer-encoding']) {
    if (headers.has(name)) throw new TypeError(`${where}: proxy: headers: ${name} is ours to say`);
  }
  if (options.tls !== undefined) clientContext(`${where}: proxy`, options.tls);
  const target = new RequestTarget(url);
  const tls = (): TlsContext => clientContext(`${where}: proxy`, options.tls);
  const key = `proxy ${target.originOf(tls)} ${JSON.stringify([...headers])} `;
  return { key, path: null, proxy: { target, headers, tls } };
}

/**
 * The route set by the options.
 * @returns null for a direct connection; undefined when neither option is set
 * @throws TypeError when both are given
 */
export function viaOf(
  where: string,
  { proxy, unix }: { proxy?: ProxyInit; unix?: string | null },
): Via | null | undefined {
  if (proxy != null && unix != null) {
    throw new TypeError(`${where}: proxy and unix cannot be specified at the same time`);
  }
  if (unix != null) return viaUnix(where, unix);
  if (proxy === undefined) return unix;
  if (proxy === null) return null;
  if (typeof proxy !== 'string' && typeof proxy !== 'object') {
    throw new TypeError(
      `${where}: proxy must be a URL, an object of options or null, not ${describe(proxy)}`,
    );
  }
  return viaProxy(where, proxy);
}

function isUrl(value: object): value is URL {
  return value instanceof URL || Object.prototype.toString.call(value) === '[object URL]';
}
