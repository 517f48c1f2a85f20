/** Errors of a program, for whoever reads its stderr. */
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';

import { complain } from './output.ts';

/** Where this package is: its frames say nothing about the program. */
const OURS: readonly string[] = [
  new URL('../', import.meta.url).href, fileURLToPath(new URL('../', import.meta.url)),
];

/** Writes an error to stderr as Node does. @returns the exit code */
export async function printError(error: unknown): Promise<number> {
  if (error instanceof SyntaxError && error.stack?.startsWith('SyntaxError') === true) {
    // Only Node itself knows the place of a wrong line in an ES module, and tells it when nobody
    // catches the error.
    shortenStack(error);
    process.nextTick(() => { throw error; });
    return new Promise(() => {});
  }
  const colors = process.stderr.hasColors?.() ?? false;
  const text = withoutOurs(inspect(error, { colors }));
  complain(error instanceof Error ? `${text}\n` : `Uncaught ${text}\n`);
  return 1;
}

/** Takes out of an error's stack what is not of the program. */
export function shortenStack(error: unknown): void {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return;
  try {
    error.stack = withoutOurs(error.stack);
  } catch {
    // A frozen error stays as it is.
  }
}

/** Takes the frames of this package and of Node's own modules out of a stack. */
function withoutOurs(text: string): string {
  const lines = text.split('\n');
  const kept: string[] = [];
  lines.forEach((line, index) => {
    if (!isOurs(line, lines[index + 1])) kept.push(line);
    // The properties of the error begin behind its last frame.
    else if (line.endsWith(' {') && kept.length > 0) kept[kept.length - 1] += ' {';
  });
  return kept.join('\n');
}

function isOurs(line: string, below: string | undefined): boolean {
  const place = placeOf(line);
  if (place === undefined) return false;
  if (/(?:^|[( ])node:/.test(place) || OURS.some((folder) => place.includes(folder))) return true;
  // V8's own frame of a generator that a task drives.
  return /\.(?:next|throw) \(<anonymous>\)/.test(place) && below !== undefined && isOurs(below, '');
}

/** What stands behind the `at` of a frame. */
function placeOf(line: string): string | undefined {
  // Colours may stand before the words.
  return /^[^\w]*(?:\d*m)?\s*at (.*)$/.exec(line)?.[1];
}
