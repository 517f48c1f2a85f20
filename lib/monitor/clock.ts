/** A clock that every thread of the process reads alike: what a heartbeat is stamped with. */

// Its now() counts from another zero in every thread, but costs far less than hrtime.
type Clock = typeof import('node:perf_hooks').performance;

let clock: Clock | null = null;
let offsetMs = 0;

function load(): Clock {
  const { performance } = process.getBuiltinModule('node:perf_hooks');
  offsetMs = Number(process.hrtime.bigint() / 1000n) / 1000 - performance.now();
  return performance;
}

/** Milliseconds, monotonic. */
export function sharedClockMs(): number {
  clock ??= load();
  return clock.now() + offsetMs;
}
