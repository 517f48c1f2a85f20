import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The modules of this package that programs import, with the URLs of the command's own copy. */
const OURS: Readonly<Record<'oxbow' | 'oxbow/http', URL>> = {
  oxbow: new URL('../index.js', import.meta.url),
  'oxbow/http': new URL('../http.js', import.meta.url),
};

/**
 * The command may be installed in another place than the package that the program imports. Two
 * copies do not know each other's loops, so the program must be run by its own copy.
 *
 * @param path - the path of the program
 * @returns the file of a module of the program's copy; null when it is the command's own
 */
export function otherCopy(path: string, name: keyof typeof OURS): string | null {
  try {
    const theirs = createRequire(path).resolve(name);
    return theirs === fileURLToPath(OURS[name]) ? null : theirs;
  } catch {
    return null;
  }
}

/** Imports a module of this package from the program's own copy. */
export async function importOwn<M>(path: string, name: keyof typeof OURS): Promise<M> {
  const theirs = otherCopy(path, name);
  return (await import(theirs === null ? OURS[name].href : pathToFileURL(theirs).href)) as M;
}
