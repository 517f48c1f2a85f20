/** Arguments that are a number or options with that number. */
import { describe } from '../core/describe.ts';

/** The number of `new X(5)` or `new X({ name: 5 })`. @throws TypeError when it is none */
export function numberOption<K extends string>(
  where: string, name: K, given: number | { [P in K]?: number | undefined },
  fallback: number | undefined,
): number {
  const value = typeof given === 'object' && given !== null ? given[name] ?? fallback : given;
  if (typeof value !== 'number') {
    throw new TypeError(`${where}: ${name} must be a number, got ${describe(value)}`);
  }
  if (Number.isNaN(value)) throw new RangeError(`${where}: ${name} is NaN`);
  return value;
}

/**
 * The same for a number of things: an integer of at least `least`, or Infinity.
 * @throws TypeError, RangeError
 */
export function countOption<K extends string>(
  where: string, name: K, given: number | { [P in K]?: number | undefined },
  fallback: number | undefined, least: number,
): number {
  const value = numberOption(where, name, given, fallback);
  if (value >= least && (Number.isInteger(value) || value === Infinity)) return value;
  throw new RangeError(
    `${where}: ${name} must be an integer of at least ${least}, or Infinity, got ${value}`);
}
