/** Builds outgoing requests: parses the URL, completes the headers, prepares the body. */
import { quoted } from '../../core/support/describe.ts';
import { authorizationOf } from './basic-auth.ts';
import type { Credentials } from './basic-auth.ts';
import { ClientPayloadError, InvalidURL, NonHttpUrlError } from './errors.ts';
import { HAS_ZSTD } from './decode-content.ts';
import { isRepeatable, shaped } from './upload.ts';
import type { UploadOptions } from './upload.ts';
import { addCookies, checkCookie } from './own-cookies.ts';
import type { CookiesInit } from './own-cookies.ts';
import { KnownTargets, RequestTarget } from './request-target.ts';
import { showsText } from '../../core/support/shows-text.ts';
import { TOKEN } from '../message/grammar.ts';
import type { HeadersInit, ReadonlyHeaders } from '../message/headers.ts';
import { Headers } from '../message/headers.ts';
import type { BodyInit, OutgoingBody } from '../message/outgoing-body.ts';
import { checkBody, describe, isStream, sizeOfBody, typeOfBody } from '../message/outgoing-body.ts';

/** Parameters to add to the query of a URL. */
export type QueryInit =
  | string
  | URLSearchParams
  | Record<string, QueryValue | readonly QueryValue[]>
  | Iterable<readonly [string, QueryValue]>;

/** A value in a query or a form. */
export type QueryValue = string | number | bigint | boolean;

/** The options of `session.request` that describe what is sent. */
export interface RequestInit extends UploadOptions {
  /** Headers; they replace those of the session with the same names. */
  headers?: HeadersInit | ReadonlyHeaders;
  /** Added to the query of the URL. */
  params?: QueryInit;
  /** Text, bytes, or a stream of them; a plain object is sent as a form. */
  body?: BodyInit | Record<string, QueryValue | readonly QueryValue[]>;
  /** The same as `body`, with aiohttp's name. */
  data?: BodyInit | Record<string, QueryValue | readonly QueryValue[]>;
  /** A value to send as JSON. */
  json?: unknown;
  /** Basic authentication, for the origin of the URL only. */
  auth?: Credentials;
  /**
   * Headers that are sent only if the program sets them: any of `accept`, `accept-encoding`,
   * `content-type` and `user-agent`; in addition to those of the session.
   */
  skipAutoHeaders?: readonly string[];
  /** Cookies; they take precedence over those of the session and its jar. */
  cookies?: CookiesInit;
}

