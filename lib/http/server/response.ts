import { quoted } from '../../core/support/describe.ts';
import { showsText } from '../../core/support/shows-text.ts';
import type { Duration } from '../../core/support/duration.ts';
import { checkOptions } from '../../core/support/options.ts';
import type { CookieOptions, DeleteCookieOptions } from '../message/cookies.ts';
import { cookieLine } from '../message/cookies.ts';
import { checkFileOptions, FileBody } from '../message/file-body.ts';
import type { FileOptions } from '../message/file-body.ts';
import { FIELD_VALUE } from '../message/grammar.ts';
import { checkValue, Headers } from '../message/headers.ts';
import type { HeadersInit, ReadonlyHeaders } from '../message/headers.ts';
import {
  canSendAgain,
  checkBody,
  describe,
  isUnpacked,
  sizeOfBody,
  typeOfBody,
} from '../message/outgoing-body.ts';
import type { BodyInit, OutgoingBody } from '../message/outgoing-body.ts';
import { isBodyless } from '../message/status.ts';
import type { TrailersInit } from '../message/trailers.ts';
import { checkTrailersInit } from '../message/trailers.ts';
import type { BodyWrite } from './body-writer.ts';
import { writtenBody } from './body-writer.ts';
import type { EventSource } from './event-body.ts';
import { EventBody } from './event-body.ts';

/** Options of a Response. */
export interface ResponseInit {
  /** The status, 200 to 599; 200 by default. */
  status?: number;
  /** The reason phrase; by default the registered one. */
  statusText?: string;
  headers?: HeadersInit | ReadonlyHeaders;
  /**
   * Trailers, or a function that returns them when the body was sent: a checksum, say, or an error
   * that occurred meanwhile. They make the body chunked; HTTP/1.0 clients do not get them.
   */
  trailers?: TrailersInit;
}

/** Options of `Response.sse`. */
export interface SseOptions {
  headers?: HeadersInit | ReadonlyHeaders;
  /**
   * After how long without an event a comment is sent, so that no proxy takes the connection for
   * dead; 15 s by default, null for never.
   */
  heartbeat?: Duration | null;
}

/** Options of `Response.file`: how the file is served, status and headers. */
export interface FileResponseInit extends FileOptions {
  /**
   * The status; 200 by default. With any other, conditions and ranges of the request are ignored.
   */
  status?: number;
  headers?: HeadersInit | ReadonlyHeaders;
}

const TEXT = typeOfBody('', '');
const OPTIONS = ['status', 'statusText', 'headers', 'trailers'];
/** Options with which the cookie was set: they decide whether the browser accepts the deletion. */
const DELETE_OPTIONS = [
  'domain',
  'path',
  'secure',
  'httpOnly',
  'sameSite',
  'partitioned',
  'priority',
];
const JSON_TYPE = 'application/json';

/**
 * What a handler returns: a status, headers and a body. A light version of the WHATWG class of the
 * same name (which `serve` accepts too) that creates nothing before it is used. A response with a
 * string, bytes or no body may be sent any number of times. Bytes are not copied: of more than 64
 * KiB, what a slow client has not read yet is sent from the original buffer, which must not be
 * changed or transferred until then.
 *
 * @throws TypeError for an invalid header, or a body that cannot be sent
 * @throws RangeError for a status outside 200 to 599, or a body with a status that allows none
 * @example
 * new Response('hello');
 * new Response(generateRows(), { headers: { 'content-type': 'text/csv' } });
 * Response.json({ ok: true }, { status: 201 });
 */
export class Response {
  // Plain fields, always set in this order, and no private methods, so that V8 can inline the
  // construction into the handler.
  declare readonly status: number;
  /** The reason phrase; '' stands for the registered one. */
  declare readonly statusText: string;
  declare _body: OutgoingBody;
  /** The content type while it is the only header, as in most responses. */
  declare _type: string | null;
  declare _headers: Headers | null;
  declare _trailers: TrailersInit | null;
  /** Whether the body is a stream that is being sent or was sent. */
  declare _sent: boolean;

