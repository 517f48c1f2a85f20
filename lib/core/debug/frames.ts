/**
 * Stack frames as data: where the user's code is. Frames of this package, of Node and of V8 itself
 * are left out, since they explain nothing.
 */
import { fileURLToPath } from 'node:url';

import { packageRoot } from '../../native/package-root.ts';

/** A place in the user's code. */
export interface Frame {
  /** `<anonymous>` when it has no name. */
  readonly functionName: string;
  /** A path, or whatever names the source; empty when only the function is known. */
  readonly file: string;
  /** From 1; 0 when only the function is known. */
  readonly line: number;
  readonly column: number;
  /** Whether it is the body of a coroutine, in either lane. */
  readonly async: boolean;
}

/** Our frames are recognised by their folder: dist/ is what runs, source maps show lib/. */
const ROOT = packageRoot();
const OURS: readonly string[] = ROOT === undefined ? [] : [`${ROOT}dist/`, `${ROOT}lib/`];

/** More than anybody reads, and few enough that endless recursion stays cheap. */
const DEPTH_MAX = 200;

/** A V8 frame which shows that the frame above it is a resumed generator. */
const RESUMED = /\.(?:next|throw|return) \(<anonymous>\)$/;
/**
 * The functions that resume a coroutine: its driver (task/task.ts), or a probe (task-frames.ts).
 * Frames below them do not belong to it. No generator of ours may have one of these names.
 */
const DRIVER = /(?:\b|#)(?:_run|_begin|_throwInto|probe)$/;

/** Node's types do not allow `prepareStackTrace` to be undefined. */
interface Formatted {
  prepareStackTrace: unknown;
}

interface Line extends Frame {
  readonly ours: boolean;
}

/**
 * The stack of the callers of `below`, as text without its heading. It is formatted at once, which
 * is most of the cost: an unformatted stack keeps alive the objects whose methods are running, and
 * a task that is kept alive is never collected, so an error that nobody took is not reported.
 */
export function captureStack(below: Function, depth: number = DEPTH_MAX): string {
  const holder: { stack?: unknown } = {};
  const { stackTraceLimit, prepareStackTrace } = Error;
  try {
    Error.stackTraceLimit = depth;
    // A formatter set by the user could throw, or return something other than text.
    (Error as Formatted).prepareStackTrace = undefined;
    Error.captureStackTrace(holder, below);
    const text = holder.stack;
    return typeof text === 'string' ? withoutHeading(text) : '';
  } catch {
    // Error is frozen in some hardened programs; they get no stacks.
    return '';
  } finally {
    restore(stackTraceLimit, prepareStackTrace);
  }
}

function restore(limit: number, prepare: unknown): void {
  try {
    Error.stackTraceLimit = limit;
    (Error as Formatted).prepareStackTrace = prepare;
  } catch {
    // Frozen: nothing has been changed.
  }
}

/** A message may have several lines, so the heading ends at the first frame. */
function withoutHeading(stack: string): string {
  const at = /^ {4}at /m.exec(stack);
  return at === null ? '' : stack.slice(at.index);
}

/** The frames of a stack that are the user's, innermost first. */
export function userFrames(stack: string): Frame[] {
  return linesOf(stack)
    .filter((line) => !line.ours)
    .map(plain);
}

/** The same, but only the frames of the running coroutine. */
export function coroutineFrames(stack: string): Frame[] {
  const lines = linesOf(stack);
  const driver = lines.findIndex((line) => line.ours && DRIVER.test(line.functionName));
  return lines
    .slice(0, driver < 0 ? undefined : driver)
    .filter((line) => !line.ours)
    .map(plain);
}

/** Our functions above the user's frames, innermost first; the last is the one the user called. */
export function functionsCalled(stack: string): string[] {
  return ownNames(linesOf(stack));
}

/** The same, but only the frames of the running coroutine. */
export function coroutineCalls(stack: string): string[] {
  const lines = linesOf(stack);
  const driver = lines.findIndex((line) => line.ours && DRIVER.test(line.functionName));
  return ownNames(lines.slice(0, driver < 0 ? undefined : driver));
}

function ownNames(lines: readonly Line[]): string[] {
  const at = lines.findIndex((line) => !line.ours);
  return lines
    .slice(0, at < 0 ? undefined : at)
    .map((line) => line.functionName.replace(/^(Function|Object)\./, ''));
}

/** The frames of an error, innermost first; none for what has no stack. */
export function errorFrames(error: unknown): Frame[] {
  try {
    const stack: unknown = (error as { stack?: unknown } | null | undefined)?.stack;
    return typeof stack === 'string' ? userFrames(withoutHeading(stack)) : [];
  } catch {
    return [];
  }
}

/** A frame as V8 writes it. */
export function frameText({ functionName, file, line, column }: Frame): string {
  return file === '' ? functionName : `${functionName} (${file}:${line}:${column})`;
}

function plain({ functionName, file, line, column, async }: Frame): Frame {
  return { functionName, file, line, column, async };
}

function linesOf(stack: string): Line[] {
  const texts = stack.split('\n');
  const lines: Line[] = [];
  for (let at = 0; at < texts.length; at++) {
    const line = parseLine(texts[at]!, RESUMED.test(texts[at + 1] ?? ''));
    if (line !== null) lines.push(line);
  }
  return lines;
}

/** `at f (file:1:2)`, `at async f (file:1:2)`, `at file:1:2`; null for V8's and Node's own. */
function parseLine(text: string, generator: boolean): Line | null {
  const match = /^\s*at (async )?(.*)$/.exec(text);
  if (match === null) return null;
  const rest = match[2]!;
  const open = rest.endsWith(')') ? rest.indexOf(' (') : -1;
  const name = open < 0 ? '' : rest.slice(0, open).replace(/ \[as .*\]$/, '');
  const place = open < 0 ? rest : rest.slice(open + 2, -1);
  const parts = /^(.+?):(\d+):(\d+)$/.exec(place);
  if (parts === null || parts[1]!.startsWith('node:')) return null;
  const file = toPath(parts[1]!);
  return {
    functionName: name === '' ? '<anonymous>' : name,
    file,
    line: Number(parts[2]),
    column: Number(parts[3]),
    async: generator || match[1] !== undefined,
    ours: isOurs(file),
  };
}

function isOurs(file: string): boolean {
  const path = file.replaceAll('\\', '/');
  return OURS.some((folder) => path.startsWith(folder.replaceAll('\\', '/')));
}

function toPath(place: string): string {
  if (!place.startsWith('file:')) return place;
  try {
    return fileURLToPath(place);
  } catch {
    return place;
  }
}
