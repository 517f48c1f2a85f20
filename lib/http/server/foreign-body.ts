/**
 * The body of a WHATWG's response is a stream, also where it is a text of three letters. What such
 * a stream has at once is looked at before the head goes out, so that it has a Content-Length.
 */
import type { ReadableStream, ReadableStreamDefaultReader } from 'node:stream/web';

import type { Response } from './response.ts';

type Piece = Awaited<ReturnType<ReadableStreamDefaultReader<Uint8Array>['read']>>;

/** Turns of microtasks that a stream may take for what it has already. */
const TURNS = 8;

export class ForeignBody implements AsyncIterable<Uint8Array> {
  readonly #stream: ReadableStream<Uint8Array>;
  #reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  /** What was asked of the reader and is still to be sent. */
  #asked: Promise<Piece>[] = [];
  looked = false;
  #left: Error | null = null;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#stream = stream;
  }

  /** All of it, or null when it takes its time. */
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
    // Its sender meets the error.
    read.catch(() => {});
    for (let turn = 0; turn < TURNS && piece === null; turn++) await null;
    return piece;
  }

  /**
   * Ends it when the client goes away, or closes its side, as frameworks expect it: those who wait
   * for news would not find out before they write some.
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
   * No generator, since one that waits cannot be left: who makes the stream is to know at once that
   * nobody reads it any more.
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

/** The response with its body as bytes, if the stream has had all of them. */
export async function lookedAt(response: Response, body: ForeignBody): Promise<Response> {
  const bytes = await body.atOnce();
  if (bytes !== null) response._body = bytes;
  return response;
}
