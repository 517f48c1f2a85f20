/** Arguments that are a number or options with that number. */
import { describe } from '../core/describe.ts';

/** The number of `new X(5)` or `new X({ name: 5 })`. @throws TypeError when it is none */
export function numberOption<K extends string>(
  where: string, name: K, given: number | { [P in K]?: number | undefined }, fallback: number,
): number {
  const value = typeof given === 'object' && given !== null ? given[name] ?? fallback : given;
  if (typeof value !== 'number') {
    throw new TypeError(`${where}: ${name} must be a number, got ${describe(value)}`);
  }
  if (Number.isNaN(value)) throw new RangeError(`${where}: ${name} is NaN`);
  return value;
}
