import { showsText } from '../../core/support/shows-text.ts';
import type { Future } from '../../core/future/future.ts';
import {
  HEAD_FIELD_COUNT,
  HEAD_FLAGS,
  HEAD_HAS_BODY,
  HEAD_HAS_LENGTH,
  HEAD_LENGTH_HIGH,
  HEAD_LENGTH_LOW,
  HEAD_METHOD,
  HEAD_METHOD_LENGTH,
  HEAD_METHOD_OFFSET,
  HEAD_PATH_LENGTH,
  HEAD_TARGET_LENGTH,
  HEAD_TARGET_OFFSET,
  HEAD_VERSION10,
} from '../../native/layout.ts';
import { acceptedEncodings, acceptedLanguages, acceptedTypes } from '../message/accept.ts';
import type { Conditions } from '../message/conditions.ts';
import { readConditions } from '../message/conditions.ts';
import { readCookies } from '../message/cookies.ts';
import { collectForm } from '../message/form-data.ts';
import type { FormOptions } from '../message/form-limits.ts';
import { checkFormOptions } from '../message/form-limits.ts';
import { HeadChunk, OwnHead } from '../message/head-chunk.ts';
import type { ChunkHolder, MessageHead } from '../message/head-chunk.ts';
import { Headers } from '../message/headers.ts';
import type { HeadersInit, ReadonlyHeaders } from '../message/headers.ts';
import { HttpError } from '../message/http-error.ts';
import { IncomingBody, toArrayBuffer, toBytes, toJson, toText } from '../message/incoming-body.ts';
import { METHODS } from '../message/methods.ts';
import { integer } from '../message/option-values.ts';
import type { ByteRange } from '../message/ranges.ts';
import { readRanges } from '../message/ranges.ts';
import { readTrailers } from '../message/received-trailers.ts';
import { ReceivedHeaders } from '../message/received-headers.ts';
import type { Found } from '../router/router.ts';
import { ContextValues } from './context-key.ts';
import type { ContextKey } from './context-key.ts';
import { RequestExtras } from './request-extras.ts';
import type { ResponseHook } from './request-extras.ts';
import type { Uploads } from '../message/uploads.ts';
import type { Forwarded } from './forwarded.ts';
import { forwarded } from './forwarded.ts';
import type { ServerConnection } from './server-connection.ts';

/**
 * A request, as passed to the handler by `serve`. Everything is decoded on demand from the received
 * bytes.
 * @example
 * serve({ *fetch(request) {
 *   if (request.method !== 'POST') return new Response('hello');
 *   const order = yield* request.json();
 *   return Response.json({ accepted: order.length });
 * } });
 */
export class Request<Params = Readonly<Record<string, string>>> implements ChunkHolder {
  // Plain fields, always set in this order: a busy server makes a request every few hundred
  // nanoseconds.
  readonly _connection: ServerConnection;
  _chunk: MessageHead;
  _record: number;
  /** `HEAD_…` flags of the layout: keep-alive, framing and so on. */
  readonly _flags: number;
  _body: IncomingBody | null;
  _headers: ReceivedHeaders | null;
  _abort: Pick<AbortController, 'signal' | 'abort'> | null;
  /** Whether 100 Continue was sent. */
  _continued: boolean;
  /** The files of its form that were written to disk. */
  _uploads: Uploads | null;
  /** Whether the connection is closed after the response to this request. */
  _lastOne: boolean;
  /** The values of the route's parameters; null when the route has none. */
  _found: Found | null;
  /** State that only few requests need; null until then. */
  _extras: RequestExtras | null;

  /** Constructed only by the server. */
  constructor(connection: ServerConnection, chunk: MessageHead, record: number) {
    this._connection = connection;
    this._chunk = chunk;
    this._record = record;
    this._headers = null;
    this._abort = null;
    this._continued = false;
    this._uploads = null;
    this._lastOne = false;
    this._found = null;
    this._extras = null;
    this._flags = chunk.word(record, HEAD_FLAGS);
    this._body =
      (this._flags & HEAD_HAS_BODY) === 0
        ? null
        : new IncomingBody(connection, this._declaredLength());
  }

  /**
   * Copies the head out of its receive chunk, which is to be reused, if the handler has not
   * finished.
   */
  _leaveChunk(): void {
    if (!(this._chunk instanceof HeadChunk) || !this._connection._awaits(this)) return;
    const own = new OwnHead(this._chunk, this._record);
    this._chunk = own;
    this._record = 0;
    this._headers?._move(own, 0);
  }

  /** The method as it was sent: `GET`, `POST`, … */
  get method(): string {
    const number = this._chunk.word(this._record, HEAD_METHOD);
    return METHODS[number] ?? this.#text(HEAD_METHOD_OFFSET, HEAD_METHOD_LENGTH);
  }

