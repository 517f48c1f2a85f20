import { doneFuture, failedFuture } from '../../core/future/done-future.ts';
import type { Future } from '../../core/future/future.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import { checkOptions } from '../../core/support/options.ts';
import { showsText } from '../../core/support/shows-text.ts';
import type { Coro } from '../../core/support/types.ts';
import { abortable, abortedFirst, NO_OPTIONS } from '../../tasks/abort.ts';
import type { SignalOptions } from '../../tasks/abort.ts';
import { BodyPieces } from '../message/body-pieces.ts';
import { integer } from '../message/option-values.ts';
import { LineSplitter } from './line-splitter.ts';
import type { ClientResponse } from './response.ts';

/** What `readLines` and `sse` of a response take. */
export interface LinesOptions {
  /** Bytes of a line, or of an event; 1 MiB by default. More is a ClientPayloadError. */
  limit?: number;
}

/** @throws TypeError, RangeError that name the option */
export function lineLimit(where: string, options: LinesOptions): number {
  checkOptions(where, options, ['limit']);
  return integer('limit', options.limit ?? 2 ** 20, 1, 2 ** 31 - 1);
}

/** The lines of a body as bytes, for decoders of them. */
export class LineSource {
  readonly #response: ClientResponse;
  readonly #splitter: LineSplitter;
  /** What was asked for and not taken: the reader may have left in the turn in which it came. */
  #asked: Future<Uint8Array | null> | null = null;
  #ended = false;
  /** A line was longer than the limit. */
  isTooLong = false;

  constructor(response: ClientResponse, limit: number, returns: boolean) {
    this.#response = response;
    this.#splitter = new LineSplitter(limit, returns);
  }

  get loop(): EventLoop {
    return this.#response._connection._loop;
  }

  /** A line that is there; null when more bytes are needed. @throws ClientPayloadError */
  take(): Uint8Array | null {
    try {
      return this.#splitter.take();
    } catch (error) {
      this.isTooLong = true;
      this.#response.close();
      throw error;
    }
  }

  /** The next line; null after the last. */
  *next(): Coro<Uint8Array | null> {
    for (;;) {
      const line = this.take();
      if (line !== null) return line;
      if (this.#ended) return this.#splitter.last();
      if (this.#asked === null || this.#asked.cancelled()) {
        this.#asked = this.#response.body.read();
      }
      const piece = yield* this.#asked;
      this.#asked = null;
      if (piece === null) this.#ended = true;
      else this.#splitter.push(piece);
    }
  }

  leave(): void {
    this.#response.release();
  }
}

/**
 * The lines of a response as they come, without their ends (`\n` or `\r\n`). A line that is longer
 * than the limit fails, and the response is closed.
 *
 * @example
 * const lines = response.readLines();
 * for (let line; (line = yield* lines.read()) !== null;) handle(JSON.parse(line));
 * for await (const line of response.readLines()) handle(JSON.parse(line));
 */
export class ResponseLines {
  readonly #source: LineSource;
  readonly #decoder: Pick<InstanceType<typeof TextDecoder>, 'decode'>;

  /** Made by the response only. */
  constructor(source: LineSource, decoder: Pick<InstanceType<typeof TextDecoder>, 'decode'>) {
    this.#source = source;
    this.#decoder = decoder;
  }

  /**
   * The next line, or null after the last. A cancelled read loses nothing.
   * @throws (awaited) ClientPayloadError for a line that is too long; AbortError when `signal`
   * aborts, by which nothing is lost; as `body.read()`
   */
  read(options: SignalOptions = NO_OPTIONS): Future<string | null> {
    const source = this.#source;
    const aborted = abortedFirst('read()', options);
    if (aborted !== null) return failedFuture(source, aborted);
    const line = source.take();
    if (line !== null) return doneFuture(source, this.#decoder.decode(line));
    const reading = source.loop._startTask(this.#read());
    return options.signal == null ? reading : abortable(source.loop, reading, options.signal);
  }

  *#read(): Coro<string | null> {
    const line = yield* this.#source.next();
    return line === null ? null : this.#decoder.decode(line);
  }

  /** Leaving the loop early gives the rest up, as `release()` of the response does. */
  [Symbol.asyncIterator](): AsyncIterableIterator<string> {
    return new BodyPieces(
      () => this.read(),
      () => this.#source.leave(),
    );
  }

  toString(): string {
    return '<ResponseLines>';
  }
}

showsText(ResponseLines);
