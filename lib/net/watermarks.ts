import type { Watermarks } from '../io/native-stream.ts';

/** The watermarks of a write buffer, in bytes. */
export interface WriteBufferLimits {
  /** Above this many bytes the writer is paused. */
  high?: number;
  /** At or below this many bytes it resumes. */
  low?: number;
}

/** The given limits; a missing one is derived from the other. */
export function watermarks(limits: WriteBufferLimits, defaultHigh: number): Watermarks {
  const high = limits.high ?? (limits.low === undefined ? defaultHigh : limits.low * 4);
  const low = limits.low ?? Math.floor(high / 4);
  if (!(high >= low && low >= 0)) {
    throw new RangeError(`high (${high}) must be >= low (${low}) must be >= 0`);
  }
  return { low, high };
}
