/** Checks of options objects, the last argument of many calls. */
import { describe } from './describe.ts';
import { nearest } from './nearest.ts';

/**
 * Refuses unknown options, and values that are not options at all (a timeout, a name). They would
 * otherwise be ignored silently, and an ignored `tls` sends secrets in clear text.
 *
 * @param where - the call's name for the message: `openConnection()`
 * @param known - all options that the call has
 * @throws TypeError when it is not an object, or has another member that is not undefined
 */
export function checkOptions(where: string, options: unknown, known: readonly string[]): void {
  checkObject(where, options);
  for (const name in options) {
    if (known.includes(name)) continue;
    const value = (options as Record<string, unknown>)[name];
    // Inherited methods are not options: the options may be an instance of a class.
    if (typeof value === 'function' && !Object.hasOwn(options, name)) continue;
    if (value !== undefined) refuse(where, name, known);
  }
}

/**
 * The same, but any name is allowed: for callers that pass options on to code that knows them. A
 * Map, an array or Headers is refused, since its contents are not properties.
 * @throws TypeError when it is not an object, or iterable
 */
export function checkObject(where: string, options: unknown): asserts options is object {
  if (typeof options === 'object' && options !== null && !(Symbol.iterator in options)) return;
  throw new TypeError(`${where}: options must be an object, got ${describe(options)}`);
}

/**
 * Refuses flags of other types, which would silently count as true or false: `'false'` as true.
 *
 * @param options - what `checkOptions` let through
 * @param names - the options that must be true, false or undefined
 * @throws TypeError when one is anything else
 */
export function checkFlags(where: string, options: object, names: readonly string[]): void {
  for (const name of names) {
    const value = (options as Record<string, unknown>)[name];
    if (value === undefined || typeof value === 'boolean') continue;
    throw new TypeError(`${where}: ${name} must be true or false, got ${describe(value)}`);
  }
}

/**
 * Refuses options that would be ignored because another one is given.
 * @throws TypeError that names the first of them that is given
 */
export function checkAbsent(
  where: string,
  options: object,
  names: readonly string[],
  beside: string,
): void {
  const given = names.find((name) => (options as Record<string, unknown>)[name] !== undefined);
  if (given === undefined) return;
  throw new TypeError(`${where}: ${given} and ${beside} cannot be specified at the same time`);
}

function refuse(where: string, name: string, known: readonly string[]): never {
  const meant = nearest(name, known);
  const hint = meant === null ? '' : `; did you mean '${meant}'?`;
  const all = known.length === 0 ? 'it takes none' : `it takes ${known.join(', ')}`;
  throw new TypeError(`${where}: there is no option '${name}'${hint} (${all})`);
}
