// Connections that are accepted and closed, 50 at a time.
import { acceptDrivers } from '../drivers.ts';
import { underLoad } from '../load.ts';
import type { BenchCase } from '../types.ts';

export const acceptClose: BenchCase = {
  name: 'accept-close',
  rows: (settings) => [
    {
      name: 'accept and close',
      unit: 'us/connection',
      contenders: underLoad(acceptDrivers, settings, 'load_accept', { connections: 50 }, 1),
      comparisons: [{ ours: 'oxbow', theirs: 'node:net', max: 0.5 }],
    },
  ],
};