  /** The request target as it was sent, not decoded: `/search?q=1`. */
  get target(): string {
    return this.#text(HEAD_TARGET_OFFSET, HEAD_TARGET_LENGTH);
  }

  /**
   * The path of the target, without the query and not decoded: `/search`.
   * @throws HttpError 400 when the target is not a valid absolute URL
   */
  get path(): string {
    const { _chunk: head, _record: record } = this;
    const length = head.word(record, HEAD_PATH_LENGTH);
    if (length !== 0) return head.text(record, head.word(record, HEAD_TARGET_OFFSET), length);
    const { target } = this;
    if (target.charCodeAt(0) !== 47 && target !== '*') {
      if (!URL.canParse(this._url())) throw new HttpError(400);
      return new URL(this._url()).pathname;
    }
    const query = target.indexOf('?');
    return query === -1 ? target : target.slice(0, query);
  }

  /**
   * The absolute URL, made of scheme, Host header and target; scheme and host as reported by a
   * trusted proxy (`trustedProxies`).
   */
  get url(): string {
    return this._url();
  }

  /** The same without the side effect that `url` may have (web-classes.ts). */
  _url(): string {
    const target = this.target;
    if (target.charCodeAt(0) === 47) return `${this.#scheme()}://${this.#host()}${target}`;
    return target.includes('://') ? target : `${this.#scheme()}://${this.#host()}/`;
  }

  /** The decoded query of the target; a new object each time. */
  get query(): URLSearchParams {
    const { target } = this;
    const start = target.indexOf('?');
    return new URLSearchParams(start === -1 ? '' : target.slice(start));
  }

  /**
   * The decoded parameters of the route's path: `{ id: '7' }` for `/users/:id`. A `%2F` is decoded
   * to a slash, and a value may be `..`, so it is not safe to use as a file name.
   */
  get params(): Params {
    return (this._found === null ? {} : this._found.params(this)) as Params;
  }

  /**
   * The value set for this request, else for the server, else the key's default.
   * @throws ReferenceError when there is none of these; TypeError when `key` is not a ContextKey
   */
  get<T>(key: ContextKey<T>): T {
    return this.#values().get(key);
  }

  /** Whether a value was set, for this request or for the server. */
  has<T>(key: ContextKey<T>): boolean {
    return this.#values().has(key);
  }

  /** Sets a value for the middleware and handlers that get this request. */
  set<T>(key: ContextKey<T>, value: T): void {
    const extras = (this._extras ??= new RequestExtras());
    extras.values ??= new ContextValues(this._connection._server._state);
    extras.values.set(key, value);
  }

  /**
   * Calls `callback` with the response just before it is sent, whatever made it: a handler, an
   * error, a 404. The callback may change it. Callbacks are called in reverse order of
   * registration. @throws TypeError when it is not a function
   */
  onResponse(callback: ResponseHook): void {
    if (typeof callback !== 'function') throw new TypeError('onResponse() takes a function');
    (this._extras ??= new RequestExtras()).onResponse(callback);
  }

  /**
   * The decoded cookies, as an object without a prototype; the first one of the same name counts. A
   * new object each time.
   */
  get cookies(): Record<string, string> {
    return readCookies(this.headers);
  }

  /** The header fields, which cannot be changed. */
  get headers(): ReadonlyHeaders {
    return (this._headers ??= new ReceivedHeaders(this._chunk, this._record));
  }

  /**
   * The trailers of a chunked body; empty before the body was read to its end. Fields for framing,
   * routing or interpretation are left out, as they come too late. A new object each time.
   * @example const text = yield* request.text(), sum = request.trailers.get('x-sum');
   */
  get trailers(): Headers {
    return readTrailers(this._body === null ? '' : this._body.trailers);
  }

  /** '1.1' or '1.0'. */
  get httpVersion(): string {
    return (this._flags & HEAD_VERSION10) === 0 ? '1.1' : '1.0';
  }

  /**
   * The address of the other end of the connection (a proxy's, if there is one); '' for a Unix
   * socket, null when the connection is closed.
   */
  get remoteAddress(): string | null {
    return this._connection._peer();
  }

  /**
   * The address of the client: that reported by trusted proxies (`trustedProxies`) in a header
   * field or by the PROXY protocol, otherwise `remoteAddress`. '' for a Unix socket, null when the
   * connection is closed.
   */
  get ip(): string | null {
    return this.#forwarded()?.ip ?? this.remoteAddress;
  }

  /** The conditions of the request (If-Match, …); a new object each time. */
  get conditions(): Conditions {
    return readConditions(this.headers);
  }

