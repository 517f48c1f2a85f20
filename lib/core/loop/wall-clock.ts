/** The time of day, which jumps when the clock is set; durations come from the loop. */
export function wallClockMs(): number {
  return Date.now();
}
