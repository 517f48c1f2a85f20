// Starting programs: how long the call blocks, and the cost of reading their output.
import { micro } from '../micro.ts';
import type { BenchCase } from '../types.ts';

const BOTH = [
  { name: 'oxbow', impl: 'oxbow' },
  { name: 'child_process', impl: 'node' },
];

export const spawning: BenchCase = {
  name: 'spawn',
  rows: (settings) => [
    {
      name: settings.smoke ? 'with 50 MB resident' : 'with 2 GB resident',
      unit: 'us/call',
      contenders: micro(settings, 'spawn', BOTH, {
        megabytes: settings.smoke ? 50 : 2000,
        count: settings.smoke ? 3 : 20,
      }),
      comparisons: [
        { ours: 'oxbow', theirs: 'child_process' },
        { ours: 'oxbow', max: 300 },
      ],
    },
  ],
};

export const spawnRate: BenchCase = {
  name: 'spawn-rate',
  rows: (settings) =>
    [10, settings.smoke ? 50 : 2000].map((megabytes) => ({
      name: `one each millisecond, ${megabytes} MB resident`,
      unit: 'us of CPU',
      contenders: micro(settings, 'spawn-rate', BOTH, {
        megabytes,
        count: settings.smoke ? 5 : megabytes === 10 ? 2000 : 200,
      }),
      comparisons: [{ ours: 'oxbow', theirs: 'child_process' }],
    })),
};

export const childOutput: BenchCase = {
  name: 'child-output',
  rows: (settings) => [
    {
      name: settings.smoke ? '10 MB' : '1 GB',
      unit: 'ms',
      contenders: micro(settings, 'child-output', BOTH, {
        megabytes: settings.smoke ? 10 : 1024,
      }),
      comparisons: [{ ours: 'oxbow', theirs: 'child_process', max: 0.7 }],
    },
  ],
};
