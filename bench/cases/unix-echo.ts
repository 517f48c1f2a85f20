// Echo on Unix sockets: the server's CPU per round trip.
import { largeUnixDrivers, unixDrivers } from '../drivers.ts';
import type { Driver } from '../drivers.ts';
import { underLoad } from '../load.ts';
import type { BenchCase, Row, Settings } from '../types.ts';

function row(
  settings: Settings,
  name: string,
  size: number,
  raw: number,
  drivers: Driver[] = unixDrivers,
): Row {
  const shape = { connections: 50, size, depth: 1 };
  const best = drivers === largeUnixDrivers ? 'oxbow transient' : 'oxbow';
  return {
    name,
    unit: 'us/message',
    contenders: underLoad(drivers, settings, 'load_echo', shape, size),
    comparisons: [
      { ours: 'oxbow', theirs: 'node:net' },
      { ours: best, theirs: 'raw epoll', max: raw },
      { ours: best, theirs: 'bun', max: 0.95 },
    ],
  };
}

export const unixEcho: BenchCase = {
  name: 'unix-echo',
  rows: (settings) => [
    row(settings, '50 x 64 B', 64, 1.2),
    row(settings, '50 x 16 KiB', 16_384, 1.25, largeUnixDrivers),
  ],
};
