/** A clock on which all threads of the process agree, used to time-stamp heartbeats. */

// performance.now() has a different origin in each thread, but is far cheaper than hrtime; so the
// offset between the two is measured once per thread.
type Clock = typeof import('node:perf_hooks').performance;

let clock: Clock | null = null;
let offsetMs = 0;

function load(): Clock {
  const { performance } = process.getBuiltinModule('node:perf_hooks');
  offsetMs = Number(process.hrtime.bigint() / 1000n) / 1000 - performance.now();
  return performance;
}

/** Monotonic milliseconds; only differences are meaningful. */
export function sharedClockMs(): number {
  clock ??= load();
  return clock.now() + offsetMs;
}
