/** A clock that every thread of the process reads alike: what a heartbeat is stamped with. */
import { performance } from 'node:perf_hooks';

// performance.now() counts from another zero in every thread, but costs far less than hrtime.
const OFFSET_MS = Number(process.hrtime.bigint() / 1000n) / 1000 - performance.now();

/** Milliseconds, monotonic. */
export function sharedClockMs(): number {
  return performance.now() + OFFSET_MS;
}
