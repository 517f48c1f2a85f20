/** The time of day, which jumps when somebody sets the clock; durations come from the loop. */
export function wallClockMs(): number {
  return Date.now();
}
