/** Errors of a program, for the readers of its stderr. */
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';

import { complain } from './output.ts';

/** Where this package is: its frames say nothing about the program. */
const OURS: readonly string[] = [
  new URL('../', import.meta.url).href,
  fileURLToPath(new URL('../', import.meta.url)),
];

/** Writes an error to stderr as Node does. @returns the exit code */
export async function printError(error: unknown): Promise<number> {
  if (error instanceof SyntaxError && error.stack?.startsWith('SyntaxError') === true) {
    // Only Node itself knows the place of a wrong line in an ES module, and tells it when nobody
    // catches the error.
    shortenStack(error);
    process.nextTick(() => {
      throw error;
    });
    return new Promise(() => {});
  }
  // First in the errors themselves: what the stack of a cause has too is left out of the other's.
  shortenAll(error);
  const colors = process.stderr.hasColors?.() ?? false;
  const text = withoutOurs(inspect(error, { colors }));
  complain(error instanceof Error ? `${text}\n` : `Uncaught ${text}\n`);
  return 1;
}

/** The same for an error, its causes, and the errors of a group. */
function shortenAll(error: unknown): void {
  const seen = new Set<unknown>();
  const left = [error];
  while (left.length > 0) {
    const next = left.pop();
    if (!(next instanceof Error) || seen.has(next)) continue;
    seen.add(next);
    shortenStack(next);
    left.push(...causesOf(next));
  }
}

function causesOf(error: Error): unknown[] {
  try {
    const { cause, errors } = error as { cause?: unknown; errors?: unknown };
    return [...(Array.isArray(errors) ? (errors as unknown[]) : []), ...(cause ? [cause] : [])];
  } catch {
    // A getter of the program's.
    return [];
  }
}

/** Takes out of an error's stack what is not of the program. */
export function shortenStack(error: unknown): void {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return;
  try {
    const stack = withoutOurs(error.stack);
    // An error without any frame would be shown in brackets.
    if (/^ +at /m.test(stack)) error.stack = stack;
  } catch {
    // A frozen error stays as it is.
  }
}

/** Takes the frames of this package and of Node's own modules out of a stack. */
function withoutOurs(text: string): string {
  const lines = text.split('\n');
  const kept: string[] = [];
  lines.forEach((line) => {
    if (!isOurs(line)) kept.push(line);
    // The properties of the error begin behind its last frame.
    else if (line.endsWith(' {') && kept.length > 0) kept[kept.length - 1] += ' {';
  });
  return kept.join('\n');
}

function isOurs(line: string): boolean {
  const place = placeOf(line);
  if (place === undefined) return false;
  if (/(?:^|[( ])node:/.test(place) || OURS.some((folder) => place.includes(folder))) return true;
  // V8's own frame of a generator that is resumed: the one above it says the same.
  return /\.(?:next|throw|return) \(<anonymous>\)/.test(place);
}

/** What stands behind the `at` of a frame. */
function placeOf(line: string): string | undefined {
  // Colours may stand before the words.
  return /^[^\w]*(?:\d*m)?\s*at (.*)$/.exec(line)?.[1];
}
