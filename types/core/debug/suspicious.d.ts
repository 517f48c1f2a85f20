/**
 * Whether somebody who counts in milliseconds has written this number. 3600 seconds are an hour,
 * and 5000 seconds are nothing in particular, but 5000 milliseconds are. So: round in milliseconds
 * (a multiple of 500) and not round in seconds (half hours, and from ten days on days); and from a
 * hundred days on whatever it is.
 */
export declare function looksLikeMilliseconds(seconds: number): boolean;
/**
 * Debug mode: warns once for each place that gives such a number.
 * @param below - the function of ours that was given it
 */
export declare function warnOfMilliseconds(seconds: number, below: Function): void;
