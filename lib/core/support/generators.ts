/** Recognises generators. */
import type { Coro } from './types.ts';

/** Whether `value` was created by a `function*`, not just any object with the same methods. */
export function isGenuineGenerator(value: unknown): value is Coro {
  if (typeof value !== 'object' || value === null) return false;
  try {
    return Object.prototype.toString.call(value) === '[object Generator]';
  } catch {
    // A Proxy whose traps throw.
    return false;
  }
}
