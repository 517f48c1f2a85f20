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
 * A request as `serve` hands it to the handler. Everything is decoded when it is asked for, from
 * the bytes as they came in.
 *
 * @example
 * serve({ *fetch(request) {
 *   if (request.method !== 'POST') return new Response('hello');
 *   const order = yield* request.json();
 *   return Response.json({ accepted: order.length });
 * } });
 */
export class Request<Params = Readonly<Record<string, string>>> implements ChunkHolder {
  // Plain fields, set in this order in the constructor: a request is made for every few hundred
  // nanoseconds of a busy server.
  readonly _connection: ServerConnection;
  _chunk: MessageHead;
  _record: number;
  /** `HEAD_…` of the layout: keep-alive, what framing, … */
  readonly _flags: number;
  _body: IncomingBody | null;
  _headers: ReceivedHeaders | null;
  _abort: Pick<AbortController, 'signal' | 'abort'> | null;
  /** 100 Continue was sent. */
  _continued: boolean;
  /** The files of its form that are on disk. */
  _uploads: Uploads | null;
  /** The connection ends with the response to this request. */
  _lastOne: boolean;
  /** What the route that took it has for its parameters; null when it has none. */
  _found: Found | null;
  /** What few requests have. */
  _extras: RequestExtras | null;

  /** Made by the server only. */
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

  /** The handler is not done yet, or has not begun: the head must not keep its chunk. */
  _leaveChunk(): void {
    if (!(this._chunk instanceof HeadChunk) || !this._connection._awaits(this)) return;
    const own = new OwnHead(this._chunk, this._record);
    this._chunk = own;
    this._record = 0;
    this._headers?._move(own, 0);
  }

  /** `GET`, `POST`, … as it was sent. */
  get method(): string {
    const number = this._chunk.word(this._record, HEAD_METHOD);
    return METHODS[number] ?? this.#text(HEAD_METHOD_OFFSET, HEAD_METHOD_LENGTH);
  }

  /** The request target as it was sent, not decoded: `/search?q=1`. */
  get target(): string {
    return this.#text(HEAD_TARGET_OFFSET, HEAD_TARGET_LENGTH);
  }

  /**
   * The target up to the query, not decoded: `/search`.
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

  /** The absolute URL, of the Host header and the target. */
  get url(): string {
    return this._url();
  }

  /** The same, for who is no framework (web-classes.ts). */
  _url(): string {
    const target = this.target;
    if (target.charCodeAt(0) === 47) return `${this.#scheme()}://${this.#host()}${target}`;
    return target.includes('://') ? target : `${this.#scheme()}://${this.#host()}/`;
  }

  /** The query of the target, decoded; a new object each time. */
  get query(): URLSearchParams {
    const { target } = this;
    const start = target.indexOf('?');
    return new URLSearchParams(start === -1 ? '' : target.slice(start));
  }

  /**
   * The parameters of the route's path, decoded: `{ id: '7' }` for `/users/:id`. A slash that was
   * sent as `%2F` is one here, and a value may be `..`: it is no name of a file yet.
   */
  get params(): Params {
    return (this._found === null ? {} : this._found.params(this)) as Params;
  }

  /**
   * What was set for this request, else for the server, else the key's default.
   * @throws ReferenceError when there is neither
   */
  get<T>(key: ContextKey<T>): T {
    return this.#values().get(key);
  }

  /** Whether something was set, for this request or for the server. */
  has<T>(key: ContextKey<T>): boolean {
    return this.#values().has(key);
  }

  /** Keeps a value for whatever handles this request after this. */
  set<T>(key: ContextKey<T>, value: T): void {
    const extras = (this._extras ??= new RequestExtras());
    extras.values ??= new ContextValues(this._connection._server._state);
    extras.values.set(key, value);
  }

  /**
   * The callback may change the response just before it is sent, whatever made it: a handler, an
   * error, a 404. Callbacks are called in the reverse of the order in which they came.
   */
  onResponse(callback: ResponseHook): void {
    if (typeof callback !== 'function') throw new TypeError('onResponse() takes a function');
    (this._extras ??= new RequestExtras()).onResponse(callback);
  }

  /**
   * The cookies, decoded, as an object without a prototype: of two of one name the first. A new
   * object each time.
   */
  get cookies(): Record<string, string> {
    return readCookies(this.headers);
  }

  get headers(): ReadonlyHeaders {
    return (this._headers ??= new ReceivedHeaders(this._chunk, this._record));
  }

  /**
   * The fields behind a body in chunks; none before it was read to its end. Those are left out that
   * would say how the message is framed, routed or read, for which it is too late. A new object
   * each time.
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
   * Address of the other end, or null when the connection is gone; of a proxy also where that
   * speaks the PROXY protocol.
   */
  get remoteAddress(): string | null {
    return this._connection._peer();
  }

  /**
   * Address of the client: of the other end, or, where `serve` was given `trustedProxies` and they
   * name one, by a field or by the PROXY protocol, of the client for which they ask. Null when the
   * connection is gone, '' of a Unix socket.
   */
  get ip(): string | null {
    return this.#forwarded()?.ip ?? this.remoteAddress;
  }

  /** What the client makes its answer depend on (If-Match, …); a new object each time. */
  get conditions(): Conditions {
    return readConditions(this.headers);
  }

