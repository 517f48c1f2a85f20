/**
 * `startTrace`: records what the loops of a program do, for Perfetto (https://ui.perfetto.dev) and
 * chrome://tracing.
 */
import type { AbstractEventLoop } from '../../core/loop/abstract-event-loop.ts';
import type { Duration } from '../../core/support/duration.ts';
/** What a trace records. */
export interface TraceOptions {
    /** Only this loop; by default every loop of the thread, and of workers that start later. */
    loop?: AbstractEventLoop | undefined;
    /**
     * Events after which it stops recording; by default none. It is looked at after each turn, and
     * every 2048 events, so there can be so many more.
     */
    limit?: number | undefined;
    /** How long to record; by default until `stop()`, or the end of the process. */
    duration?: Duration | undefined;
}
/** What a finished trace has; `await` and `yield*` give it too. */
export declare class TraceSummary {
    readonly path: string;
    /** How many events are in the file. */
    readonly events: number;
    constructor(path: string, events: number);
    [Symbol.iterator](): Generator<never, TraceSummary>;
    toString(): string;
}
/** A trace that is being recorded. */
export declare class Trace {
    #private;
    private constructor();
    /** Where it is written. */
    get path(): string;
    /** How many events it has, those of workers with them. */
    get events(): number;
    /**
     * Ends the recording and closes the file; a second call gives the same. It is done when it
     * returns; `await` and `yield*` are allowed.
     */
    stop(): TraceSummary;
    [Symbol.dispose](): void;
    toString(): string;
}
/**
 * Records what the loops of this thread do, and of the workers that start from now on, until
 * `stop()` or the end of the process: turns, callbacks, steps of tasks, the lives of tasks, how
 * late timers were, and where the thread slept. The file is a Chrome trace, which Perfetto
 * (https://ui.perfetto.dev) opens; with a name that ends in `.gz` it is compressed. It is complete
 * after every write, so that also a process that is killed leaves one that can be read.
 *
 * Times are those of `loop.time()`: with simulated time, simulated.
 *
 * @param path - the file; one that is there is replaced
 * @throws TypeError, RangeError for wrong options; what the file system says about the path
 * @example
 * const trace = startTrace('out.json');
 * yield* sleep(10);
 * const { events } = trace.stop();
 */
export declare function startTrace(path: string, options?: TraceOptions): Trace;
