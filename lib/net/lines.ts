import { describe } from '../core/support/describe.ts';
import { checkOptions } from '../core/support/options.ts';
import { showsText } from '../core/support/shows-text.ts';
import { failedFuture } from '../core/future/done-future.ts';
import type { Future } from '../core/future/future.ts';
import { abortedBefore, abortWith } from '../tasks/abort.ts';
import { type Step, StepIterator } from '../tasks/step-iterator.ts';
import type { StreamReader } from './stream-reader.ts';

/** Options of `StreamReader.lines`. */
export interface LinesOptions {
  /** The encoding of the text; default `'utf8'`. */
  encoding?: BufferEncoding;
  /** Aborting it ends the step that waits, and every later one, with an AbortError. */
  signal?: AbortSignal;
}

/**
 * An async iterator over the lines of a stream, returned by `StreamReader.lines`.
 *
 * @example for await (const line of reader.lines()) console.log(line);
 */
export class Lines {
  readonly #reader: StreamReader;
  readonly #encoding: BufferEncoding;
  readonly #signal: AbortSignal | undefined;

  /** @internal */
  constructor(reader: StreamReader, options: LinesOptions) {
    checkOptions('StreamReader.lines()', options, ['encoding', 'signal']);
    const { encoding = 'utf8', signal } = options;
    if (!Buffer.isEncoding(encoding)) {
      throw new RangeError(`StreamReader.lines(): there is no encoding ${describe(encoding)}`);
    }
    abortedBefore(signal);
    this.#reader = reader;
    this.#encoding = encoding;
    this.#signal = signal;
  }

  /** The next line, or the end. Cancel-safe: the line remains for the next step. */
  next(): Future<Step<string>> {
    const aborted = abortedBefore(this.#signal);
    if (aborted !== null) return failedFuture(this.#reader, aborted);
    return abortWith(this.#reader._nextLine(this.#encoding), this.#signal);
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<string, undefined> {
    return new StepIterator(this);
  }

  toString(): string {
    return `<Lines of ${this.#reader}>`;
  }
}

showsText(Lines);