  /**
   * The parts of something of `size` bytes that the client asks for (Range), as places of their
   * first and last bytes; [] when it has none of them, which is a 416; null when it asks for all,
   * or in a way that has no meaning. Whether `conditions.ifRange` holds is another question.
   */
  ranges(size: number): readonly ByteRange[] | null {
    return readRanges(this.headers.get('range'), integer('size', size, 0, 2 ** 53 - 1));
  }

  /**
   * The one of the media types that the client would like best (Accept), or null when it takes none
   * of them.
   * @example request.accepts('text/html', 'application/json') === 'text/html'
   */
  accepts(...types: string[]): string | null {
    return acceptedTypes(this.headers, types)[0] ?? null;
  }

  /** The same of content codings (Accept-Encoding): of equal ones the first given. */
  acceptsEncodings(...codings: string[]): string | null {
    return acceptedEncodings(this.headers, codings)[0] ?? null;
  }

  /** The same of languages (Accept-Language). */
  acceptsLanguages(...languages: string[]): string | null {
    return acceptedLanguages(this.headers, languages)[0] ?? null;
  }

  /** The body in pieces; empty when the request has none. */
  get body(): IncomingBody {
    if (this._body === null) {
      this._body = new IncomingBody(this._connection);
      this._body._end();
    }
    return this._body;
  }

  get bodyUsed(): boolean {
    return this._body !== null && this._body.used;
  }

  /**
   * The whole body as text (UTF-8).
   * @throws HttpError 413 when it is larger than `maxBodySize`; an Error of code ECONNRESET when
   * the client went away; TypeError when the body was read before
   */
  text(): Future<string> {
    return this.body._claim(toText);
  }

  /**
   * The whole body as JSON.
   * @throws SyntaxError when it is not JSON, which answers the request with 400 unless the handler
   * catches it; see `text` for the rest
   */
  json<T = any>(): Future<T> {
    return this.body._claim(toRequestJson) as Future<T>;
  }

  /** The whole body. Fails as `text` does. */
  bytes(): Future<Uint8Array> {
    return this.body._claim(toBytes);
  }

  /** The whole body, in a buffer of its own. Fails as `text` does. */
  arrayBuffer(): Future<ArrayBuffer> {
    return this.body._claim(toArrayBuffer);
  }

  /** The whole body, with the request's Content-Type as its type. Fails as `text` does. */
  blob(): Future<Blob> {
    const type = this.headers.get('content-type') ?? '';
    return this.body._claim((bytes) => new Blob([bytes as Uint8Array<ArrayBuffer>], { type }));
  }

  /**
   * The fields and files of a form, urlencoded or multipart. Files that are large are written to
   * disk while they come in (see UploadedFile), and removed when the request is over. A multipart
   * body is taken apart with streams of Node, so not in a loop that owns its thread.
   *
   * @param options - bounds; see FormOptions
   * @throws HttpError 415 when the body is no form, 400 when it is broken, 413 when it goes beyond
   * a bound; see `text` for the rest
   */
  formData(options: FormOptions = {}): Future<FormData> {
    const limits = checkFormOptions('formData()', options);
    const type = this.headers.get('content-type') ?? '';
    return collectForm(this.body, type, limits, this._connection._loop, (uploads) => {
      this._uploads = uploads;
    });
  }

  /**
   * Another request of the same head and body, as WHATWG's: both bodies can be read, and what the
   * slower one has not taken is kept, up to `maxBodySize`.
   * @throws TypeError when the body is being read or was
   */
  clone(): Request {
    if (this.bodyUsed) throw new TypeError('a request whose body is used cannot be cloned');
    const head = this._chunk instanceof HeadChunk ? new OwnHead(this._chunk, this._record) : null;
    const clone = new Request(
      this._connection,
      head ?? this._chunk,
      head === null ? this._record : 0,
    );
    this._abort ??= new AbortController();
    clone._abort = this._abort;
    if (this._body !== null) clone._body = this._body._tee();
    return clone;
  }

  /**
   * Sends a 103 with what the browser may begin to load while the answer is made; the answer should
   * have the fields, too.
   *
   * @returns false when nothing was sent: the answer is on its way, or the client speaks HTTP/1.0
   * @throws TypeError for a field that breaks a head
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

  /** Aborts when the client goes away before it has its answer. */
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

  /** Bytes of the body as its sender said, or Infinity. */
  _declaredLength(): number {
    if ((this._flags & HEAD_HAS_LENGTH) === 0) return Infinity;
    return (
      this._chunk.word(this._record, HEAD_LENGTH_HIGH) * 2 ** 32 +
      this._chunk.word(this._record, HEAD_LENGTH_LOW)
    );
  }

  /** Names and values in turn, as they came. */
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

  /** Also for who asks for the signal later, who sees of the connection only that it is there. */
  _abortWith(reason: unknown): void {
    (this._abort ??= new AbortController()).abort(reason);
  }

  /** Whether an error of the handler only says that the client went away. */
  _abortedBy(error: unknown): boolean {
    try {
      if (error instanceof Disconnected) return true;
      return error instanceof Error && error.cause instanceof Disconnected;
    } catch {
      // A Proxy whose traps throw.
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

  /** What a trusted proxy says of the request that it handed on; null where none is trusted. */
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

/** The body of a request is no JSON: whatever the handler wanted to do, its client is at fault. */
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

/** The error of those who still wait for a client that went away. */
export class Disconnected extends Error {
  readonly code: string = 'ECONNRESET';

  constructor() {
    super('client disconnected');
    this.name = 'Disconnected';
  }
}
