/**
 * Options that are set on a TCP connection from the start, for clients and for accepted
 * connections.
 */
import { errnoError } from '../core/errors/errno.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import { describe } from '../core/support/describe.ts';
import { type Duration, toSeconds } from '../core/support/duration.ts';
import { checkFlags, checkOptions } from '../core/support/options.ts';

/** How the kernel detects that a silent peer is gone. The system decides what is left out. */
export interface KeepAlive {
  /** How long the peer must be silent before it is probed; rounded up to whole seconds. */
  idle?: Duration;
  /**
   * How long to wait for the answer to a probe before the next one; rounded up to whole seconds.
   */
  interval?: Duration;
  /** Unanswered probes after which the connection fails with `ETIMEDOUT`. */
  count?: number;
}

export interface TcpOptions {
  /** Whether small writes are sent at once (TCP_NODELAY); default true. */
  noDelay?: boolean;
  /** Whether to probe silent peers: true for the system's times; default false. */
  keepAlive?: boolean | KeepAlive;
}

/** The names of {@link TcpOptions}. */
export const TCP_OPTIONS: readonly string[] = ['noDelay', 'keepAlive'];

/** An option by its native name, and its value. */
export type TcpSetting = readonly [name: string, value: number];

/**
 * The settings to apply to a socket that already has TCP_NODELAY on.
 * @throws TypeError or RangeError for invalid values
 */
export function tcpSettings(where: string, options: TcpOptions): TcpSetting[] {
  checkFlags(where, options, ['noDelay']);
  const settings: TcpSetting[] = [];
  if (options.noDelay === false) settings.push(['noDelay', 0]);
  const { keepAlive } = options;
  if (keepAlive === undefined || keepAlive === false) return settings;
  settings.push(['keepAlive', 1]);
  if (keepAlive === true) return settings;
  if (typeof keepAlive !== 'object' || keepAlive === null) {
    throw new TypeError(
      `${where}: keepAlive must be true, false or { idle, interval, count }, ` +
        `not ${describe(keepAlive)}`,
    );
  }
  checkOptions(`${where}: keepAlive`, keepAlive, ['idle', 'interval', 'count']);
  const { idle, interval, count } = keepAlive;
  if (idle !== undefined) settings.push(['keepIdle', seconds(where, 'idle', idle)]);
  if (interval !== undefined) settings.push(['keepInterval', seconds(where, 'interval', interval)]);
  if (count !== undefined) {
    if (!Number.isInteger(count) || count < 1 || count > MOST) throw wrong(where, 'count', count);
    settings.push(['keepCount', count]);
  }
  return settings;
}

/** The maximum that Linux accepts for each. */
const MOST = 32767;

function seconds(where: string, name: string, value: Duration): number {
  const whole = Math.ceil(toSeconds(value, `${where}: keepAlive.${name}`));
  if (whole < 1 || whole > MOST) throw wrong(where, name, value);
  return whole;
}

function wrong(where: string, name: string, value: unknown): RangeError {
  const unit = name === 'count' ? '' : ' seconds';
  return new RangeError(
    `${where}: keepAlive.${name} must be from 1 to ${MOST}${unit}, not ${describe(value)}`,
  );
}

/** @throws an error with a code when the system refuses one */
export function applyTcp(
  loop: EventLoop,
  handle: number,
  generation: number,
  settings: readonly TcpSetting[],
): void {
  for (const [name, value] of settings) {
    const result = loop._engine.option(handle, generation, name, value);
    if (result < 0) throw errnoError(result, 'setsockopt');
  }
}