  /**
   * The requested ranges (Range) of something that has `size` bytes, as positions of the first and
   * last byte. [] when no range can be satisfied, which calls for a 416; null when the whole is
   * requested, or the field is invalid. It does not check `conditions.ifRange`.
   * @throws TypeError or RangeError when `size` is not a non-negative integer
   */
  ranges(size: number): readonly ByteRange[] | null {
    return readRanges(this.headers.get('range'), integer('size', size, 0, 2 ** 53 - 1));
  }

  /**
   * The media type that the client prefers (Accept), or null when it accepts none of them.
   * @example request.accepts('text/html', 'application/json') === 'text/html'
   */
  accepts(...types: string[]): string | null {
    return acceptedTypes(this.headers, types)[0] ?? null;
  }

  /** The same for content codings (Accept-Encoding): of equally preferred ones the first given. */
  acceptsEncodings(...codings: string[]): string | null {
    return acceptedEncodings(this.headers, codings)[0] ?? null;
  }

  /** The same for languages (Accept-Language). */
  acceptsLanguages(...languages: string[]): string | null {
    return acceptedLanguages(this.headers, languages)[0] ?? null;
  }

  /** The body as a stream; empty when the request has none. */
  get body(): IncomingBody {
    if (this._body === null) {
      this._body = new IncomingBody(this._connection);
      this._body._end();
    }
    return this._body;
  }

  /** Whether the body was read, or is being read. */
  get bodyUsed(): boolean {
    return this._body !== null && this._body.used;
  }

  /**
   * The whole body as text (UTF-8). Cancelling the wait discards the body, which cannot be read
   * again.
   * @throws HttpError 413 when it is larger than `maxBodySize`, 408 when it is too slow; an Error
   * with code ECONNRESET when the client went away; TypeError when the body was already read
   */
  text(): Future<string> {
    return this.body._claim(toText);
  }

  /**
   * The whole body, parsed as JSON.
   * @throws SyntaxError when it is not JSON; unless the handler catches it, the client gets a 400.
   * Otherwise as `text`
   */
  json<T = any>(): Future<T> {
    return this.body._claim(toRequestJson) as Future<T>;
  }

  /** The whole body as bytes. @throws as `text` */
  bytes(): Future<Uint8Array> {
    return this.body._claim(toBytes);
  }

  /** The whole body as an ArrayBuffer of its own. @throws as `text` */
  arrayBuffer(): Future<ArrayBuffer> {
    return this.body._claim(toArrayBuffer);
  }

  /** The whole body as a Blob with the request's Content-Type. @throws as `text` */
  blob(): Future<Blob> {
    const type = this.headers.get('content-type') ?? '';
    return this.body._claim((bytes) => new Blob([bytes as Uint8Array<ArrayBuffer>], { type }));
  }

  /**
   * The fields and files of a form, urlencoded or multipart. Large files are written to disk while
   * they are received (see UploadedFile), and removed when the request is over. A multipart body is
   * parsed with Node's streams, which do not work in a loop that owns its thread (`runSync`).
   *
   * @param options - limits; see FormOptions
   * @throws HttpError 415 when the body is not a form, 400 when it is malformed, 413 when it
   * exceeds a limit; otherwise as `text`
   */
  formData(options: FormOptions = {}): Future<FormData> {
    const limits = checkFormOptions('formData()', options);
    const type = this.headers.get('content-type') ?? '';
    return collectForm(this.body, type, limits, this._connection._loop, (uploads) => {
      this._uploads = uploads;
    });
  }

  /**
   * A copy of the request with the same head and body, as WHATWG's `clone`: both bodies can be
   * read. What only one of them has read is buffered for the other, up to `maxBodySize`. The copy
   * has the same `params` and values; what is `set` later on one of them is not seen by the other.
   * The response remains that of the original, and so do `onResponse` and `sendEarlyHints`.
   * @throws TypeError when the body is being read or was read
   */
  clone(): Request<Params> {
    if (this.bodyUsed) throw new TypeError('a request whose body is used cannot be cloned');
    const head = this._chunk instanceof HeadChunk ? new OwnHead(this._chunk, this._record) : null;
    const clone = new Request<Params>(
      this._connection,
      head ?? this._chunk,
      head === null ? this._record : 0,
    );
    // Makes the signal, aborted if the client has already gone.
    void this.signal;
    clone._abort = this._abort;
    clone._found = this._found?._copy() ?? null;
    const values = this._extras?.values ?? null;
    if (values !== null) (clone._extras = new RequestExtras()).values = values._copy();
    if (this._body !== null) {
      clone._body = this._body._tee();
      // The connection knows only the original, so that has to remove the files of both.
      (this._extras ??= new RequestExtras()).onFinish(() => clone._over());
    }
    return clone;
  }

