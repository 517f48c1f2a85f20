/** Printing the errors of a program to stderr. */
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';

import { complain } from './output.ts';

/** The location of this package: its stack frames say nothing about the program. */
const OURS: readonly string[] = [
  new URL('../', import.meta.url).href,
  fileURLToPath(new URL('../', import.meta.url)),
];

/** Writes an error to stderr as Node does. @returns the exit code */
export async function printError(error: unknown): Promise<number> {
  if (error instanceof SyntaxError && error.stack?.startsWith('SyntaxError') === true) {
    // Only Node itself knows the place of a syntax error in an ES module, and shows it when the
    // error is not caught.
    shortenStack(error);
    process.nextTick(() => {
      throw error;
    });
    return new Promise(() => {});
  }
  // Shorten the stacks before inspecting: inspect() omits frames that an error shares with its
  // cause.
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
    // A getter of the program threw.
    return [];
  }
}

/** Removes the frames that do not belong to the program from an error's stack. */
export function shortenStack(error: unknown): void {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return;
  try {
    const stack = withoutOurs(error.stack);
    // Keep at least one frame: inspect() shows an error without frames in brackets.
    if (/^ +at /m.test(stack)) error.stack = stack;
  } catch {
    // The stack of a frozen error cannot be changed.
  }
}

/** Removes the frames of this package and of Node's own modules from a stack. */
function withoutOurs(text: string): string {
  const lines = text.split('\n');
  const kept: string[] = [];
  lines.forEach((line) => {
    if (!isOurs(line)) kept.push(line);
    // The last frame also begins the list of the error's properties.
    else if (line.endsWith(' {') && kept.length > 0) kept[kept.length - 1] += ' {';
  });
  return kept.join('\n');
}

function isOurs(line: string): boolean {
  const place = placeOf(line);
  if (place === undefined) return false;
  if (/(?:^|[( ])node:/.test(place) || OURS.some((folder) => place.includes(folder))) return true;
  // V8's internal frame for resuming a generator; the frame above shows the same.
  return /\.(?:next|throw|return) \(<anonymous>\)/.test(place);
}

/** The text after the `at` of a frame. */
function placeOf(line: string): string | undefined {
  // Colour codes may come before the words.
  return /^[^\w]*(?:\d*m)?\s*at (.*)$/.exec(line)?.[1];
}
