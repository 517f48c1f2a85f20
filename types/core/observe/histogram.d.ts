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
/**
 * Upper bounds of the buckets of every `DurationHistogram`, in seconds.
 * @example lag.buckets.forEach((count, n) => console.log(histogramBounds[n], count));
 */
export declare const histogramBounds: readonly number[];
