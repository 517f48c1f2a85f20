import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Future } from '../../core/future/future.ts';
import { describe } from '../../core/support/describe.ts';
import { failedFuture } from '../../core/future/done-future.ts';
import { checkOptions } from '../../core/support/options.ts';
import { showsText } from '../../core/support/shows-text.ts';
import type { Coro } from '../../core/support/types.ts';
import { HEAD_REASON_LENGTH, HEAD_REASON_OFFSET, HEAD_STATUS } from '../../native/layout.ts';
import type { ClientConnection } from './connection.ts';
import { abortable, abortedFirst, NO_OPTIONS } from '../../tasks/abort.ts';
import type { SignalOptions } from '../../tasks/abort.ts';
import { ClientConnectionError, ClientResponseError, ContentTypeError } from './errors.ts';
import { codingsOf, unpackAtOnce, unpackPieces } from './decode-content.ts';
import { Delivery } from './delivery.ts';
import { EventStream } from './event-stream.ts';
import type { ReadonlyHeaders } from '../message/headers.ts';
import { HeadersWithout } from './headers-without.ts';
import { holdChunk } from '../message/head-chunk.ts';
import { readTrailers } from '../message/received-trailers.ts';
import type { Headers } from '../message/headers.ts';
import type { RequestLimits } from './request-limits.ts';
import { ResponseBody } from './response-body.ts';
import { dispositionOf, linksOf } from './response-fields.ts';
import type { ContentDisposition, ResponseLink } from './response-fields.ts';
import type { ResponseHead } from './response-head.ts';
import type { LinesOptions } from './response-lines.ts';
import { lineLimit, LineSource, ResponseLines } from './response-lines.ts';
import { isBodyless } from '../message/status.ts';
import { utf8Text } from '../message/utf8-text.ts';
import { watchForRelease } from './unclosed.ts';
import type { Unpacking } from './unpacking.ts';
import { piecesOf } from './unpacking.ts';

/** How many bytes are joined in one turn. */
const JOIN_BYTES = 2 * 2 ** 20;

/** Headers that describe the encoded body. */
const OF_PACKING = ['content-encoding', 'content-length'];

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\b/i;

/** Options of `text()` of a response. */
export interface TextOptions extends SignalOptions {
  /** Default: the charset of Content-Type, else UTF-8. */
  encoding?: string;
}

/** Options of `json()` of a response. */
export interface JsonOptions extends SignalOptions {
  /** Null accepts any content type. */
  contentType?: null;
}

/**
 * The response to a request: the head has arrived, the body may still be arriving. Read it to the
 * end, or `release()` it, to free the connection for the next request.
 *
 * @example
 * const response = yield* session.get('http://localhost:8080/');
 * response.raiseForStatus();
 * const text = yield* response.text();
 */
export class ClientResponse {
  /** The method of the last request, which a redirect may have changed to GET. */
  readonly method: string;
  /** The URL that answered, after redirects. */
  readonly url: string;
  /** The status code. */
  readonly status: number;
  /**
   * The headers that fit the body as it is read: if it is decoded, `content-encoding` and
   * `content-length`, which describe the encoded body, are left out. With `autoDecompress: false`
   * body and headers are as received.
   */
  readonly headers: ReadonlyHeaders;
  /** The redirects that led here, oldest first. */
  readonly history: readonly ClientResponse[];
  readonly #head: ResponseHead;
  readonly _connection: ClientConnection;
  readonly #codings: readonly string[];
  readonly #maxDecoded: number;
  #bytes: Uint8Array | null = null;
  #body: ResponseBody | null = null;
  #delivery: Delivery | null = null;
  /** The limits of its own request, if it was sent by middlewares. */
  #limits: RequestLimits | null = null;
  #unpacking: Unpacking | null = null;
  /** Whether the decoded body is being read as a whole. */
  #joining = false;