/** A host name or an address, with an optional port; the URL parser checks the rest. */
const HOST = /^(?:\[[0-9a-f:.]+\]|(?:[\w.~!$&'()*+,;=-]|%[0-9a-f]{2})+)(?::\d{0,5})?$/i;

/** What goes over the wire for one hop. */
export class OutgoingRequest {
  readonly method: string;
  readonly target: RequestTarget;
  /** May be changed until it is sent. */
  readonly headers: Headers;
  readonly body: OutgoingBody;
  /** Whether the absolute URL is sent, because a proxy needs to know the server. */
  _absolute = false;
  #url: URL | null = null;
  /** Whether it was sent; shared with copies that have other headers. */
  #state: { begun: boolean } = { begun: false };

  constructor(method: string, target: RequestTarget, headers: Headers, body: OutgoingBody) {
    this.method = method;
    this.target = target;
    this.headers = headers;
    this.body = body;
  }

  /** Created on demand, as it is rarely needed. */
  get url(): URL {
    return (this.#url ??= new URL(this.target.href));
  }

  /** Whether it can be sent, or sent again: a body that is a stream can be read only once. */
  get sendable(): boolean {
    return !this.#state.begun || isRepeatable(this.body);
  }

  /** The same request with other headers. */
  withHeaders(headers: Headers): OutgoingRequest {
    const same = new OutgoingRequest(this.method, this.target, headers, this.body);
    same.#state = this.#state;
    return same;
  }

  /** Marks it as sent. @throws ClientPayloadError when its body was already read */
  _begin(): void {
    if (!this.sendable) throw new ClientPayloadError('the body was a stream and is gone');
    this.#state.begun = true;
  }

  toString(): string {
    return `<ClientRequest ${this.method} ${this.target.href}>`;
  }
}

showsText(OutgoingRequest);

/** What a session contributes to all of its requests. */
export interface RequestDefaults {
  readonly targets: KnownTargets;
  /** Sent with every request. */
  readonly headers: Headers;
  /** The same with the automatic ones added: all headers of most requests. */
  readonly allHeaders: Headers;
  /** An Authorization header and cookies: with a base URL, only for its origin. */
  readonly authorization: string | null;
  readonly cookies: readonly [string, string][];
  /** Automatic headers that are not added. */
  readonly skipped: ReadonlySet<string>;
  /** Serializes a value to JSON. */
  readonly toJson: (value: unknown) => unknown;
}

export function requestDefaults(
  base: URL | null,
  headers: Headers,
  own: Pick<RequestDefaults, 'authorization' | 'cookies' | 'skipped' | 'toJson'>,
): RequestDefaults {
  const allHeaders = headers._copy();
  fillIn(allHeaders, own.skipped);
  allHeaders._lines();
  return { ...own, targets: new KnownTargets(base), headers, allHeaders };
}

/** Headers that are added automatically. */
const AUTOMATIC: readonly (readonly [name: string, value: string])[] = [
  ['accept', '*/*'],
  ['accept-encoding', HAS_ZSTD ? 'gzip, deflate, br, zstd' : 'gzip, deflate, br'],
  ['user-agent', 'oxbow'],
];

const SKIPPABLE = new Set([...AUTOMATIC.map(([name]) => name), 'content-type']);

function fillIn(headers: Headers, skipped: ReadonlySet<string>): void {
  for (const [name, value] of AUTOMATIC) if (!skipped.has(name)) setDefault(headers, name, value);
}

/** @throws TypeError unless it is an array of names of automatic headers */
export function skippedOf(
  where: string,
  given: readonly string[] | undefined,
  others: ReadonlySet<string> = NONE,
): ReadonlySet<string> {
  if (given === undefined) return others;
  if (!Array.isArray(given)) {
    throw new TypeError(`${where}: skipAutoHeaders must be an array, not ${describe(given)}`);
  }
  const skipped = new Set(others);
  for (const name of given as unknown[]) {
    const lower = typeof name === 'string' ? name.toLowerCase() : '';
    if (!SKIPPABLE.has(lower)) {
      throw new TypeError(
        `${where}: skipAutoHeaders may have ${[...SKIPPABLE].join(', ')}, not ${lower || quoted(name)}`,
      );
    }
    skipped.add(lower);
  }
  return skipped;
}

const NONE: ReadonlySet<string> = new Set();

/** @throws TypeError when it is neither text nor a URL; InvalidURL, NonHttpUrlError */
export function parseUrl(url: string | URL, base?: URL | null, name = 'url'): URL {
  const text = urlText(url, name);
  let parsed: URL;
  try {
    parsed = new URL(text, base ?? undefined);
  } catch (error) {
    throw new InvalidURL(text, 'not a valid URL', { cause: error });
  }
  if (/^https?:$/.test(parsed.protocol) && parsed.hostname !== '') return parsed;
  throw new NonHttpUrlError(parsed.href, 'only http: and https: can be requested');
}

function urlText(url: string | URL, name: string): string {
  if (typeof url === 'string') return url;
  if (isUrl(url)) return String(url);
  throw new TypeError(`${name} must be a string or a URL, not ${describe(url)}`);
}

/** By its properties, not `instanceof`: a URL of another realm has another class. */
function isUrl(value: unknown): value is URL {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as URL).href === 'string' &&
    typeof (value as URL).protocol === 'string'
  );
}

/** Methods that are known to be valid. */
const USUAL_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']);

function methodOf(method: string): string {
  if (USUAL_METHODS.has(method)) return method;
  if (typeof method !== 'string' || !TOKEN.test(method)) {
    throw new TypeError(`invalid method: ${quoted(method)}`);
  }
  if (method.toUpperCase() === 'CONNECT') {
    throw new TypeError('CONNECT opens a tunnel, which is no request to a resource');
  }
  return method.toUpperCase();
}

/** @throws TypeError for an invalid method, header or body; InvalidURL */
export function buildRequest(
  method: string,
  url: string | URL,
  init: RequestInit,
  defaults: RequestDefaults,
): OutgoingRequest {
  const sent = methodOf(method);
  const text = urlText(url, 'url');
  const known = init.params === undefined ? defaults.targets.get(text) : undefined;
  if (known !== undefined) {
    const headers = headersOf(init, defaults);
    addOwn(headers, init, known, null, defaults);
    return new OutgoingRequest(sent, known, headers, bodyOf(init, headers, defaults));
  }
  const parsed = parseUrl(text, defaults.targets.base);
  if (init.params !== undefined) addParams(parsed, init.params);
  const headers = headersOf(init, defaults);
  const credentials = takeCredentials(parsed);
  const target = new RequestTarget(parsed);
  addOwn(headers, init, target, credentials, defaults);
  if (credentials === null && init.params === undefined) defaults.targets.keep(text, target);
  return new OutgoingRequest(sent, target, headers, bodyOf(init, headers, defaults));
}

/**
 * Adds credentials and cookies. The most specific source takes precedence; a request may state its
 * credentials only once.
 */
function addOwn(
  headers: Headers,
  init: RequestInit,
  target: RequestTarget,
  fromUrl: string | null,
  { authorization, cookies, targets }: RequestDefaults,
): void {
  if (fromUrl === null && init.auth === undefined && init.cookies === undefined) {
    if (authorization === null && cookies.length === 0) return;
  }
  const given = authorizationOf('request()', init.auth);
  const own = given ?? fromUrl;
  const inHeaders = new Headers(init.headers).has('authorization');
  if ((own !== null && inHeaders) || (given !== null && fromUrl !== null)) {
    throw new TypeError(
      given === null
        ? 'both the URL and the headers say how to authorize'
        : `both auth and the ${fromUrl === null ? 'headers' : 'URL'} say how to authorize`,
    );
  }
  if (init.cookies !== undefined) addCookies(headers, checkCookie('request()', init.cookies));
  const { base } = targets;
  const isOurs = base === null || isOrigin(base, target);
  if (isOurs) addCookies(headers, cookies);
  if (own !== null) headers.set('authorization', own);
  else if (isOurs && authorization !== null) setDefault(headers, 'authorization', authorization);
}

function isOrigin(base: URL, { host, secure }: RequestTarget): boolean {
  return base.host === host && (base.protocol === 'https:') === secure;
}

function headersOf(init: RequestInit, defaults: RequestDefaults): Headers {
  const skips = init.skipAutoHeaders !== undefined;
  if (!skips && (init.headers === undefined || init.headers === null)) {
    const headers = defaults.allHeaders._copy();
    checkHost(headers);
    return headers;
  }
  const headers = defaults.headers._copy();
  const own = new Headers(init.headers);
  for (const name of own.keys()) headers.delete(name);
  for (const [name, value] of own) headers.append(name, value);
  checkHost(headers);
  fillIn(headers, skippedOf('request()', init.skipAutoHeaders, defaults.skipped));
  return headers;
}

function bodyOf(init: RequestInit, headers: Headers, defaults: RequestDefaults): OutgoingBody {
  const body = buildBody(init, headers, defaults);
  const { compress, onUploadProgress, expect100 } = init;
  const plain = compress === undefined && onUploadProgress === undefined && expect100 === undefined;
  return plain ? body : shaped(body, headers, init);
}

function buildBody(
  init: RequestInit,
  headers: Headers,
  { skipped, toJson }: RequestDefaults,
): OutgoingBody {
  if (init.body != null && init.data != null) {
    throw new TypeError('give either body or data, which are the same, not both');
  }
  const given = init.body ?? init.data ?? null;
  if (init.json !== undefined) {
    if (given !== null) throw new TypeError('give either json or a body, not both');
    setDefault(headers, 'content-type', 'application/json');
    const made = toJson(init.json);
    if (typeof made === 'string' || made instanceof Uint8Array) return made;
    throw new TypeError('json cannot be written as JSON');
  }
  if (given === null) return null;
  if (given instanceof URLSearchParams || isPlainObject(given)) {
    setDefault(headers, 'content-type', 'application/x-www-form-urlencoded');
    if (given instanceof URLSearchParams) return given.toString();
    const form = new URLSearchParams();
    appendAll(form, given as Record<string, unknown>, 'body');
    return form.toString();
  }
  const body = checkBody(given, init.body == null ? 'data' : 'body');
  if (!skippedOf('request()', init.skipAutoHeaders, skipped).has('content-type')) {
    setDefault(headers, 'content-type', typeOfBody(given, body) ?? 'application/octet-stream');
  }
  return body;
}

function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: object | null = Object.getPrototypeOf(value);
  return (
    (prototype === null || Object.getPrototypeOf(prototype) === null) &&
    !(Symbol.iterator in value) &&
    !(Symbol.asyncIterator in value)
  );
}

function addParams(url: URL, params: QueryInit): void {
  const query = url.searchParams;
  if (typeof params === 'string') {
    for (const [name, value] of new URLSearchParams(params)) query.append(name, value);
    return;
  }
  if (typeof params !== 'object' || params === null) {
    throw new TypeError(`params must be an object, pairs or a string, not ${describe(params)}`);
  }
  if (!(Symbol.iterator in params)) {
    appendAll(query, params, 'params');
    return;
  }
  for (const pair of params as Iterable<unknown>) {
    if (!Array.isArray(pair) || pair.length !== 2 || typeof pair[0] !== 'string') {
      throw new TypeError('params given as an iterable must be [name, value] pairs');
    }
    query.append(pair[0], fieldText(pair[1], 'params', pair[0]));
  }
}

function appendAll(to: URLSearchParams, fields: Record<string, unknown>, where: string): void {
  for (const [name, value] of Object.entries(fields)) {
    const all: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const one of all) to.append(name, fieldText(one, where, name));
  }
}

