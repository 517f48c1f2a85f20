/** The options of a client session and of its requests, and their checks. */
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

/** The checked options of a session. */
export interface SessionSettings {
  base: URL | null;
  defaults: RequestDefaults;
  timeout: ClientTimeout;
  connector: ConnectorSettings;
  raiseForStatus: boolean | StatusCheck;
  jar: CookieJar | null;
  /** Undefined: not set, so the environment decides if there is one. Null: a direct connection. */
  via: Via | null | undefined;
  environment: Environment | null;
  middlewares: readonly ClientMiddleware[];
  traceConfigs: readonly TraceConfig[];
  autoDecompress: boolean;
  maxDecoded: number;
  tls: () => TlsContext;
}

/** @throws TypeError, RangeError naming the option; InvalidURL for `baseUrl` */
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

/** The default context is created for the first https request. */
function sessionTls(tls: unknown): () => TlsContext {
  const context = tls === undefined ? null : clientContext('ClientSession', tls);
  return context === null ? () => clientContext('ClientSession', true) : () => context;
}

/** How redirects are treated, and how many are followed. */
export interface Redirections {
  mode: 'follow' | 'manual' | 'error';
  most: number;
}

/**
 * Passed when the caller gave no options; recognised by identity, so that the checks are skipped.
 */
export const NO_OPTIONS: RequestOptions = {};

const FOLLOWED: Redirections = { mode: 'follow', most: 10 };

/**
 * @param follow - whether redirects are followed if the options do not say
 * @throws TypeError, RangeError naming the option
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

/** Chooses the route for a target; null when all connect directly. @throws as `viaOf` */
export function routeOf(
  { via, environment }: SessionSettings,
  options: RequestOptions,
): ((target: RequestTarget) => Via | null) | null {
  const own = viaOf('request()', options);
  const fixed = own === undefined ? via : own;
  if (fixed === null || (fixed === undefined && environment === null)) return null;
  return fixed === undefined ? (target) => environment!.viaOf(target) : () => fixed;
}
