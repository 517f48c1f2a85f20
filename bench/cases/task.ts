// The cost of one task: creating, running and awaiting it.
import { micro, microPython } from '../micro.ts';
import { LANES } from './lanes.ts';
import type { BenchCase } from '../types.ts';

export const task: BenchCase = {
  name: 'task',
  rows: (settings) => {
    const options = { tasks: settings.smoke ? 1000 : 1_000_000 };
    const forPython = { tasks: settings.smoke ? 1000 : 100_000 };
    return [
      {
        name: 'made, waits once, awaited',
        unit: 'ns/task',
        contenders: [...micro(settings, 'task', LANES, options), ...microPython('task', forPython)],
        comparisons: [{ ours: 'oxbow', theirs: 'Promises' }],
      },
    ];
  },
};
