/** Generators, as JavaScript makes them. */
import type { Coro } from './types.ts';

/** Whether `value` was made by a `function*`: not just anything that has the methods. */
export function isGenuineGenerator(value: unknown): value is Coro {
  if (typeof value !== 'object' || value === null) return false;
  try {
    return Object.prototype.toString.call(value) === '[object Generator]';
  } catch {
    // A Proxy whose traps throw.
    return false;
  }
}
