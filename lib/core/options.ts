/** The last argument of many calls. */
import { describe } from './describe.ts';

/**
 * What is given in place of options (a timeout, a name) would be ignored without a word.
 * @throws TypeError when it is no object
 */
export function checkOptions(where: string, options: unknown): void {
  if (typeof options === 'object' && options !== null) return;
  throw new TypeError(`${where}: options must be an object, got ${describe(options)}`);
}
