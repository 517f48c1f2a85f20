/** A request on its way out: the URL taken apart, the headers filled in, the body prepared. */
import { InvalidURL, NonHttpUrlError } from './client-errors.ts';
import { TOKEN } from './grammar.ts';
import type { HeadersInit, ReadonlyHeaders } from './headers.ts';
import { Headers } from './headers.ts';
import type { BodyInit, OutgoingBody } from './outgoing-body.ts';
import { checkBody, describe, isStream, sizeOfBody, typeOfBody } from './outgoing-body.ts';

/** What is put behind the `?` of a URL. */
export type QueryInit =
  | string | URLSearchParams | Record<string, string | number | boolean | readonly string[]>
  | Iterable<readonly [string, string]>;

/** The part of the options of `session.request` that says what to send. */
export interface RequestInit {
  headers?: HeadersInit | ReadonlyHeaders;
  /** Added to the query of the URL. */
  params?: QueryInit;
  /** Text, bytes or a stream of them; a plain object goes out as a form. */
  body?: BodyInit | Record<string, string | number | boolean>;
  /** The same as `body`, by aiohttp's name. */
  data?: BodyInit | Record<string, string | number | boolean>;
  /** Sent as JSON. */
  json?: unknown;
}

/** What goes over the wire for one hop. */
export interface OutgoingRequest {
  method: string;
  url: URL;
  headers: Headers;
  body: OutgoingBody;
}

/** @throws InvalidURL, NonHttpUrlError */
export function parseUrl(url: string | URL, base?: string | URL | null): URL {
  let parsed: URL;
  try {
    parsed = new URL(String(url), base ?? undefined);
  } catch (error) {
    throw new InvalidURL(String(url), 'not a valid URL', { cause: error });
  }
  if (parsed.protocol === 'http:' && parsed.hostname !== '') return parsed;
  if (parsed.protocol === 'https:') {
    throw new NonHttpUrlError(parsed.href, 'https needs TLS, which comes with a later version; '
      + 'only http: can be requested now');
  }
  throw new NonHttpUrlError(parsed.href, 'only http: can be requested');
}

/** @throws TypeError for a method, header or body that cannot be sent; InvalidURL */
export function buildRequest(
  method: string, target: string | URL, init: RequestInit,
  base: string | URL | null, defaults: Headers,
): OutgoingRequest {
  if (typeof method !== 'string' || !TOKEN.test(method)) {
    throw new TypeError(`invalid method: ${JSON.stringify(method)}`);
  }
  const url = parseUrl(target, base);
  if (init.params !== undefined) addParams(url, init.params);
  const headers = new Headers(defaults);
  const own = new Headers(init.headers);
  for (const [name] of own) headers.delete(name);
  for (const [name, value] of own) headers.append(name, value);
  const credentials = takeCredentials(url);
  if (credentials !== null) {
    if (headers.has('authorization')) {
      throw new TypeError('both the URL and the headers say how to authorize');
    }
    headers.set('authorization', credentials);
  }
  if (!headers.has('accept')) headers.set('accept', '*/*');
  if (!headers.has('accept-encoding')) headers.set('accept-encoding', 'gzip, deflate, br');
  if (!headers.has('user-agent')) headers.set('user-agent', 'oxbow');
  return { method: method.toUpperCase(), url, headers, body: buildBody(init, headers) };
}

function buildBody(init: RequestInit, headers: Headers): OutgoingBody {
  const given = init.body ?? init.data ?? null;
  if (init.json !== undefined) {
    if (given !== null) throw new TypeError('give either json or a body, not both');
    setDefault(headers, 'content-type', 'application/json');
    const text = JSON.stringify(init.json);
    if (text === undefined) throw new TypeError('json cannot be written as JSON');
    return text;
  }
  if (given === null) return null;
  if (given instanceof URLSearchParams || isPlainObject(given)) {
    setDefault(headers, 'content-type', 'application/x-www-form-urlencoded');
    return new URLSearchParams(given as Record<string, string>).toString();
  }
  const body = checkBody(given);
  setDefault(headers, 'content-type', typeOfBody(given) ?? 'application/octet-stream');
  return body;
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
    && Object.getPrototypeOf(value) === Object.prototype
    && !(Symbol.iterator in value) && !(Symbol.asyncIterator in value);
}

function addParams(url: URL, params: QueryInit): void {
  if (typeof params === 'string' || params instanceof URLSearchParams
    || (typeof params === 'object' && params !== null && Symbol.iterator in params)) {
    const given = new URLSearchParams(params as string | URLSearchParams);
    for (const [name, value] of given) url.searchParams.append(name, value);
    return;
  }
  if (typeof params !== 'object' || params === null) {
    throw new TypeError(`params must be an object, pairs or a string, not ${describe(params)}`);
  }
  for (const [name, value] of Object.entries(params)) {
    const all = Array.isArray(value) ? value : [value];
    for (const one of all) url.searchParams.append(name, String(one));
  }
}

function takeCredentials(url: URL): string | null {
  const { username, password } = url;
  if (username === '' && password === '') return null;
  url.username = '';
  url.password = '';
  const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(plain, 'utf8').toString('base64')}`;
}

function setDefault(headers: Headers, name: string, value: string): void {
  if (!headers.has(name)) headers.set(name, value);
}

/** How the body of a request is framed. */
export interface RequestFraming {
  chunked: boolean;
  /** Bytes that a stream promised, or -1. */
  length: number;
}

/** The head of a request with its empty line, and how the body follows. */
export function requestHead(request: OutgoingRequest): { text: string; framing: RequestFraming } {
  const { method, url, headers, body } = request;
  const framing = { chunked: false, length: -1 };
  let lines = headers.has('host') ? '' : `host: ${url.host}\r\n`;
  const declared = headers.get('content-length');
  for (const [name, value] of headers) {
    if (name !== 'content-length' && name !== 'transfer-encoding') lines += `${name}: ${value}\r\n`;
  }
  if (isStream(body)) {
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
  return { text: `${method} ${url.pathname}${url.search} HTTP/1.1\r\n${lines}\r\n`, framing };
}
