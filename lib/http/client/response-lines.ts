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

/** Options of `readLines` and `sse` of a response. */
export interface LinesOptions {
  /** Largest line or event in bytes; default 1 MiB. A larger one is a ClientPayloadError. */
  limit?: number;
}

/** @throws TypeError, RangeError naming the option */
export function lineLimit(where: string, options: LinesOptions): number {
  checkOptions(where, options, ['limit']);
  return integer('limit', options.limit ?? 2 ** 20, 1, 2 ** 31 - 1);
}

/** The lines of a body as bytes, for decoders. */
export class LineSource {
  readonly #response: ClientResponse;
  readonly #splitter: LineSplitter;
  /**
   * A read whose result was not yet taken: its reader may be cancelled in the turn of its
   * completion.
   */
  #asked: Future<Uint8Array | null> | null = null;
  #ended = false;
  /** Whether a line exceeded the limit. */
  isTooLong = false;

  constructor(response: ClientResponse, limit: number, returns: boolean) {
    this.#response = response;
    this.#splitter = new LineSplitter(limit, returns);
  }

  get loop(): EventLoop {
    return this.#response._connection._loop;
  }

  /**
   * A line that was already received; null when more bytes are needed. @throws ClientPayloadError
   */
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
 * The lines of a response as they arrive, without their ends (`\n` or `\r\n`). A line longer than
 * the limit is an error, and the response is closed.
 *
 * @example
 * const lines = response.readLines();
 * for (let line; (line = yield* lines.read()) !== null;) handle(JSON.parse(line));
 * for await (const line of response.readLines()) handle(JSON.parse(line));
 */
export class ResponseLines {
  readonly #source: LineSource;
  readonly #decoder: Pick<InstanceType<typeof TextDecoder>, 'decode'>;

  /** Created by the response only. */
  constructor(source: LineSource, decoder: Pick<InstanceType<typeof TextDecoder>, 'decode'>) {
    this.#source = source;
    this.#decoder = decoder;
  }

  /**
   * The next line, or null after the last. Cancel-safe: a cancelled read loses nothing.
   * @throws (awaited) ClientPayloadError for a line that is too long; AbortError when `signal`
   *   aborts, with nothing lost; otherwise as `body.read()`
   */
  read(options: SignalOptions = NO_OPTIONS): Future<string | null> {
    const source = this.#source;
    const aborted = abortedFirst('read()', options);
    if (aborted !== null) return failedFuture(source, aborted);
    let line: Uint8Array | null;
    try {
      line = source.take();
    } catch (error) {
      return failedFuture(source, error);
    }
    if (line !== null) return doneFuture(source, this.#decoder.decode(line));
    const reading = source.loop._startTask(this.#read());
    return options.signal == null ? reading : abortable(source.loop, reading, options.signal);
  }

  *#read(): Coro<string | null> {
    const line = yield* this.#source.next();
    return line === null ? null : this.#decoder.decode(line);
  }

  /** Leaving the loop early discards the rest, like `release()` of the response. */
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