/**
 * Rejects values without a useful text (null, objects, NaN) instead of sending `null` and the like.
 */
function fieldText(value: unknown, where: string, name: string): string {
  const kind = typeof value;
  const sent =
    kind === 'string' ||
    kind === 'boolean' ||
    kind === 'bigint' ||
    (kind === 'number' && Number.isFinite(value));
  if (sent) return String(value);
  const given = kind === 'number' ? String(value) : describe(value);
  throw new TypeError(`${where}: ${name} must be a string, a number or a boolean, not ${given}`);
}

/** At most one `Host`, and a valid one. */
function checkHost(headers: Headers): void {
  const host = headers.get('host');
  if (host === null) return;
  const repeated = [...headers].filter(([name]) => name === 'host').length > 1;
  if (repeated) throw new TypeError('headers: host may stand there only once');
  if (HOST.test(host)) {
    try {
      new URL(`http://${host}/`);
      return;
    } catch {
      // It matches the pattern, but is not a valid address or port.
    }
  }
  throw new TypeError(`headers: host must be a host and perhaps a port, not ${quoted(host)}`);
}

/**
 * Removes the credentials from the URL. @returns them as an Authorization header, or null
 * @throws InvalidURL when they are not properly escaped
 */
export function takeCredentials(url: URL): string | null {
  const { username, password } = url;
  if (username === '' && password === '') return null;
  url.username = '';
  url.password = '';
  let plain: string;
  try {
    plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  } catch (error) {
    throw new InvalidURL(url.href, 'the user name or the password is wrongly escaped', {
      cause: error,
    });
  }
  return `Basic ${Buffer.from(plain, 'utf8').toString('base64')}`;
}

