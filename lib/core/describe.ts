/** Short texts of values for messages. */
import { inspect } from 'node:util';

/** A value on one line. */
export function describe(value: unknown): string {
  return inspect(value, { depth: 1, breakLength: Infinity, maxStringLength: 80 });
}

/** A function's name, for messages. */
export function functionName(value: unknown): string {
  return typeof value === 'function' && value.name !== '' ? value.name : '<anonymous>';
}

/** The stack from `below` up, without the heading; what debug mode keeps. */
export function sourceTraceback(below: Function): string {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, below);
  const stack = holder.stack ?? '';
  return stack.slice(stack.indexOf('\n') + 1);
}
