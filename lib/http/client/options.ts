/** The options of a client session and its requests, and their checks. */
import type { Duration } from '../../core/support/duration.ts';
import { checkFlags, checkOptions } from '../../core/support/options.ts';
import type { RequestDefaults, RequestInit } from './request.ts';
import { parseUrl, requestDefaults, skippedOf } from './request.ts';
import type { RequestTarget } from './request-target.ts';
import type { ClientTimeoutInit } from './timeout.ts';
import { ClientTimeout } from './timeout.ts';
import type { HeadersInit, ReadonlyHeaders } from '../message/headers.ts';
import { Headers } from '../message/headers.ts';
import { integer } from '../message/option-values.ts';
import { describe } from '../message/outgoing-body.ts';
import type { Tls, TlsContext } from '../../tls/context.ts';
import { authorizationOf } from './basic-auth.ts';
import type { Credentials } from './basic-auth.ts';
import { CONNECTOR_OPTIONS, connectorSettings } from './connector.ts';
import type { Connector, ConnectorOptions, ConnectorSettings } from './connector.ts';
import { CookieJar } from './cookie-jar.ts';
import { checkMiddlewares } from './middleware.ts';
import type { ClientMiddleware } from './middleware.ts';
import { checkCookie } from './own-cookies.ts';
import type { CookiesInit } from './own-cookies.ts';
import { Environment } from './environment.ts';
import type { ClientResponse } from './response.ts';
import { clientContext } from './secure.ts';
import { checkTraceConfigs } from './trace.ts';
import type { TraceConfig } from './trace.ts';
import { checkUpload } from './upload.ts';
import { viaOf } from './via.ts';
import type { ProxyInit, Via } from './via.ts';

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

const SESSION_OPTIONS = [
  'baseUrl',
  'headers',
  'skipAutoHeaders',
  'timeout',
  ...CONNECTOR_OPTIONS,
  'connector',
  'raiseForStatus',
  'jsonSerialize',
  'cookieJar',
  'cookies',
  'auth',
  'proxy',
  'unix',
  'trustEnv',
  'middlewares',
  'traceConfigs',
  'autoDecompress',
  'maxDecodedSize',
  'tls',
];

const REQUEST_OPTIONS = [
  'headers',
  'skipAutoHeaders',
  'params',
  'body',
  'data',
  'json',
  'compress',
  'onUploadProgress',
  'expect100',
  'auth',
  'cookies',
  'proxy',
  'unix',
  'middlewares',
  'timeout',
  'allowRedirects',
  'redirect',
  'maxRedirects',
  'raiseForStatus',
  'traceRequestCtx',
  'autoDecompress',
  'tls',
  'signal',
];

/** The options of a session, checked. */
export interface SessionSettings {
  base: URL | null;
  defaults: RequestDefaults;
  timeout: ClientTimeout;
  connector: ConnectorSettings;
  raiseForStatus: boolean | StatusCheck;
  jar: CookieJar | null;
  /** Undefined: the environment may say. */
  via: Via | null | undefined;
  environment: Environment | null;
  middlewares: readonly ClientMiddleware[];
  traceConfigs: readonly TraceConfig[];
  autoDecompress: boolean;
  maxDecoded: number;
  tls: () => TlsContext;
}

