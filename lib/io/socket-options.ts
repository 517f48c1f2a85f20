/** Options of sockets by name, and the values that each takes. */
import { errnoError } from '../core/errors/errno.ts';
import { describe } from '../core/support/describe.ts';
import { nearest } from '../core/support/nearest.ts';
import { loadAddon } from '../native/load.ts';

/** Options that are true or false. */
const FLAGS = [
  'reuseAddress',
  'reusePort',
  'keepAlive',
  'noDelay',
  'ipv6Only',
  'broadcast',
] as const;
/** Options that are whole numbers from 1. */
const NUMBERS = [
  'keepIdle',
  'keepInterval',
  'keepCount',
  'receiveBuffer',
  'sendBuffer',
  'receiveLowWater',
] as const;
/** Options that are whole numbers from 0. */
const NUMBERS_OR_NONE = ['userTimeout'] as const;
/** Options that can only be read. */
const ANSWERS = ['error', 'listening'] as const;

/**
 * An option of a socket that can be set: `reuseAddress`, `reusePort`, `keepAlive`, `noDelay`,
 * `ipv6Only`, `broadcast` are true or false; `keepIdle` and `keepInterval` (seconds), `keepCount`,
 * `receiveBuffer`, `sendBuffer`, `receiveLowWater` (bytes) are numbers from 1, `userTimeout`
 * (milliseconds, on Linux) one from 0, `linger` (seconds) one from 0 or null for none.
 */
export type SocketOption =
  | (typeof FLAGS)[number]
  | (typeof NUMBERS)[number]
  | (typeof NUMBERS_OR_NONE)[number]
  | 'linger';

/** Options that can be read: also `error` (an errno or 0; reading clears it) and `listening`. */
export type AskedOption = SocketOption | (typeof ANSWERS)[number];

const SETTABLE: readonly string[] = [...FLAGS, ...NUMBERS, ...NUMBERS_OR_NONE, 'linger'];
const ALL: readonly string[] = [...SETTABLE, ...ANSWERS];

const isFlag = (name: string): boolean => (FLAGS as readonly string[]).includes(name);

function checkName(where: string, name: unknown, known: readonly string[]): void {
  if (known.includes(name as string)) return;
  const meant = typeof name === 'string' ? nearest(name, known) : null;
  const hint = meant === null ? '' : `; did you mean '${meant}'?`;
  const given = describe(name);
  throw new RangeError(
    `${where}: there is no option ${given}${hint} (there are ${known.join(', ')})`,
  );
}

function numberOf(where: string, name: string, value: unknown): number {
  if (isFlag(name)) {
    if (typeof value === 'boolean') return value ? 1 : 0;
    throw new TypeError(`${where}: ${name} must be true or false, not ${describe(value)}`);
  }
  if (name === 'linger' && value === null) return -1;
  const least = (NUMBERS as readonly string[]).includes(name) ? 1 : 0;
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= 0x7fffffff) {
    return value as number;
  }
  const or = name === 'linger' ? ' or null' : '';
  throw new RangeError(
    `${where}: ${name} must be a whole number from ${least}${or}, not ${describe(value)}`,
  );
}

/**
 * @throws RangeError or TypeError for an unknown option or invalid value; an error with a `code`
 */
export function setSocketOption(descriptor: number, name: SocketOption, value: unknown): void {
  checkName('setsockopt()', name, SETTABLE);
  const number = numberOf('setsockopt()', name, value);
  const result = loadAddon().sockets.setOption(descriptor, name, number);
  if (result < 0) throw errnoError(result, 'setsockopt');
}

/** @throws RangeError for an unknown option; an error with the system's `code` */
export function getSocketOption(descriptor: number, name: AskedOption): number | boolean | null {
  checkName('getsockopt()', name, ALL);
  const answer = loadAddon().sockets.getOption(descriptor, name);
  if (typeof answer === 'number') throw errnoError(answer, 'getsockopt');
  const [value] = answer;
  if (isFlag(name) || name === 'listening') return value !== 0;
  return name === 'linger' && value < 0 ? null : value;
}
