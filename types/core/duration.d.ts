/** Seconds (fractions allowed), or a string with a unit: `'250ms'`, `'2s'`, `'1.5m'`. */
export type Duration = number | string;
/**
 * Seconds of a duration. Negative ones stay negative: callers treat them as 0.
 *
 * @param value - what the caller was given
 * @param name - the parameter's name, for the message
 * @throws RangeError for NaN, TypeError for anything that is no duration
 * @example toSeconds('250ms') // 0.25
 */
export declare function toSeconds(value: Duration, name?: string): number;
/** The same, but `null` and `undefined` mean no limit. */
export declare function toTimeout(value: Duration | null | undefined, name?: string): number | null;
/**
 * A point in time on the loop's clock, in seconds. A unit would say "from now", so it takes none.
 * @throws RangeError for NaN, TypeError for anything that is no number
 */
export declare function toInstant(value: number, name?: string): number;
/** The same, but `null` and `undefined` mean no deadline. */
export declare function toDeadline(value: number | null | undefined, name?: string): number | null;
