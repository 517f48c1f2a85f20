import type { DurationHistogram } from './histogram.ts';
/**
 * A loop's state and its counters at one moment. Counters only grow, so that several readers can
 * each subtract their own earlier snapshot (`metricsSince`). Durations are in seconds.
 */
export interface LoopMetrics {
    /** When this was read, on `loop.time()`. */
    readonly time: number;
    /** Counter: turns taken. */
    readonly turns: number;
    /** Counter: events reported by the driver: bytes arrived, a connection was accepted. */
    readonly events: number;
    /** Counter: entries of the ready queue that were run: callbacks, steps of tasks, events. */
    readonly callbacks: number;
    /** Counter: seconds that the thread slept while the loop was running. */
    readonly timePolling: number;
    /** Counter: seconds spent in turns: callbacks, steps of tasks, and the loop's own work. */
    readonly timeRunning: number;
    /**
     * `timeRunning / (timeRunning + timePolling)`, 0 to 1, and 0 before anything ran. For a guest,
     * the time of Node itself (its own sockets and timers) is in neither; `eventLoopUtilization()`
     * of `node:perf_hooks` includes it.
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
    /** How late timers were when the loop found them due; 0 in simulated time. */
    readonly lag: DurationHistogram;
    /** How long turns took after their poll: everything else had to wait for that long. */
    readonly turnDuration: DurationHistogram;
}
/**
 * What happened between two snapshots of one loop: counters and histograms are differences, `time`
 * is the seconds between them, and states (`ready`, `timers`, `handles`, `tasks`) are those of the
 * later one.
 *
 * @throws TypeError when one of them is not a snapshot
 * @example
 * const before = loop.metrics();
 * yield* sleep(10);
 * const { callbacks, time } = metricsSince(before, loop.metrics());
 * console.log(`${callbacks / time} callbacks a second`);
 */
export declare function metricsSince(earlier: LoopMetrics, later: LoopMetrics): LoopMetrics;
