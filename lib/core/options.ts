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
export function checkOptions(where: string, options: unknown, known?: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`${where}: options must be an object, got ${describe(options)}`);
  }
  if (known === undefined) return;
  for (const name in options) {
    if (known.includes(name)) continue;
    if ((options as Record<string, unknown>)[name] !== undefined) refuse(where, name, known);
  }
}

function refuse(where: string, name: string, known: readonly string[]): never {
  const meant = nearest(name, known);
  const hint = meant === null ? '' : `; did you mean '${meant}'?`;
  const all = known.length === 0 ? 'it takes none' : `it takes ${known.join(', ')}`;
  throw new TypeError(`${where}: there is no option '${name}'${hint} (${all})`);
}
