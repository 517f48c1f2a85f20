import type { DurationHistogram } from './histogram.ts';
/**
 * A loop's state and its counters at one moment. Counters only grow, so that any number of readers
 * can each subtract what they read before (`metricsSince`); durations are seconds.
 */
export interface LoopMetrics {
    /** When this was read, on `loop.time()`. */
    readonly time: number;
    /** Counter: turns taken. */
    readonly turns: number;
    /** Counter: events that the driver has told: bytes came, a connection was accepted. */
    readonly events: number;
    /** Counter: entries of the ready queue that were run: callbacks, steps of tasks, events. */
    readonly callbacks: number;
    /** Counter: seconds that the thread slept while the loop was running. */
    readonly timePolling: number;
    /** Counter: seconds that turns took: callbacks, steps of tasks, and the loop's own work. */
    readonly timeRunning: number;
    /**
     * `timeRunning / (timeRunning + timePolling)`, 0 to 1, and 0 before anything ran. As a guest,
     * what Node itself works (its own sockets and timers) is in neither; `eventLoopUtilization()`
     * of `node:perf_hooks` has that.
     */
    readonly utilization: number;
    /** Entries that wait in the ready queue now. */
    readonly ready: number;
    /** Timers that are pending now. */
    readonly timers: number;
    /** Native handles that are open: connections, listeners, watched descriptors. */
    readonly handles: number;
    /** Tasks that are not done. */
    readonly tasks: number;
    /** How late timers were when the loop found them due; with simulated time, 0. */
    readonly lag: DurationHistogram;
    /** How long turns took after their poll: for so long, everything else had to wait. */
    readonly turnDuration: DurationHistogram;
}
/**
 * What happened between two snapshots of one loop: counters and histograms are differences, `time`
 * is the seconds between them, and what is a state (`ready`, `timers`, `handles`, `tasks`) is that
 * of the later one.
 *
 * @throws TypeError when one of them is no snapshot
 * @example
 * const before = loop.metrics();
 * yield* sleep(10);
 * const { callbacks, time } = metricsSince(before, loop.metrics());
 * console.log(`${callbacks / time} callbacks a second`);
 */
export declare function metricsSince(earlier: LoopMetrics, later: LoopMetrics): LoopMetrics;