/** @throws TypeError, RangeError that name the option; InvalidURL of a `baseUrl` */
export function sessionSettings(options: ClientSessionOptions): SessionSettings {
  checkOptions('ClientSession', options, SESSION_OPTIONS);
  checkFlags('ClientSession', options, ['trustEnv', 'autoDecompress']);
  checkStatusCheck('ClientSession', options.raiseForStatus);
  checkMiddlewares('ClientSession', options.middlewares);
  const { baseUrl, timeout = {}, maxDecodedSize = 64 * 2 ** 20 } = options;
  const base =
    baseUrl === undefined || baseUrl === null ? null : parseUrl(baseUrl, null, 'baseUrl');
  return {
    base,
    defaults: requestDefaults(base, new Headers(options.headers), {
      authorization: authorizationOf('ClientSession', options.auth),
      cookies: options.cookies === undefined ? [] : checkCookie('ClientSession', options.cookies),
      skipped: skippedOf('ClientSession', options.skipAutoHeaders),
      toJson: serializer(options.jsonSerialize),
    }),
    timeout: ClientTimeout.from(timeout),
    connector:
      (options.connector ?? null) === null
        ? connectorSettings('ClientSession', options)
        : options.connector!._settings,
    tls: sessionTls(options.tls),
    raiseForStatus: options.raiseForStatus ?? false,
    jar: jarOf(options.cookieJar),
    via: viaOf('ClientSession', options),
    environment: options.trustEnv === true ? new Environment() : null,
    middlewares: options.middlewares ?? [],
    traceConfigs: checkTraceConfigs('ClientSession', options.traceConfigs),
    autoDecompress: options.autoDecompress !== false,
    maxDecoded:
      maxDecodedSize === Infinity
        ? Infinity
        : integer('maxDecodedSize', maxDecodedSize, 0, 2 ** 53 - 1),
  };
}

function checkStatusCheck(where: string, value: unknown): void {
  if (value === undefined || typeof value === 'boolean' || typeof value === 'function') return;
  throw new TypeError(
    `${where}: raiseForStatus must be true, false or a function, not ${describe(value)}`,
  );
}

function serializer(given: unknown): (value: unknown) => unknown {
  if (given === undefined) return (value) => JSON.stringify(value) as unknown;
  if (typeof given === 'function') return given as (value: unknown) => unknown;
  throw new TypeError(`ClientSession: jsonSerialize must be a function, not ${describe(given)}`);
}

function jarOf(given: CookieJar | null | undefined): CookieJar | null {
  if (given === undefined) return new CookieJar();
  if (given === null || given instanceof CookieJar) return given;
  throw new TypeError(
    `ClientSession: cookieJar must be a CookieJar or null, not ${describe(given)}`,
  );
}

/** The usual context is made for the first https. */
function sessionTls(tls: unknown): () => TlsContext {
  const context = tls === undefined ? null : clientContext('ClientSession', tls);
  return context === null ? () => clientContext('ClientSession', true) : () => context;
}

/** What becomes of redirections: how many are followed, and what one more of them is. */
export interface Redirections {
  mode: 'follow' | 'manual' | 'error';
  most: number;
}

/** What a request has that was given no options: nothing to be looked at. */
export const NO_OPTIONS: RequestOptions = {};

const FOLLOWED: Redirections = { mode: 'follow', most: 10 };

/**
 * @param follow - whether redirections are followed when the options do not say
 * @throws TypeError, RangeError that name the option
 */
export function checkRequestOptions(options: RequestOptions, follow: boolean): Redirections {
  if (options === NO_OPTIONS && follow) return FOLLOWED;
  checkOptions('request()', options, REQUEST_OPTIONS);
  if (options.tls !== undefined) clientContext('request()', options.tls);
  checkFlags('request()', options, ['allowRedirects', 'autoDecompress', 'expect100']);
  checkUpload('request()', options);
  checkStatusCheck('request()', options.raiseForStatus);
  checkMiddlewares('request()', options.middlewares);
  const { redirect, allowRedirects = follow, maxRedirects = 10 } = options;
  if (redirect === undefined && allowRedirects && maxRedirects === 10) return FOLLOWED;
  if (redirect !== undefined && !['follow', 'manual', 'error'].includes(redirect)) {
    const given = typeof redirect === 'string' ? JSON.stringify(redirect) : describe(redirect);
    throw new TypeError(`redirect must be 'follow', 'manual' or 'error', not ${given}`);
  }
  return {
    mode: redirect ?? (allowRedirects ? 'follow' : 'manual'),
    most: integer('maxRedirects', maxRedirects, 0, 2 ** 53 - 1),
  };
}

/** Which way requests go; null when all go straight. @throws as `viaOf` */
export function routeOf(
  { via, environment }: SessionSettings,
  options: RequestOptions,
): ((target: RequestTarget) => Via | null) | null {
  const own = viaOf('request()', options);
  const fixed = own === undefined ? via : own;
  if (fixed === null || (fixed === undefined && environment === null)) return null;
  return fixed === undefined ? (target) => environment!.viaOf(target) : () => fixed;
}