  constructor(body?: BodyInit, init?: ResponseInit) {
    this.status = 200;
    this.statusText = '';
    this._body = typeof body === 'string' ? body : checkBody(body);
    this._type = typeof body === 'string' ? TEXT : typeOfBody(body, this._body);
    this._headers = null;
    this._trailers = null;
    this._sent = false;
    if (init !== undefined) take(this, body, init);
  }

  /**
   * A response with the value as JSON and Content-Type `application/json`. @throws TypeError when
   * the value cannot be written as JSON; otherwise as the constructor
   */
  static json(value: unknown, init?: ResponseInit): Response {
    const text = JSON.stringify(value);
    if (text === undefined) throw new TypeError('value cannot be written as JSON');
    const response = new Response(text, init);
    if (response._type === TEXT) response._type = JSON_TYPE;
    else if (response._headers?.get('content-type') === TEXT) {
      response._headers.set('content-type', JSON_TYPE);
    }
    return response;
  }

  /**
   * A redirection; `status` is 302 by default. @throws RangeError unless it is 301, 302, 303, 307
   * or 308
   */
  static redirect(url: string | URL, status = 302): Response {
    if (![301, 302, 303, 307, 308].includes(status)) {
      throw new RangeError(`${status} is no status of a redirection`);
    }
    return new Response(null, { status, headers: { location: String(url) } });
  }

  /**
   * A file, which is opened when the response is sent: 404 when it does not exist, 403 when it
   * cannot be read or is not a regular file. Conditions and ranges of the request are honoured.
   *
   * @param path - must not come from a client unchecked: for such paths set `root`, or use
   * `staticFiles`
   * @throws TypeError or RangeError for an invalid option
   * @example Response.file('report.pdf', { download: 'Report 2024.pdf' })
   */
  static file(path: string | URL, options: FileResponseInit = {}): Response {
    checkFileOptions('file()', options, ['root', 'status', 'headers']);
    const { status, headers, ...rest } = options;
    const init = {
      ...(status === undefined ? {} : { status }),
      ...(headers === undefined ? {} : { headers }),
    };
    return new Response(new FileBody('file()', path, rest), init);
  }

  /**
   * A body that a coroutine writes piece by piece, at the speed of the client. It is started when
   * the response is sent, and cancelled when the client goes away.
   *
   * @throws TypeError when `write` is not a function; otherwise as the constructor
   * @example
   * Response.stream(function* (writer) {
   *   for (const row of rows) yield* writer.write(`${row}\n`);
   * });
   */
  static stream(write: BodyWrite, init?: ResponseInit): Response {
    if (typeof write !== 'function') {
      throw new TypeError(`stream(): a function was expected, not ${describe(write)}`);
    }
    return new Response(writtenBody(write), init);
  }

  /**
   * Server-sent events, from a generator, an async generator or another iterable of events:
   * strings, which are their data, or objects with `data`, `event`, `id`, `retry` and `comment`.
   * The source is closed when the client goes away.
   *
   * @throws TypeError when the source is not iterable, or for an unknown option; RangeError unless
   * the heartbeat is above 0
   * @example
   * Response.sse(function* () {
   *   for (let n = 0; ; n++) {
   *     yield { event: 'tick', data: { n } };
   *     yield* sleep(1);
   *   }
   * });
   */
  static sse(source: EventSource, options: SseOptions = {}): Response {
    checkOptions('sse()', options, ['headers', 'heartbeat']);
    const response = new Response(EventBody.from(source, options.heartbeat), {
      headers: options.headers ?? {},
    });
    const { headers } = response;
    if (!headers.has('content-type')) headers.set('content-type', 'text/event-stream');
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-cache');
    // Otherwise nginx would buffer the events.
    if (!headers.has('x-accel-buffering')) headers.set('x-accel-buffering', 'no');
    return response;
  }

  /**
   * Sets a cookie in the browser, by adding a Set-Cookie field. The value is percent-encoded.
   *
   * @returns the response itself
   * @throws TypeError or RangeError for what browsers refuse: a name that is not a token,
   * `sameSite: 'none'` without `secure`, a `__Host-` name with a domain, more than 4096 characters
   * @example response.setCookie('session', id, { httpOnly: true, sameSite: 'lax', maxAge: '8h' })
   */
  setCookie(name: string, value: string, options: CookieOptions = {}): this {
    this.headers.append('set-cookie', cookieLine('setCookie()', name, value, options));
    return this;
  }

