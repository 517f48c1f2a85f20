/**
 * `startTrace`: records what the loops of a program do, for Perfetto (https://ui.perfetto.dev) and
 * chrome://tracing.
 */
import type { AbstractEventLoop } from '../../core/loop/abstract-event-loop.ts';
import type { Duration } from '../../core/support/duration.ts';
/** Options of `startTrace`. */
export interface TraceOptions {
    /**
     * Record only this loop; by default every loop of the thread, and of workers that start later.
     */
    loop?: AbstractEventLoop | undefined;
    /**
     * Stop recording after this many events; by default unlimited. Checked after each turn and every
     * 2048 events, so up to that many more may be recorded.
     */
    limit?: number | undefined;
    /**
     * How long to record, in seconds or as a string with a unit; by default until `stop()`, or the
     * end of the process.
     */
    duration?: Duration | undefined;
}
/** The result of `Trace.stop()`; `await` and `yield*` return it unchanged. */
export declare class TraceSummary {
    readonly path: string;
    /** How many events are in the file. */
    readonly events: number;
    constructor(path: string, events: number);
    [Symbol.iterator](): Generator<never, TraceSummary>;
    toString(): string;
}
/** A trace that is being recorded. Made by `startTrace`. */
export declare class Trace {
    #private;
    private constructor();
    /** The path of its file. */
    get path(): string;
    /** How many events were recorded, including those of workers. */
    get events(): number;
    /**
     * Ends the recording and closes the file; a second call returns the same summary. All is done
     * when it returns; `await` and `yield*` on the summary are allowed, but not needed.
     */
    stop(): TraceSummary;
    [Symbol.dispose](): void;
    toString(): string;
}
/**
 * Records what the loops of this thread do, and those of workers that start from now on, until
 * `stop()` or the end of the process: turns, callbacks, steps and lives of tasks, how late timers
 * were, and when the thread slept. The file is a Chrome trace, which Perfetto
 * (https://ui.perfetto.dev) opens; if its name ends in `.gz` it is compressed. It is complete after
 * every write, so even a process that is killed leaves a readable file.
 *
 * Times are those of `loop.time()`: with simulated time, simulated.
 *
 * @param path - the file to write; an existing one is replaced
 * @throws TypeError or RangeError for invalid options; the file system's error for the path
 * @example
 * const trace = startTrace('out.json');
 * yield* sleep(10);
 * const { events } = trace.stop();
 */
export declare function startTrace(path: string, options?: TraceOptions): Trace;
