/** Durations: seconds as a number, or a string with its unit. */
import { debugging } from '../debug/debug.ts';
import { warnOfMilliseconds } from '../debug/suspicious.ts';
import { describe } from './describe.ts';

/** Seconds (fractions allowed), or a string with a unit: `'250ms'`, `'2s'`, `'1.5m'`. */
export type Duration = number | string;

const SECONDS: Record<string, number> = { us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };
/** From this many seconds on, debug mode checks whether a duration looks like milliseconds. */
const SUSPICIOUS = 1000;
const PATTERN = /^\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)\s*(us|ms|s|m|h)\s*$/;

/**
 * A duration in seconds. Negative values stay negative: callers treat them as 0.
 *
 * @param value - the argument that the caller was given
 * @param name - the parameter's name, for the message
 * @throws RangeError for NaN, TypeError for anything that is not a duration
 * @example toSeconds('250ms') // 0.25
 */
export function toSeconds(value: Duration, name = 'delay'): number {
  if (typeof value === 'number') {
    if (Number.isNaN(value)) throw new RangeError(`${name}: NaN is no duration`);
    if (value >= SUSPICIOUS && debugging.on && (name === 'delay' || name === 'timeout')) {
      warnOfMilliseconds(value, toSeconds);
    }
    return value;
  }
  const match = typeof value === 'string' ? PATTERN.exec(value) : null;
  if (match === null) throw notADuration(value, name);
  return Number(match[1]) * SECONDS[match[2]!]!;
}

/** The same, but `null` and `undefined` give null: no limit. */
export function toTimeout(value: Duration | null | undefined, name = 'timeout'): number | null {
  return value === null || value === undefined ? null : toSeconds(value, name);
}

/**
 * A point in time on the loop's clock, in seconds. A string with a unit is refused, since it would
 * read as "from now".
 * @throws RangeError for NaN, TypeError for anything that is not a number
 */
export function toInstant(value: number, name = 'when'): number {
  if (typeof value !== 'number') throw new TypeError(`${name}: ${describe(value)} is not a number`);
  return toSeconds(value, name);
}

/** The same, but `null` and `undefined` give null: no deadline. */
export function toDeadline(value: number | null | undefined, name = 'when'): number | null {
  return value === null || value === undefined ? null : toInstant(value, name);
}

function notADuration(value: unknown, name: string): TypeError {
  const given = typeof value === 'string' ? JSON.stringify(value) : printable(value);
  return new TypeError(
    `${name}: ${given} is no duration; give seconds as a number, or a string with a unit ` +
      "(us, ms, s, m, h) such as '250ms'",
  );
}

function printable(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'object') return `an object (${value.constructor?.name ?? 'no class'})`;
  return typeof value === 'function' ? 'a function' : `${typeof value} ${String(value)}`;
}
