// 100 tasks that take turns.
import { micro } from '../micro.ts';
import type { BenchCase } from '../types.ts';

export const taskSwitch: BenchCase = {
  name: 'task-switch',
  rows: (settings) => [
    {
      name: '100 tasks taking turns',
      unit: 'ns/switch',
      contenders: micro(
        settings,
        'task-switch',
        [
          { name: 'oxbow', impl: 'oxbow' },
          { name: 'await null', impl: 'node' },
        ],
        { tasks: 100, turns: settings.smoke ? 50 : 20_000 },
      ),
      comparisons: [{ ours: 'oxbow', theirs: 'await null', max: 1 }],
    },
  ],
};