  /**
   * Sends a 103 (Early Hints), so that the browser can load resources while the response is made;
   * the response should have these fields, too.
   *
   * @returns false when nothing was sent, because the response has begun or the client uses
   * HTTP/1.0
   * @throws TypeError for an invalid field
   * @example request.sendEarlyHints({ link: '</style.css>; rel=preload; as=style' })
   */
  sendEarlyHints(fields: HeadersInit | ReadonlyHeaders): boolean {
    const headers = new Headers(fields);
    const { _current: exchange, _lost: lost } = this._connection;
    const old = (this._flags & HEAD_VERSION10) !== 0;
    if (lost || old || exchange === null || exchange._request !== this || exchange._answered) {
      return false;
    }
    this._connection._writeLatin1(`HTTP/1.1 103 Early Hints\r\n${headers._lines()}\r\n`);
    return true;
  }

  /**
   * Aborts when the client closes the connection, or its side of it, before the response was sent;
   * and when the `timeout` of the server is over.
   */
  get signal(): AbortSignal {
    if (this._abort === null) {
      this._abort = new AbortController();
      if (this._connection._gone) this._abortNow();
    }
    return this._abort.signal;
  }

  toString(): string {
    return `Request { ${this.method} ${this._url()} }`;
  }

  /** The request is over: removes the files of its form, and tells who waits for the end. */
  _over(): void {
    if (this._uploads !== null) this._uploads.remove();
    if (this._extras !== null) this._extras.finished();
  }

  /** The Content-Length, or Infinity without one. */
  _declaredLength(): number {
    if ((this._flags & HEAD_HAS_LENGTH) === 0) return Infinity;
    return (
      this._chunk.word(this._record, HEAD_LENGTH_HIGH) * 2 ** 32 +
      this._chunk.word(this._record, HEAD_LENGTH_LOW)
    );
  }

  /** Names and values alternately, as received. */
  _rawHeaders(): string[] {
    const { _chunk: head, _record: record } = this;
    const count = head.fieldCount(record);
    const raw: string[] = [];
    for (let n = 0; n < count; n++) raw.push(head.fieldName(record, n), head.fieldValue(record, n));
    return raw;
  }

  _abortNow(): void {
    this._abort?.abort(new Disconnected());
  }

  /**
   * Creates the signal if needed, so that it is aborted even if it is read only later: unlike a
   * disconnect, this cannot be seen from the connection.
   */
  _abortWith(reason: unknown): void {
    (this._abort ??= new AbortController()).abort(reason);
  }

  /** Whether an error of the handler is only a consequence of the client's disconnect. */
  _abortedBy(error: unknown): boolean {
    try {
      if (error instanceof Disconnected) return true;
      return error instanceof Error && error.cause instanceof Disconnected;
    } catch {
      // For example a Proxy whose traps throw.
      return false;
    }
  }

  #values(): ContextValues {
    return this._extras?.values ?? this._connection._server._state;
  }

  #text(offset: number, length: number): string {
    const { _chunk: head, _record: record } = this;
    return head.text(record, head.word(record, offset), head.word(record, length));
  }

  #scheme(): string {
    return this.#forwarded()?.proto ?? this._connection._server._scheme;
  }

  /** What trusted proxies report about this request; null where none is trusted. */
  #forwarded(): Forwarded | null {
    const { _trusted: trusted, _sources: sources } = this._connection._server;
    if (trusted === null) return null;
    const peer = sources.get(this._connection)?.address ?? this.remoteAddress;
    return peer === null ? null : forwarded(trusted, peer, this.headers);
  }

  #host(): string {
    const told = this.#forwarded()?.host ?? null;
    if (told !== null) return told;
    const named =
      this._chunk.word(this._record, HEAD_FIELD_COUNT) === 0 ? null : this.headers.get('host');
    return named === null || named === '' ? this._connection._server._authority : named;
  }
}

showsText(Request);

/**
 * The body of a request is not JSON. A class of its own, since this is the client's fault (400),
 * unlike other SyntaxErrors of a handler.
 */
export class MalformedJson extends SyntaxError {
  constructor(cause: SyntaxError) {
    super(cause.message, { cause });
    this.name = 'SyntaxError';
  }
}

function toRequestJson(bytes: Uint8Array): unknown {
  try {
    return toJson(bytes);
  } catch (error) {
    throw new MalformedJson(error as SyntaxError);
  }
}

/** The client has gone: the error of code that still waits for it. */
export class Disconnected extends Error {
  readonly code: string = 'ECONNRESET';

  constructor() {
    super('client disconnected');
    this.name = 'Disconnected';
  }
}
