import type { Future } from '../../core/future/future.ts';
import { failedFuture } from '../../core/future/done-future.ts';
import { showsText } from '../../core/support/shows-text.ts';
import { abortedFirst, abortWith, NO_OPTIONS } from '../../tasks/abort.ts';
import type { SignalOptions } from '../../tasks/abort.ts';
import type { ClientResponse } from './response.ts';
import { BodyPieces } from '../message/body-pieces.ts';
import type { IncomingBody } from '../message/incoming-body.ts';

/** Where the pieces of a response come from. */
export interface PieceSource {
  raw: IncomingBody;
  /** The next piece of a packed body, unpacked; null of a body that is not packed. */
  unpacked: (() => Future<Uint8Array | null>) | null;
}

/**
 * The body of a response, piece by piece, unpacked. It is read once: either as a whole (`text()`,
 * `json()`, `bytes()` of the response) or in pieces, with `read()` in both lanes or `for await`.
 *
 * @example
 * for (let piece; (piece = yield* response.body.read()) !== null;) size += piece.length;
 * for await (const piece of response.body) size += piece.length;
 */
export class ResponseBody {
  /** Kept from being collected, which would end the body, while this is alive. */
  readonly #response: ClientResponse;
  readonly #source: PieceSource;
  /** @internal Code that passes it on has to leave out the headers of the packed one. */
  readonly _unpacked: boolean;

  /** Made by the response only. */
  constructor(response: ClientResponse, source: PieceSource) {
    this.#response = response;
    this.#source = source;
    this._unpacked = source.unpacked !== null;
  }

  /** Whether reading has begun. */
  get used(): boolean {
    return this.#response.bodyUsed;
  }

  /** Whether the last byte has arrived. */
  get complete(): boolean {
    return this.#source.raw.complete;
  }

  /** Bytes that have arrived so far, packed as they are, without framing. */
  get received(): number {
    return this.#source.raw.received;
  }

  /**
   * The next piece, or null after the last one. The bytes are the caller's own.
   * A cancelled read loses nothing.
   * @throws TypeError when the body is being read as a whole, or by another reader at once;
   * (awaited) ClientPayloadError when it is broken or unpacks to too much, ServerTimeoutError,
   * AbortError, also when `signal` aborts, by which nothing is lost
   */
  read(options: SignalOptions = NO_OPTIONS): Future<Uint8Array | null> {
    const aborted = abortedFirst('read()', options);
    if (aborted !== null) return failedFuture({ loop: this.#response._connection._loop }, aborted);
    const { raw, unpacked } = this.#source;
    return abortWith(unpacked === null ? raw.read() : unpacked(), options.signal);
  }

  /** Leaving the loop early gives the rest up, as `release()` of the response does. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    return new BodyPieces(
      () => this.read(),
      () => this.#response.release(),
    );
  }

  toString(): string {
    const state = this.complete ? 'complete' : 'arriving';
    return `<ResponseBody ${this.received} bytes received, ${state}>`;
  }
}

showsText(ResponseBody);
