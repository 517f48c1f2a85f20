/** Short texts of values for messages. */
import { inspect } from 'node:util';

import { captureStack, frameText, userFrames } from '../debug/frames.ts';
import { wholeText } from './shows-text.ts';

/** A value on one line. */
export function describe(value: unknown): string {
  try {
    return (
      wholeText(value) ?? inspect(value, { depth: 1, breakLength: Infinity, maxStringLength: 80 })
    );
  } catch {
    // Its custom inspection threw.
    return `<${typeof value} that cannot be shown>`;
  }
}

/** Text in double quotes, and anything else as it is described. */
export function quoted(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : describe(value);
}

/** A result or an error in a few words; the insides of an object are nobody's business. */
export function shortly(value: unknown): string {
  try {
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    return typeof value === 'object' && value !== null
      ? (value.constructor?.name ?? 'object')
      : describe(value);
  } catch {
    return describe(value);
  }
}

/** A function's name, for messages. */
export function functionName(value: unknown): string {
  try {
    // A class may have a static member `name` of any type.
    const name: unknown = typeof value === 'function' ? value.name : '';
    return typeof name === 'string' && name !== '' ? name : '<anonymous>';
  } catch {
    return '<anonymous>';
  }
}

/** The number of user frames that debug mode keeps for each handle, future and task. */
const SOURCE_FRAMES = 10;

/** The creation stack that debug mode keeps: unparsed, since it is rarely read. */
export function captureSource(): string {
  // More than needed, since frames of ours in between are dropped later.
  return captureStack(captureSource, 4 * SOURCE_FRAMES);
}

/** Where something was created: the user's frames, innermost first, one line each. */
export function sourceTraceback(source: string | undefined): string | undefined {
  if (source === undefined) return undefined;
  const frames = userFrames(source).slice(0, SOURCE_FRAMES);
  return frames.length === 0
    ? undefined
    : frames.map((frame) => `    at ${frameText(frame)}`).join('\n');
}

/** ` created at f (file:1:2)` for the texts of objects created in debug mode; else empty. */
export function createdAt(traceback: string | undefined): string {
  return traceback === undefined ? '' : ` created ${traceback.split('\n')[0]!.trim()}`;
}
