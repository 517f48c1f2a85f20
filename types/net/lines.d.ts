import type { Future } from '../core/future/future.ts';
import { type Step } from '../tasks/step-iterator.ts';
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
export declare class Lines {
    #private;
    private constructor();
    /** The next line, or the end. Cancel-safe: the line remains for the next step. */
    next(): Future<Step<string>>;
    [Symbol.asyncIterator](): AsyncIterableIterator<string, undefined>;
    toString(): string;
}