  /** Created by the session only. */
  constructor(
    connection: ClientConnection,
    head: ResponseHead,
    method: string,
    url: string,
    history: readonly ClientResponse[],
    decompress: boolean,
    maxDecoded: number,
  ) {
    this._connection = connection;
    this.#head = head;
    this.method = method;
    this.url = url;
    this.history = history;
    this.status = head.chunk.word(head.record, HEAD_STATUS);
    const { headers } = head;
    const packed = decompress && method !== 'HEAD' && !isBodyless(this.status);
    this.#codings = packed ? codingsOf(headers.get('content-encoding')) : [];
    this.headers = this.#codings.length === 0 ? headers : new HeadersWithout(headers, OF_PACKING);
    this.#maxDecoded = maxDecoded;
  }

  /**
   * Called when the caller gets the response: the limits of its request now apply to the rest of
   * it.
   */
  _deliver(limits: RequestLimits, signal: AbortSignal | null | undefined): void {
    const { _connection: connection } = this;
    this.#limits = limits;
    if (this._isThere) {
      limits.release();
      return;
    }
    const { body, complete } = this.#head;
    this.#delivery = new Delivery(connection, body, limits, signal);
    if (complete) return;
    holdChunk(this.#head);
    watchForRelease(this, connection, body);
  }

  /** Whether it is complete and needs no decoding, so that no limit is needed any more. */
  get _isThere(): boolean {
    return this.#head.complete && this.#codings.length === 0;
  }

  /** Whether middlewares already got it: then the limits of the call end together with its own. */
  _endLimits(outer: RequestLimits): boolean {
    if (this.#limits === null) return false;
    outer.endWith(this.#limits);
    return true;
  }

  /** The headers as received, including those of an encoded body. */
  _allHeaders(): ReadonlyHeaders {
    return this.#head.headers;
  }

  /** The reason phrase sent by the server. */
  get reason(): string {
    const { chunk, record } = this.#head;
    return chunk.text(
      record,
      chunk.word(record, HEAD_REASON_OFFSET),
      chunk.word(record, HEAD_REASON_LENGTH),
    );
  }

  /**
   * The trailers of a chunked body; empty until it was read to its end. Fields for the framing,
   * routing or interpretation of a message, which come too late there, are left out. A new object
   * each time.
   */
  get trailers(): Headers {
    return readTrailers(this.#head.trailers);
  }

  /** The same as `reason`, with fetch's name. */
  get statusText(): string {
    return this.reason;
  }

  /** Whether a redirect led here. */
  get redirected(): boolean {
    return this.history.length > 0;
  }

  /** Whether the status is below 400. */
  get ok(): boolean {
    return this.status < 400;
  }

  /** The media type without parameters, in lower case; '' when there is none. */
  get contentType(): string {
    return (this.headers.get('content-type') ?? '').split(';', 1)[0]!.trim().toLowerCase();
  }

  /** The cookies set by this response, by name; those of the session are in its jar. */
  get cookies(): Map<string, string> {
    const cookies = new Map<string, string>();
    for (const header of this.headers.getSetCookie()) {
      const [pair] = header.split(';', 1);
      const at = pair!.indexOf('=');
      if (at > 0) cookies.set(pair!.slice(0, at).trim(), pair!.slice(at + 1).trim());
    }
    return cookies;
  }

  /** The `Link` headers by relation: `response.links.get('next')?.url`. */
  get links(): Map<string, ResponseLink> {
    return linksOf(this.headers.get('link'), this.url);
  }

  /**
   * How the body is meant to be presented, and the suggested file name; null without the header.
   */
  get contentDisposition(): ContentDisposition | null {
    return dispositionOf(this.headers.get('content-disposition'));
  }

  /** The body in pieces: `read()` in both lanes, or `for await`. */
  get body(): ResponseBody {
    if (this.#body !== null) return this.#body;
    const head = this.#head;
    // Kept, so that it can still be read again as a whole.
    if (head.isWhole && head.used) this.#bytes ??= head.whole();
    return (this.#body = new ResponseBody(this, {
      raw: head.body,
      unpacked: this.#codings.length === 0 ? null : () => this.#readUnpacked(),
    }));
  }

  /** Whether reading the body has begun. */
  get bodyUsed(): boolean {
    return this.#head.used || this.#unpacking !== null;
  }

  /**
   * The whole body; it may be read again. When the wait is cancelled or `signal` aborts, the rest
   * of the body is released and lost.
   * @throws TypeError when it was read in pieces; (awaited) ClientPayloadError when it is invalid
   *   or too large; ServerTimeoutError; AbortError when `signal` aborts
   */
  bytes(options: SignalOptions = NO_OPTIONS): Future<Uint8Array> {
    return this.#whole('bytes()', options, (bytes) => bytes);
  }

  /** The whole body as a copy. @throws as `bytes` */
  arrayBuffer(options: SignalOptions = NO_OPTIONS): Future<ArrayBuffer> {
    return this.#whole('arrayBuffer()', options, (bytes) => new Uint8Array(bytes).buffer);
  }

  /** The whole body with its content type. @throws as `bytes` */
  blob(options: SignalOptions = NO_OPTIONS): Future<Blob> {
    const type = this.headers.get('content-type') ?? '';
    return this.#whole(
      'blob()',
      options,
      (bytes) => new Blob([bytes as Uint8Array<ArrayBuffer>], { type }),
    );
  }

  /** The same as `bytes`, with aiohttp's name. */
  read(options: SignalOptions = NO_OPTIONS): Future<Uint8Array> {
    return this.#whole('read()', options, (bytes) => bytes);
  }

  /**
   * The whole body as text.
   * @param encoding - default: the charset of Content-Type, else UTF-8; or options with it
   * @throws RangeError for an unknown encoding; otherwise as `bytes`
   */
  text(encoding?: string | TextOptions, options?: SignalOptions): Future<string> {
    if (encoding === undefined && options === undefined && this.#isPlainText()) {
      return settled(this._connection._loop, () => this.#head.text());
    }
    const { signals, name } = textOptions(encoding, options);
    const decoder = decoderOf(name ?? this.#charset());
    return this.#whole('text()', signals, (bytes) => decoder.decode(bytes));
  }

  /**
   * The whole body as JSON.
   * @param options - `contentType: null` accepts any content type
   * @throws ContentTypeError when Content-Type is not JSON; (awaited) SyntaxError; otherwise as
   *   `bytes`
   */
  json<T = any>(options: JsonOptions = NO_OPTIONS): Future<T> {
    let signals = NO_OPTIONS;
    if (options !== NO_OPTIONS) {
      checkOptions('json()', options, ['contentType', 'signal']);
      const { contentType, signal } = options;
      if (contentType !== null && contentType !== undefined) {
        throw new TypeError(
          `json(): contentType is null or not given, not ${describe(contentType)}`,
        );
      }
      if (signal != null) signals = { signal };
    }
    if (options.contentType !== null && !JSON_TYPE.test(this.contentType)) {
      throw new ContentTypeError(
        this,
        `unexpected content type ${JSON.stringify(this.contentType)} where JSON was expected`,
      );
    }
    if (signals === NO_OPTIONS && this.#isPlainText()) {
      return settled(this._connection._loop, () => JSON.parse(this.#head.text()) as T);
    }
    const decoder = decoderOf(this.#charset());
    return this.#whole('json()', signals, (bytes) => JSON.parse(decoder.decode(bytes)) as T);
  }

  /**
   * The lines of the body, as they arrive. Read with `read()`, in both lanes, or with `for await`.
   * @throws TypeError, RangeError for an invalid `limit`; TypeError when the body was already read
   */
  readLines(options: LinesOptions = {}): ResponseLines {
    const limit = lineLimit('readLines()', options);
    if (this.bodyUsed) throw alreadyRead();
    return new ResponseLines(new LineSource(this, limit, false), decoderOf(this.#charset()));
  }

  /**
   * The events of a `text/event-stream`, as they arrive. Read with `read()`, in both lanes, or with
   * `for await`. The request should have no total time limit (`timeout: null`).
   * @throws ContentTypeError when it is not `text/event-stream`; TypeError, RangeError for an
   *   invalid `limit`; TypeError when the body was already read
   */
  sse(options: LinesOptions = {}): EventStream {
    return this._events(lineLimit('sse()', options), '');
  }

  /** @param lastEventId - id of the last event before these */
  _events(limit: number, lastEventId: string): EventStream {
    if (!/^text\/event-stream\b/i.test(this.contentType)) {
      throw new ContentTypeError(
        this,
        `unexpected content type ${JSON.stringify(this.contentType)} where events were expected`,
      );
    }
    if (this.bodyUsed) throw alreadyRead();
    return new EventStream(new LineSource(this, limit, true), limit, lastEventId);
  }

  /** @throws ClientResponseError when the status is 400 or more, after releasing the response */
  raiseForStatus(): this {
    if (this.ok) return this;
    this.release();
    throw new ClientResponseError(this, this.reason);
  }

  /** Discards the body. If little of it is left, the connection is kept for reuse. */
  release(): void {
    this.#unpacking?.end();
    const head = this.#head;
    if (!head.complete) this._connection._drainRest(head.body);
  }

  /** Discards the body, and drops the connection if any of the body is left. */
  close(): void {
    this.#unpacking?.end();
    if (!this.#head.complete) {
      this._connection._abort(new ClientConnectionError('the response was closed'));
    }
  }

  [Symbol.dispose](): void {
    this.release();
  }

  toString(): string {
    const type = this.contentType === '' ? '' : ` ${this.contentType}`;
    return `<ClientResponse ${this.status} ${this.method} ${this.url}${type}>`;
  }

  /** Whether the body is complete in its chunk and needs no decoding other than from UTF-8. */
  #isPlainText(): boolean {
    return this.#head.isWhole && this.#codings.length === 0 && this.#charset() === 'utf-8';
  }

  /** @throws TypeError for invalid options, and when it was read in pieces */
  #whole<T>(where: string, options: SignalOptions, convert: (bytes: Uint8Array) => T): Future<T> {
    const loop = this._connection._loop;
    const aborted = abortedFirst(where, options);
    if (aborted !== null) return failedFuture({ loop }, aborted);
    const whole = this.#readWhole(convert);
    const { signal } = options;
    return signal != null && !whole.done() ? abortable(loop, whole, signal) : whole;
  }

  #readWhole<T>(convert: (bytes: Uint8Array) => T): Future<T> {
    if (this.#bytes !== null) return settled(this._connection._loop, () => convert(this.#bytes!));
    if (this.#head.isWhole && this.#codings.length === 0) {
      this.#bytes = this.#head.whole();
      return settled(this._connection._loop, () => convert(this.#bytes!));
    }
    const { body } = this.#head;
    if (this.#codings.length === 0) {
      const whole = body._claim((bytes) => convert((this.#bytes = bytes)));
      // A cancelled reader does not need the rest, which may never arrive.
      if (!whole.done()) whole.addDoneCallback(() => whole.cancelled() && this.release());
      return whole;
    }
    if (this.#unpacking !== null) throw alreadyRead();
    const loop = this._connection._loop;
    if (loop._ownsThread) {
      return body._claim((packed) => convert((this.#bytes = this.#atOnce(packed, true)!)));
    }
    if (!body.complete) return this.#unpackWhole(null, convert);
    const collected = body._claim((packed) => packed);
    let packed: Uint8Array;
    try {
      packed = collected.result();
      this.#bytes = this.#atOnce(packed, false);
    } catch (error) {
      return settled(loop, () => {
        throw error;
      });
    }
    return this.#bytes === null
      ? this.#unpackWhole(packed, convert)
      : settled(loop, () => convert(this.#bytes!));
  }

  #atOnce(packed: Uint8Array, always: boolean): Uint8Array | null {
    return unpackAtOnce(packed, this.#codings, this.#maxDecoded, always);
  }

  /**
   * Decodes the pieces as they arrive and joins them. @param packed - the body, if it is complete
   */
  #unpackWhole<T>(packed: Uint8Array | null, convert: (bytes: Uint8Array) => T): Future<T> {
    const unpacking = this.#unpack(packed);
    this.#joining = true;
    const response = this;
    return this._connection._loop._startTask(
      (function* (): Coro<T> {
        const pieces: Uint8Array[] = [];
        try {
          for (let piece; (piece = yield* unpacking.read()) !== null;) pieces.push(piece);
        } finally {
          unpacking.end();
        }
        response.#bytes = yield* joinInTurns(pieces);
        return convert(response.#bytes);
      })(),
    );
  }

  /**
   * The next decoded piece. While a `…Sync` call blocks the thread, it is the whole body.
   */
  #readUnpacked(): Future<Uint8Array | null> {
    if (this.#unpacking === null && this._connection._loop._ownsThread) {
      const { used } = this.#head.body;
      return used && this.#bytes !== null
        ? settled(this._connection._loop, () => null)
        : this.bytes();
    }
    if (this.#joining || (this.#unpacking === null && this.#head.body.used)) throw alreadyRead();
    return (this.#unpacking ?? this.#unpack(null)).read();
  }

  #unpack(packed: Uint8Array | null): Unpacking {
    const source = packed === null ? piecesOf(this.#head.body) : onePiece(packed);
    const pieces = unpackPieces(source, this.#codings, this.#maxDecoded);
    return (this.#unpacking = this.#delivery!.unpack(pieces));
  }

  #charset(): string {
    const type = this.headers.get('content-type');
    if (type === null || !type.includes(';')) return 'utf-8';
    const match = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(type);
    if (match === null) return 'utf-8';
    try {
      return new TextDecoder(match[1]!).encoding;
    } catch {
      return 'utf-8';
    }
  }
}

showsText(ClientResponse);

/** Decodes bytes to text. */
type Decoder = Pick<InstanceType<typeof TextDecoder>, 'decode'>;

const UTF8: Decoder = { decode: (bytes) => utf8Text(bytes as Uint8Array) };

/** @throws RangeError for an unknown encoding */
function decoderOf(encoding: string): Decoder {
  return encoding === 'utf-8' ? UTF8 : new TextDecoder(encoding);
}

/** @throws TypeError for invalid options, or an encoding that is not a string */
function textOptions(
  first: string | TextOptions | undefined,
  second: SignalOptions | undefined,
): { name: string | undefined; signals: SignalOptions } {
  if (first === undefined || typeof first === 'string') {
    return { name: first, signals: second ?? NO_OPTIONS };
  }
  checkOptions('text()', first, ['encoding', 'signal']);
  if (second !== undefined) throw new TypeError('text(): its options are given twice');
  const { encoding, signal } = first;
  if (encoding !== undefined && typeof encoding !== 'string') {
    throw new TypeError(`text(): encoding must be a string, not ${describe(encoding)}`);
  }
  return { name: encoding, signals: signal == null ? NO_OPTIONS : { signal } };
}

function alreadyRead(): TypeError {
  return new TypeError('body has already been read');
}

function settled<T>(loop: EventLoop, make: () => T): Future<T> {
  const future = loop.createFuture<T>();
  try {
    future.setResult(make());
  } catch (error) {
    future._fail(error);
  }
  return future;
}

/**
 * Joins pieces over several turns, as there may be many of them: touching new memory is slow, more
 * than copying, and would block the loop.
 */
function* joinInTurns(pieces: Uint8Array[]): Coro<Uint8Array> {
  const joined = Buffer.allocUnsafeSlow(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  let inTurn = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
    inTurn += piece.length;
    if (inTurn < JOIN_BYTES) continue;
    inTurn = 0;
    yield;
  }
  return joined;
}

async function* onePiece(piece: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield piece;
}
