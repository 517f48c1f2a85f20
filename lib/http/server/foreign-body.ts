/**
 * The body of a WHATWG Response is always a stream, even for a text of three letters. If the stream
 * has all of its data at once, this is found out before the head is sent, so that the response gets
 * a Content-Length.
 */
import type { ReadableStream, ReadableStreamDefaultReader } from 'node:stream/web';

import type { Response } from './response.ts';

type Piece = Awaited<ReturnType<ReadableStreamDefaultReader<Uint8Array>['read']>>;

/** How many microtasks a stream may take to deliver data it already has. */
const TURNS = 8;

export class ForeignBody implements AsyncIterable<Uint8Array> {
  readonly #stream: ReadableStream<Uint8Array>;
  #reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  /** Reads that were started to look ahead, whose data is still to be sent. */
  #asked: Promise<Piece>[] = [];
  looked = false;
  #left: Error | null = null;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#stream = stream;
  }

  /** The whole body, or null if it is not available at once. */
  async atOnce(): Promise<Uint8Array | null> {
    this.looked = true;
    this.#reader = this.#stream.getReader();
    const first = await this.#soon();
    if (first === null || first.done) return first === null ? null : new Uint8Array(0);
    return (await this.#soon())?.done === true ? first.value : null;
  }

  async #soon(): Promise<Piece | null> {
    let piece: Piece | null = null;
    const reading = this.#reader!.read();
    this.#asked.push(reading);
    const read = reading.then((got) => (piece = got));
    // The sender of the body gets the error.
    read.catch(() => {});
    for (let turn = 0; turn < TURNS && piece === null; turn++) await null;
    return piece;
  }

  /**
   * Cancels the stream when the client goes away or closes its side, as frameworks expect: a source
   * that waits for news would notice only at its next write.
   */
  heed(signal: AbortSignal): void {
    const leave = (): void => {
      this.#left = signal.reason as Error;
      this.#reader?.cancel(signal.reason).catch(() => {});
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  }

  /**
   * Not an async generator, because its `return()` waits while a read is pending: the stream's
   * source should learn at once that nobody reads it any more.
   */
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    const reader = (this.#reader ??= this.#stream.getReader());
    return {
      next: async () => {
        const { done, value } = await (this.#asked.shift() ?? reader.read());
        if (this.#left !== null) throw this.#left;
        return done ? { done, value: undefined } : { done, value };
      },
      return: async () => {
        reader.cancel().catch(() => {});
        return { done: true, value: undefined };
      },
    };
  }
}

/** Replaces the body of the response by its bytes if the stream delivers all of it at once. */
export async function lookedAt(response: Response, body: ForeignBody): Promise<Response> {
  const bytes = await body.atOnce();
  if (bytes !== null) response._body = bytes;
  return response;
}
