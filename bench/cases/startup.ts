// From nothing to the first turn of the loop and out again.
import { micro } from '../micro.ts';
import type { BenchCase } from '../types.ts';

export const startup: BenchCase = {
  name: 'startup',
  rows: (settings) => [
    {
      name: 'CPU of a process until its first turn',
      unit: 'ms',
      contenders: micro(
        settings,
        'startup',
        [
          { name: 'oxbow', impl: 'oxbow' },
          { name: 'node:net', impl: 'node' },
        ],
        {},
      ),
      comparisons: [{ ours: 'oxbow', theirs: 'node:net' }],
    },
  ],
};
