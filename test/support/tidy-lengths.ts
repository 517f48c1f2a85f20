import type { Finding, SourceFile } from './tidy-files.ts';
import { functionsOf } from './tidy-functions.ts';

export const LINE_MAX = 100;
export const FUNCTION_MAX = 70;
export const FILE_MAX = 400;

/**
 * A file that may be longer in one respect, up to `limit`. It is a ratchet: when the file has
 * become shorter, the exception must shrink with it, and go when it is not needed any more.
 */
export interface Exception {
  readonly path: string;
  readonly rule: 'line' | 'function' | 'file';
  readonly limit: number;
  readonly reason: string;
}

export const EXCEPTIONS: readonly Exception[] = [];

const NORMAL = { line: LINE_MAX, function: FUNCTION_MAX, file: FILE_MAX } as const;

interface Measure {
  readonly path: string;
  readonly rule: Exception['rule'];
  readonly line: number;
  readonly length: number;
  readonly what: string;
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function measure(file: SourceFile): Measure[] {
  const { path } = file;
  const lines = linesOf(file.text);
  const found: Measure[] = [{ path, rule: 'file', line: 1, length: lines.length, what: 'file' }];
  lines.forEach((text, index) => {
    const { length } = [...text];
    if (length > LINE_MAX) {
      found.push({ path, rule: 'line', line: index + 1, length, what: 'line' });
    }
  });
  // CMake has no functions worth the name, and the scanner does not know its syntax.
  if (path.endsWith('.txt')) return found;
  for (const { header, line, lines: length } of functionsOf(file)) {
    found.push({ path, rule: 'function', line, length, what: `"${header}"` });
  }
  return found;
}

/** Lines, functions and files that are too long, and exceptions that are too generous. */
export function checkLengths(
  files: readonly SourceFile[], exceptions: readonly Exception[] = EXCEPTIONS,
): Finding[] {
  const measures = files.flatMap(measure);
  const findings = measures.flatMap((found) => {
    const exception = exceptions.find((row) => row.path === found.path && row.rule === found.rule);
    const limit = exception?.limit ?? NORMAL[found.rule];
    if (found.length <= limit) return [];
    const { path, line, what, rule, length } = found;
    return [`${path}:${line}: ${what} is ${length} long; a ${rule} has at most ${limit}`];
  });
  return [...findings, ...exceptions.flatMap((exception) => slack(exception, measures))];
}

function slack({ path, rule, limit }: Exception, measures: readonly Measure[]): Finding[] {
  const lengths = measures.filter((row) => row.path === path && row.rule === rule)
    .map((row) => row.length);
  const longest = Math.max(0, ...lengths);
  if (longest >= limit) return [];
  const better = longest <= NORMAL[rule] ? 'delete its exception' : `lower it to ${longest}`;
  return [`${path}:1: the longest ${rule} is ${longest}, the exception says ${limit}; ${better}`];
}