function setDefault(headers: Headers, name: string, value: string): void {
  if (!headers.has(name)) headers.set(name, value);
}

/** How the body of a request is framed. */
export interface RequestFraming {
  chunked: boolean;
  /** The declared length of a stream in bytes, or -1. */
  length: number;
}

/** The encoded head of a request, including the empty line, and the framing of its body. */
export function requestHead(request: OutgoingRequest): { text: string; framing: RequestFraming } {
  const { method, target, headers, body } = request;
  const path = request._absolute ? target.absolute : target.path;
  const framing = { chunked: false, length: -1 };
  let lines = headers.has('host') ? '' : `host: ${target.host}\r\n`;
  lines += headers._lines();
  if (isStream(body)) {
    const declared = headers.get('content-length');
    if (declared !== null && !/^\d{1,15}$/.test(declared)) {
      throw new TypeError(`invalid content-length: ${declared}`);
    }
    const length = sizeOfBody(body) ?? declared;
    framing.chunked = length === null;
    framing.length = length === null ? -1 : Number(length);
    lines += framing.chunked ? 'transfer-encoding: chunked\r\n' : `content-length: ${length}\r\n`;
  } else if (body !== null) lines += `content-length: ${Buffer.byteLength(body)}\r\n`;
  else if (method === 'POST' || method === 'PUT' || method === 'PATCH') {
    lines += 'content-length: 0\r\n';
  }
  return { text: `${method} ${path} HTTP/1.1\r\n${lines}\r\n`, framing };
}

/** Methods whose requests need no `content-length` when they have no body. */
const BARE = new Set(['GET', 'DELETE', 'OPTIONS']);

/**
 * The encoded head of a request that consists of method and URL only.
 * @param headers - must always be the same for a target, since the result is kept with it
 * @returns null for other methods
 */
export function bareHead(
  method: string,
  target: RequestTarget,
  headers: Headers,
): Uint8Array | null {
  if (target._headMethod === method) return target._head;
  if (!BARE.has(method)) return null;
  const { text } = requestHead(new OutgoingRequest(method, target, headers, null));
  target._headMethod = method;
  return (target._head = Buffer.from(text, 'latin1'));
}
