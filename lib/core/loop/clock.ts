/**
 * The loop's clock as JavaScript reads it: a bare native function that leaves the time in a cell
 * of shared memory. It is read for every timer, so what it costs is most of what a timer costs.
 */
import type { NativeEngine } from '../../native/binding.ts';
import { loadAddon } from '../../native/load.ts';

let monotonic: (() => number) | null = null;

/** The system's monotonic clock, in seconds since the process began. */
function monotonicClock(): () => number {
  if (monotonic !== null) return monotonic;
  const cell = new Float64Array(1);
  const read = loadAddon().makeClock(cell.buffer);
  monotonic = () => {
    read();
    return cell[0]!;
  };
  return monotonic;
}

/** A function that reads the clock of `engine`, in seconds. */
export function clockOf(engine: NativeEngine): () => number {
  if (engine.followsSystemTime) return monotonicClock();
  // Simulated time comes from the engine, and stands still once that is closed.
  let last = 0;
  return () => (last = Math.max(last, engine.now()));
}