  /**
   * Makes the browser delete a cookie, identified by name, `path` and `domain`.
   * @returns the response itself
   * @throws TypeError or RangeError as `setCookie`
   */
  deleteCookie(name: string, options: DeleteCookieOptions = {}): this {
    checkOptions('deleteCookie()', options, DELETE_OPTIONS);
    const gone = { ...options, maxAge: 0, expires: new Date(0) };
    this.headers.append('set-cookie', cookieLine('deleteCookie()', name, '', gone));
    return this;
  }

  /** The headers; they may be changed until the response is sent. */
  get headers(): Headers {
    if (this._headers === null) {
      this._headers = new Headers();
      if (this._type !== null) this._headers.set('content-type', this._type);
      this._type = null;
    }
    return this._headers;
  }

  /** Whether the status is 200 to 299. */
  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  /** Whether the body can be sent only once. */
  get _streams(): boolean {
    return !canSendAgain(this._body);
  }

  toString(): string {
    const size = sizeOfBody(this._body);
    const type = this._type ?? this._headers?.get('content-type') ?? null;
    const body = size === 0 ? 'no body' : size === null ? 'a stream' : `${size} bytes`;
    return `Response { ${this.status}, ${body}${type === null ? '' : ` of ${type}`} }`;
  }
}

showsText(Response);

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Applies the options of the constructor. */
function take(response: Mutable<Response>, body: BodyInit | undefined, init: ResponseInit): void {
  checkInit(init);
  if (init.status !== undefined) {
    response.status = checkStatus(init.status);
    if (response._body !== null && isBodyless(response.status)) {
      throw new RangeError(`a response of status ${response.status} has no body`);
    }
  }
  if (init.statusText !== undefined) response.statusText = checkReason(init.statusText);
  if (init.headers !== undefined) takeHeaders(response, init.headers);
  if (init.trailers !== undefined) response._trailers = checkTrailersInit(init.trailers);
  if (isUnpacked(body) && response._headers !== null) leavePacking(response._headers);
}

function takeHeaders(response: Response, init: HeadersInit | ReadonlyHeaders): void {
  if (typeof init !== 'object' || init === null) {
    throw new TypeError(`headers must be an object or pairs, not ${describe(init)}`);
  }
  const type = soleContentType(init);
  if (type !== null) {
    response._type = checkValue('content-type', type);
    return;
  }
  const headers = new Headers(init);
  if (response._type !== null && !headers.has('content-type')) {
    headers.set('content-type', response._type);
  }
  response._type = null;
  response._headers = headers;
}

/** Another response may serve as the options, as in `new Response(text, response)`. */
function checkInit(init: object | null): void {
  if (typeof init === 'object' && init !== null && 'body' in init && !Object.hasOwn(init, 'body'))
    return;
  checkOptions('Response', init, OPTIONS);
}

/** Removes the headers that describe a compressed body from a response whose body is not. */
export function leavePacking(headers: Headers): void {
  headers.delete('content-encoding');
  headers.delete('content-length');
}

/** The value of Content-Type if it is the only header, else null. */
function soleContentType(init: object): unknown {
  if (Symbol.iterator in init) return null;
  const names = Object.keys(init);
  if (names.length !== 1 || names[0]!.toLowerCase() !== 'content-type') return null;
  return (init as Record<string, unknown>)[names[0]!];
}

function checkStatus(status: unknown): number {
  if (Number.isInteger(status) && (status as number) >= 200 && (status as number) <= 599) {
    return status as number;
  }
  throw new RangeError(`status must be an integer from 200 to 599, not ${quoted(status)}`);
}

function checkReason(reason: unknown): string {
  if (typeof reason === 'string' && FIELD_VALUE.test(reason)) return reason;
  throw new TypeError(`invalid statusText: ${quoted(reason)}`);
}
