/** What a client session and its requests can be told, and the checks of it. */
import type { Duration } from '../../core/support/duration.ts';
import { toSeconds } from '../../core/support/duration.ts';
import { checkFlags, checkOptions } from '../../core/support/options.ts';
import type { MessageLimits } from '../../native/binding.ts';
import type { RequestDefaults, RequestInit } from './request.ts';
import { parseUrl, requestDefaults } from './request.ts';
import type { ClientTimeoutInit } from './timeout.ts';
import { ClientTimeout } from './timeout.ts';
import type { HeadersInit, ReadonlyHeaders } from '../message/headers.ts';
import { Headers } from '../message/headers.ts';
import type { HeadLimits } from '../message/option-values.ts';
import { headLimits, integer } from '../message/option-values.ts';
import { describe } from '../message/outgoing-body.ts';
import type { Tls, TlsContext } from '../../tls/context.ts';
import { clientContext } from './secure.ts';

/** What all requests of a session have in common. */
export interface ClientSessionOptions {
  /** What relative URLs are relative to. */
  baseUrl?: string | URL;
  /** Sent with every request. */
  headers?: HeadersInit | ReadonlyHeaders;
  /** A ClientTimeout, its options, or the total alone; 300 s in total by default. */
  timeout?: ClientTimeout | ClientTimeoutInit | Duration | null;
  /** Requests under way at once; 100 by default, 0 for no limit. The others wait in turn. */
  limit?: number;
  /** The same for each host; 0, no limit, by default. */
  limitPerHost?: number;
  /**
   * How long an idle connection is kept; 15 s by default, 0 for not at all. A server that says
   * `Keep-Alive: timeout=5` is believed.
   */
  keepAliveTimeout?: Duration;
  /** Bounds of the heads of responses, with the names that `serve` has; more is an error. */
  limits?: HeadLimits;
  /** Whether a status of 400 or more throws ClientResponseError; false by default. */
  raiseForStatus?: boolean;
  /** Whether gzip, deflate and br are taken off; true by default. */
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
  /** Whether a status of 400 or more throws; by default as the session says. */
  raiseForStatus?: boolean;
  /** Whether gzip, deflate and br are taken off; by default as the session says. */
  autoDecompress?: boolean;
  /** Of `https:`, also where redirections lead: in place of the session's. */
  tls?: Exclude<Tls, false>;
  /** Aborting it ends the request, also in its body, with an AbortError. */
  signal?: AbortSignal | null;
}

const SESSION_OPTIONS = [
  'baseUrl',
  'headers',
  'timeout',
  'limit',
  'limitPerHost',
  'keepAliveTimeout',
  'limits',
  'raiseForStatus',
  'autoDecompress',
  'maxDecodedSize',
  'tls',
];

const REQUEST_OPTIONS = [
  'headers',
  'params',
  'body',
  'data',
  'json',
  'timeout',
  'allowRedirects',
  'redirect',
  'maxRedirects',
  'raiseForStatus',
  'autoDecompress',
  'tls',
  'signal',
];

/** The options of a session, checked. */
export interface SessionSettings {
  base: URL | null;
  defaults: RequestDefaults;
  timeout: ClientTimeout;
  limit: number;
  limitPerHost: number;
  keepAlive: number;
  limits: MessageLimits | null;
  raiseForStatus: boolean;
  autoDecompress: boolean;
  maxDecoded: number;
  tls: () => TlsContext;
}

/** @throws TypeError, RangeError that name the option; InvalidURL of a `baseUrl` */
export function sessionSettings(options: ClientSessionOptions): SessionSettings {
  checkOptions('ClientSession', options, SESSION_OPTIONS);
  checkFlags('ClientSession', options, ['raiseForStatus', 'autoDecompress']);
  const { baseUrl, timeout = {}, maxDecodedSize = 64 * 2 ** 20 } = options;
  const keepAlive = toSeconds(options.keepAliveTimeout ?? 15, 'keepAliveTimeout');
  if (keepAlive < 0) {
    throw new RangeError(`keepAliveTimeout must be 0 or more, not ${keepAlive}`);
  }
  const base =
    baseUrl === undefined || baseUrl === null ? null : parseUrl(baseUrl, null, 'baseUrl');
  return {
    base,
    defaults: requestDefaults(base, new Headers(options.headers)),
    timeout: ClientTimeout.from(timeout),
    limit: integer('limit', options.limit ?? 100, 0, 2 ** 53 - 1),
    limitPerHost: integer('limitPerHost', options.limitPerHost ?? 0, 0, 2 ** 53 - 1),
    keepAlive,
    limits: headLimits('ClientSession', options.limits),
    tls: sessionTls(options.tls),
    raiseForStatus: options.raiseForStatus === true,
    autoDecompress: options.autoDecompress !== false,
    maxDecoded:
      maxDecodedSize === Infinity
        ? Infinity
        : integer('maxDecodedSize', maxDecodedSize, 0, 2 ** 53 - 1),
  };
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
  checkFlags('request()', options, ['allowRedirects', 'raiseForStatus', 'autoDecompress']);
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
