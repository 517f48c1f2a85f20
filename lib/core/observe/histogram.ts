/** Histograms of durations, made from the bucket counts that C++ keeps. */
import { HISTOGRAM_BUCKETS, HISTOGRAM_FIRST_BITS } from '../../native/layout.ts';

/** Measured durations, in seconds. Percentiles are accurate to within 25 %. */
export interface DurationHistogram {
  /** How many were measured. */
  readonly count: number;
  /** The sum of all of them. */
  readonly sum: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  /** The longest; exact, but for the difference of two snapshots, where it is an upper bound. */
  readonly max: number;
  /**
   * How many fell into each bucket; `histogramBounds[n]` is the upper bound of bucket `n` in
   * seconds, and that of the last is Infinity.
   */
  readonly buckets: readonly number[];
}

function upperBound(bucket: number): number {
  if (bucket === HISTOGRAM_BUCKETS - 1) return Infinity;
  if (bucket === 0) return 2 ** HISTOGRAM_FIRST_BITS / 1e9;
  const quarters = ((bucket - 1) % 4) + 5;
  const exponent = HISTOGRAM_FIRST_BITS + Math.floor((bucket - 1) / 4);
  return ((quarters / 4) * 2 ** exponent) / 1e9;
}

/**
 * Upper bounds of the buckets of every `DurationHistogram`, in seconds.
 * @example lag.buckets.forEach((count, n) => console.log(histogramBounds[n], count));
 */
export const histogramBounds: readonly number[] = Object.freeze(
  Array.from({ length: HISTOGRAM_BUCKETS }, (_, bucket) => upperBound(bucket)),
);

/** A frozen histogram from the counts in `buckets`; times in seconds. */
export function makeHistogram(
  buckets: readonly number[],
  sum: number,
  max: number,
): DurationHistogram {
  const count = buckets.reduce((total, n) => total + n, 0);
  return Object.freeze({
    count,
    sum,
    mean: count === 0 ? 0 : sum / count,
    p50: quantile(buckets, count * 0.5, max),
    p90: quantile(buckets, count * 0.9, max),
    p99: quantile(buckets, count * 0.99, max),
    max,
    buckets: Object.freeze(buckets),
  });
}

/** The duration that `rank` of them did not exceed, assuming that buckets are evenly filled. */
function quantile(buckets: readonly number[], rank: number, max: number): number {
  let below = 0;
  for (let n = 0; n < buckets.length; n++) {
    const inside = buckets[n]!;
    if (inside > 0 && below + inside >= rank) {
      const from = n === 0 ? 0 : histogramBounds[n - 1]!;
      const to = Math.min(histogramBounds[n]!, max);
      return Math.min(from + (Math.max(to - from, 0) * (rank - below)) / inside, max);
    }
    below += inside;
  }
  return 0;
}

/** What was measured after `earlier`: the buckets are exact, `max` is an upper bound. */
export function histogramSince(
  later: DurationHistogram,
  earlier: DurationHistogram,
): DurationHistogram {
  const buckets = later.buckets.map((count, n) => Math.max(count - (earlier.buckets[n] ?? 0), 0));
  const last = buckets.findLastIndex((count) => count > 0);
  const max = last < 0 ? 0 : Math.min(histogramBounds[last]!, later.max);
  return makeHistogram(buckets, Math.max(later.sum - earlier.sum, 0), max);
}
