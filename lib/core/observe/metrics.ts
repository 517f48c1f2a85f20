/**
 * `loop.metrics()`. C++ counts in memory that JavaScript can read even after the engine is gone;
 * the names follow those of tokio and Node where they have the same metric.
 */
import {
  CONTROL_HANDLE_COUNT,
  CONTROL_READY_HEAD,
  CONTROL_READY_TAIL,
  HISTOGRAM_BUCKETS,
  STATISTICS_CALLBACKS,
  STATISTICS_EVENTS,
  STATISTICS_LAG_BUCKETS,
  STATISTICS_LAG_MAX,
  STATISTICS_LAG_SUM,
  STATISTICS_POLLING,
  STATISTICS_RUNNING,
  STATISTICS_TIME,
  STATISTICS_TURN_BUCKETS,
  STATISTICS_TURN_MAX,
  STATISTICS_TURN_SUM,
  STATISTICS_TURNS,
} from '../../native/layout.ts';
import type { NativeEngine } from '../../native/binding.ts';
import type { Rings } from '../../native/rings.ts';
import { describe } from '../support/describe.ts';
import { histogramSince, makeHistogram } from './histogram.ts';
import type { DurationHistogram } from './histogram.ts';
import type { LoopCore } from '../contract/loop-core.ts';

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

/** The members of an EventLoop that are read here. */
interface Measured extends LoopCore {
  readonly _engine: Pick<NativeEngine, 'measure'>;
  readonly _rings: Pick<Rings, 'control'>;
  readonly _timers: { size(): number };
}

/** Only the two times, for callers that read them every turn. */
export function readTimes(loop: Measured): { timeRunning: number; timePolling: number } {
  loop._engine.measure();
  const values = new Float64Array(loop._rings.control.buffer);
  return {
    timeRunning: values[STATISTICS_RUNNING]! / 1e9,
    timePolling: values[STATISTICS_POLLING]! / 1e9,
  };
}

/** Reads the counters of a loop; for a closed one, the last values. */
export function readMetrics(loop: Measured): LoopMetrics {
  loop._engine.measure();
  const { control } = loop._rings;
  const values = new Float64Array(control.buffer);
  const timePolling = values[STATISTICS_POLLING]! / 1e9;
  const timeRunning = values[STATISTICS_RUNNING]! / 1e9;
  const closed = loop.isClosed();
  return Object.freeze({
    time: values[STATISTICS_TIME]! / 1e9,
    turns: values[STATISTICS_TURNS]!,
    events: values[STATISTICS_EVENTS]!,
    callbacks: values[STATISTICS_CALLBACKS]!,
    timePolling,
    timeRunning,
    utilization: utilization(timeRunning, timePolling),
    ready: closed ? 0 : (control[CONTROL_READY_TAIL]! - control[CONTROL_READY_HEAD]!) >>> 0,
    timers: closed ? 0 : loop._timers.size(),
    handles: closed ? 0 : control[CONTROL_HANDLE_COUNT]!,
    tasks: countTasks(loop),
    lag: readHistogram(values, STATISTICS_LAG_BUCKETS, STATISTICS_LAG_SUM, STATISTICS_LAG_MAX),
    turnDuration: readHistogram(
      values,
      STATISTICS_TURN_BUCKETS,
      STATISTICS_TURN_SUM,
      STATISTICS_TURN_MAX,
    ),
  });
}

function readHistogram(
  values: Float64Array,
  buckets: number,
  sum: number,
  max: number,
): DurationHistogram {
  return makeHistogram(
    [...values.subarray(buckets, buckets + HISTOGRAM_BUCKETS)],
    values[sum]! / 1e9,
    values[max]! / 1e9,
  );
}

function utilization(running: number, polling: number): number {
  return running === 0 ? 0 : running / (running + polling);
}

/** Walks the list, so that creating a task need not keep a count. */
function countTasks(loop: Measured): number {
  let count = 0;
  for (let task = loop._firstTask; task !== null; task = task._next) count++;
  return count;
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
export function metricsSince(earlier: LoopMetrics, later: LoopMetrics): LoopMetrics {
  checkSnapshot('earlier', earlier);
  checkSnapshot('later', later);
  const timePolling = Math.max(later.timePolling - earlier.timePolling, 0);
  const timeRunning = Math.max(later.timeRunning - earlier.timeRunning, 0);
  return Object.freeze({
    ...later,
    time: later.time - earlier.time,
    turns: later.turns - earlier.turns,
    events: later.events - earlier.events,
    callbacks: later.callbacks - earlier.callbacks,
    timePolling,
    timeRunning,
    utilization: utilization(timeRunning, timePolling),
    lag: histogramSince(later.lag, earlier.lag),
    turnDuration: histogramSince(later.turnDuration, earlier.turnDuration),
  });
}

function checkSnapshot(name: string, value: LoopMetrics | null | undefined): void {
  if (typeof value?.turns === 'number' && Array.isArray(value.lag?.buckets)) return;
  throw new TypeError(`${name}: ${describe(value)} is not what loop.metrics() gives`);
}
