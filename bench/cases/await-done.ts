// Awaiting something that is already done.
import { micro } from '../micro.ts';
import type { BenchCase } from '../types.ts';

export const awaitDone: BenchCase = {
  name: 'await-done',
  rows: (settings) => [
    {
      name: 'a done future, a resolved Promise',
      unit: 'ns/await',
      contenders: micro(
        settings,
        'await-done',
        [
          { name: 'oxbow', impl: 'oxbow' },
          { name: 'await', impl: 'node' },
        ],
        { count: settings.smoke ? 5000 : 5_000_000 },
      ),
      comparisons: [{ ours: 'oxbow', theirs: 'await', max: 0.25 }],
    },
  ],
};
