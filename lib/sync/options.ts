/**
 * Arguments of the form: a number, options that include the number, or the number and further
 * options.
 */
import { describe } from '../core/support/describe.ts';
import { checkObject, checkOptions } from '../core/support/options.ts';

/**
 * The arguments of `new X(5)`, `new X({ name: 5 })` or `new X(5, { … })`, as one options object.
 * @param known - the names of all options
 * @throws TypeError for anything else, and when the number is given twice
 */
export function givenOptions<K extends string, O extends { [P in K]?: number | undefined }>(
  where: string,
  name: K,
  first: number | O | undefined,
  second: Omit<O, K> | undefined,
  known: readonly string[],
): O {
  if (first !== undefined && typeof first !== 'number' && (typeof first !== 'object' || !first)) {
    throw new TypeError(`${where}: ${name} must be a number, got ${describe(first)}`);
  }
  const numberFirst = typeof first !== 'object';
  const options: object = numberFirst ? (second ?? {}) : first;
  if (numberFirst && second === null) checkObject(where, second);
  checkOptions(where, options, known);
  if (first === undefined || (!numberFirst && second === undefined)) return options as O;
  if (numberFirst && (options as O)[name] === undefined) return { ...options, [name]: first } as O;
  throw new TypeError(
    numberFirst ? `${where}: ${name} is given twice` : `${where}: options are given twice`,
  );
}

/** A numeric option. @throws TypeError when it is not a number; RangeError for NaN */
export function numberOption<K extends string>(
  where: string,
  name: K,
  options: { [P in K]?: number | undefined },
  fallback?: number,
): number {
  const value = options[name] ?? fallback;
  if (typeof value !== 'number') {
    throw new TypeError(`${where}: ${name} must be a number, got ${describe(value)}`);
  }
  if (Number.isNaN(value)) throw new RangeError(`${where}: ${name} is NaN`);
  return value;
}

/**
 * The same for a count: an integer of at least `least`, or Infinity.
 * @throws TypeError, RangeError
 */
export function countOption<K extends string>(
  where: string,
  name: K,
  options: { [P in K]?: number | undefined },
  fallback: number | undefined,
  least: number,
): number {
  const value = numberOption(where, name, options, fallback);
  if (value >= least && (Number.isInteger(value) || value === Infinity)) return value;
  throw new RangeError(
    `${where}: ${name} must be an integer of at least ${least}, or Infinity, got ${value}`,
  );
}
