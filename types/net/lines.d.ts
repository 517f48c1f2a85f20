import type { Future } from '../core/future/future.ts';
import { type Step } from '../tasks/step-iterator.ts';
/** How lines are read. */
export interface LinesOptions {
    /** Of the text; default `'utf8'`. */
    encoding?: BufferEncoding;
    /** Aborting it ends the step that waits, and every later one, with an AbortError. */
    signal?: AbortSignal;
}
/**
 * The lines of a stream, one after the other, as `StreamReader.lines` gives them.
 *
 * @example for await (const line of reader.lines()) console.log(line);
 */
export declare class Lines {
    #private;
    private constructor();
    /** The next line, or the end. Cancelling is safe: the line is there for the next step. */
    next(): Future<Step<string>>;
    [Symbol.asyncIterator](): AsyncIterableIterator<string, undefined>;
    toString(): string;
}
