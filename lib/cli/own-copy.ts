import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The modules of this package that programs import, and where the command has its own. */
const OURS: Readonly<Record<'oxbow' | 'oxbow/http', URL>> = {
  oxbow: new URL('../index.js', import.meta.url),
  'oxbow/http': new URL('../http.js', import.meta.url),
};

/**
 * The command may be installed elsewhere than the package that the program imports. Two copies know
 * nothing of each other's loops, so it must be the program's own copy that runs it.
 *
 * @param path - of the program
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

/** That module. */
export async function importOwn<M>(path: string, name: keyof typeof OURS): Promise<M> {
  const theirs = otherCopy(path, name);
  return (await import(theirs === null ? OURS[name].href : pathToFileURL(theirs).href)) as M;
}
