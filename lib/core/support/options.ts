/** The last argument of many calls. */
import { describe } from './describe.ts';
import { nearest } from './nearest.ts';

/**
 * What is given in place of options (a timeout, a name), or under a name that no option has, would
 * be ignored without a word, and a `tls` that is ignored sends secrets in clear.
 *
 * @param where - the call, for the message: `openConnection()`
 * @param known - all names that the call has
 * @throws TypeError when it is no object, or has a member of another name that is not undefined
 */
export function checkOptions(where: string, options: unknown, known: readonly string[]): void {
  checkObject(where, options);
  for (const name in options) {
    if (known.includes(name)) continue;
    const value = (options as Record<string, unknown>)[name];
    // The methods of an object's class are no options: `{ signal }` may be an AbortController.
    if (typeof value === 'function' && !Object.hasOwn(options, name)) continue;
    if (value !== undefined) refuse(where, name, known);
  }
}

/**
 * The same where any name may stand: for callers that pass options on to code that knows them. What
 * is in a Map, an array or Headers stands under no name of theirs.
 * @throws TypeError when it is no object
 */
export function checkObject(where: string, options: unknown): asserts options is object {
  if (typeof options === 'object' && options !== null && !(Symbol.iterator in options)) return;
  throw new TypeError(`${where}: options must be an object, got ${describe(options)}`);
}

/**
 * A flag of another type would be taken for true or false without a word, `'false'` for true.
 *
 * @param options - what `checkOptions` let through
 * @param names - of options that are true, false, or not given
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
 * Options that say nothing beside another one would be ignored.
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
