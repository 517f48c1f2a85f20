import type { Future } from '../core/future/future.ts';
import {
  HEAD_REASON_LENGTH, HEAD_REASON_OFFSET, HEAD_STATUS,
} from '../native/layout.ts';
import type { ClientConnection, ResponseHead } from './client-connection.ts';
import { ClientConnectionError, ClientResponseError, ContentTypeError } from './client-errors.ts';
import { decodeContent } from './decode-content.ts';
import { DecodedBody } from './decoded-body.ts';
import type { ReadonlyHeaders } from './headers.ts';
import type { IncomingBody } from './incoming-body.ts';
import { ReceivedHeaders } from './received-headers.ts';

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\b/i;

/**
 * The answer to a request: the head is there, the body may still be on its way. Read it to its
 * end, or `release()` it, so that the connection is free for the next request.
 *
 * @example
 * const response = yield* session.get('http://localhost:8080/');
 * response.raiseForStatus();
 * const text = yield* response.text();
 */
export class ClientResponse {
  readonly method: string;
  /** The URL that answered, after redirections. */
  readonly url: string;
  readonly status: number;
  readonly headers: ReadonlyHeaders;
  /** The redirections that led here, oldest first. */
  readonly history: readonly ClientResponse[];
  readonly #head: ResponseHead;
  readonly _connection: ClientConnection;
  #codings: string[] = [];
  readonly #maxDecoded: number;
  #bytes: Uint8Array | null = null;
  #decoded: DecodedBody | null = null;

  /** Made by the session only. */
  constructor(
    connection: ClientConnection, head: ResponseHead, method: string, url: string,
    history: readonly ClientResponse[], maxDecoded: number,
  ) {
    this._connection = connection;
    this.#head = head;
    this.method = method;
    this.url = url;
    this.history = history;
    this.status = head.chunk.words[head.record + HEAD_STATUS]!;
    this.headers = new ReceivedHeaders(head.chunk, head.record);
    this.#maxDecoded = maxDecoded;
  }

  /** Says which content codings to take off. */
  _decode(codings: string[]): void {
    this.#codings = codings;
  }

  /** The reason phrase that the server sent. */
  get reason(): string {
    const { chunk, record } = this.#head;
    return chunk.text(record, chunk.words[record + HEAD_REASON_OFFSET]!,
      chunk.words[record + HEAD_REASON_LENGTH]!);
  }

  /** Whether the status is below 400. */
  get ok(): boolean {
    return this.status < 400;
  }

  /** The media type without parameters, in lower case; '' when there is none. */
  get contentType(): string {
    return (this.headers.get('content-type') ?? '').split(';', 1)[0]!.trim().toLowerCase();
  }

  /**
   * The body in pieces: `read()` in both lanes, or `for await`. A compressed body is unpacked as a
   * whole, so it comes in one piece.
   */
  get body(): IncomingBody | DecodedBody {
    if (this.#codings.length === 0) return this.#head.body;
    return this.#decoded ??= new DecodedBody(this._connection._loop, () => this.bytes());
  }

  /**
   * The whole body; it may be asked for again.
   * @throws ClientPayloadError when it is broken or too large; ServerTimeoutError
   */
  bytes(): Future<Uint8Array> {
    return this.#whole((bytes) => bytes);
  }

  /** The same as `bytes`, by aiohttp's name. */
  read(): Future<Uint8Array> {
    return this.bytes();
  }

  /**
   * The whole body as text.
   * @param encoding - by default the charset of Content-Type, else UTF-8
   * @throws RangeError for an encoding that is not known; else as `bytes`
   */
  text(encoding?: string): Future<string> {
    const decoder = new TextDecoder(encoding ?? this.#charset());
    return this.#whole((bytes) => decoder.decode(bytes));
  }

  /**
   * The whole body as JSON.
   * @param options - `contentType: null` takes any content type
   * @throws ContentTypeError when the server does not say that it is JSON; SyntaxError
   */
  json<T = any>(options?: { contentType?: null }): Future<T> {
    if (options?.contentType !== null && !JSON_TYPE.test(this.contentType)) {
      throw new ContentTypeError(this, `unexpected content type ${
        JSON.stringify(this.contentType)} where JSON was expected`);
    }
    const decoder = new TextDecoder(this.#charset());
    return this.#whole((bytes) => JSON.parse(decoder.decode(bytes)) as T);
  }

  /** @throws ClientResponseError when the status is 400 or more; the response is released then */
  raiseForStatus(): this {
    if (this.ok) return this;
    this.release();
    throw new ClientResponseError(this, this.reason);
  }

  /** The body is not wanted. The connection is kept when little of it is left. */
  release(): void {
    const { body } = this.#head;
    if (!body.complete) this._connection._drainRest(body);
  }

  /** The body is not wanted, and the connection is dropped when anything of it is left. */
  close(): void {
    if (!this.#head.body.complete) {
      this._connection._abort(new ClientConnectionError('the response was closed'));
    }
  }

  [Symbol.dispose](): void {
    this.release();
  }

  #whole<T>(convert: (bytes: Uint8Array) => T): Future<T> {
    if (this.#bytes === null) {
      return this.#head.body._collect((raw) => {
        this.#bytes = decodeContent(raw, this.#codings, this.#maxDecoded);
        return convert(this.#bytes);
      });
    }
    const future = this._connection._loop.createFuture<T>();
    try {
      future.setResult(convert(this.#bytes));
    } catch (error) {
      future.setException(error);
    }
    return future;
  }

  #charset(): string {
    const match = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(this.headers.get('content-type') ?? '');
    if (match === null) return 'utf-8';
    try {
      return new TextDecoder(match[1]!).encoding;
    } catch {
      return 'utf-8';
    }
  }
}
