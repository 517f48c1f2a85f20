/** Checks of the values of options, for servers and clients. */
import { isAwaitable } from '../../core/loop/ensure-future.ts';
import type { Duration } from '../../core/support/duration.ts';
import { toSeconds } from '../../core/support/duration.ts';
import { checkOptions } from '../../core/support/options.ts';
import type { MessageLimits } from '../../native/binding.ts';
import { describe } from './outgoing-body.ts';

/** Limits for the head of a received message. */
export interface HeadLimits {
  /** The maximum size of the first line and of each header line, in bytes; 8190 by default. */
  lineSize?: number;
  /** The maximum number of header lines; 128 by default. */
  headers?: number;
  /**
   * The maximum size of the whole head, in bytes; 65535 by default, which is also the largest
   * value.
   */
  headSize?: number;
}

/** @throws TypeError, RangeError unless it is an integer in the range */
export function integer(name: string, value: unknown, least: number, most: number): number {
  if (typeof value !== 'number') {
    throw new TypeError(`${name} must be a number, not ${describe(value)}`);
  }
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  const range = most >= 2 ** 53 - 1 ? `of ${least} or more` : `from ${least} to ${most}`;
  throw new RangeError(`${name} must be an integer ${range}, not ${value}`);
}

/** The duration in seconds. @throws TypeError, RangeError unless it is a duration of more than 0 */
export function duration(name: string, value: Duration): number {
  const seconds = toSeconds(value, name);
  if (seconds > 0) return seconds;
  throw new RangeError(`${name} must be more than 0, not ${seconds}`);
}

/** Checks the limits and fills in defaults. @throws TypeError, RangeError, naming the limit */
export function headLimits(where: string, limits: HeadLimits | undefined): MessageLimits | null {
  if (limits === undefined) return null;
  checkOptions(`${where}: limits`, limits, ['lineSize', 'headers', 'headSize']);
  return {
    lineSize: integer('limits.lineSize', limits.lineSize ?? 8190, 64, 60000),
    headers: integer('limits.headers', limits.headers ?? 128, 1, 4096),
    headSize: integer('limits.headSize', limits.headSize ?? 65535, 128, 65535),
  };
}

/**
 * What a function among the options has said. A Promise would be taken for the answer, and for a
 * yes, whatever comes of it.
 * @throws TypeError for what is waited for
 */
export function saidAtOnce<T>(where: string, said: T): T {
  if (!isAwaitable(said)) return said;
  if (said instanceof Promise) said.catch(() => {});
  throw new TypeError(`${where} must answer at once, and not with ${describe(said)}`);
}
