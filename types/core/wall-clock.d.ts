/** The time of day, which jumps when somebody sets the clock; durations come from the loop. */
export declare function wallClockMs(): number;
