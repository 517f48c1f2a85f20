/**
 * The loop's clock as JavaScript reads it. The engine's own `now()` is a call into C++, which costs
 * more than the rest of `callLater`; Node's `performance.now()` counts the same monotonic clock
 * from another zero and is several times cheaper. So the difference is taken once for each loop.
 */
import { performance } from 'node:perf_hooks';

import type { NativeEngine } from '../native/binding.ts';

/** A function that reads the clock of `engine`, in seconds. */
export function clockOf(engine: NativeEngine): () => number {
  // Simulated time is where the engine says it is.
  if (engine.driver === 'virtual') return () => engine.now();
  // Read in this order, the difference is a trifle too large, never too small: what JavaScript asks
  // for is then a trifle late by the engine's clock, and a timer is never early.
  const before = performance.now();
  const offset = engine.now() - before / 1000;
  return () => performance.now() / 1000 + offset;
}
