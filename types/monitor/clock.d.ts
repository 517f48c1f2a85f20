/** Milliseconds, monotonic. */
export declare function sharedClockMs(): number;
