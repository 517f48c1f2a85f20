import type { Future } from '../../core/future/future.ts';
import { failedFuture } from '../../core/future/done-future.ts';
import { showsText } from '../../core/support/shows-text.ts';
import { abortedFirst, abortWith, NO_OPTIONS } from '../../tasks/abort.ts';
import type { SignalOptions } from '../../tasks/abort.ts';
import type { ClientResponse } from './response.ts';
import { BodyPieces } from '../message/body-pieces.ts';
import type { IncomingBody } from '../message/incoming-body.ts';

/** The source of the pieces of a response. */
export interface PieceSource {
  raw: IncomingBody;
  /** Reads the next decoded piece of an encoded body; null when the body is not encoded. */
  unpacked: (() => Future<Uint8Array | null>) | null;
}

/**
 * The decoded body of a response. It is read once: either as a whole (`text()`, `json()`, `bytes()`
 * of the response) or in pieces, with `read()` in both lanes or `for await`.
 *
 * @example
 * for (let piece; (piece = yield* response.body.read()) !== null;) size += piece.length;
 * for await (const piece of response.body) size += piece.length;
 */
export class ResponseBody {
  /** Keeps the response alive: when it is collected, its body is dropped. */
  readonly #response: ClientResponse;
  readonly #source: PieceSource;
  /**
   * @internal Whether it is decoded; code that forwards it must then drop the headers of the
   *   coding.
   */
  readonly _unpacked: boolean;

  /** Created by the response only. */
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

  /** Bytes of the body received so far, still encoded, without framing. */
  get received(): number {
    return this.#source.raw.received;
  }

  /**
   * The next piece, or null after the last one. The caller may keep and change the bytes.
   * Cancel-safe: a cancelled read loses nothing.
   * @throws TypeError when the body is being read as a whole, or by another reader; (awaited)
   *   ClientPayloadError when it is invalid or unpacks to too much; ServerTimeoutError; AbortError,
   *   also when `signal` of this read aborts, with nothing lost
   */
  read(options: SignalOptions = NO_OPTIONS): Future<Uint8Array | null> {
    const aborted = abortedFirst('read()', options);
    if (aborted !== null) return failedFuture({ loop: this.#response._connection._loop }, aborted);
    const { raw, unpacked } = this.#source;
    return abortWith(unpacked === null ? raw.read() : unpacked(), options.signal);
  }

  /** Leaving the loop early discards the rest, like `release()` of the response. */
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
