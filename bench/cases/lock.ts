// A contended lock.
import { micro, microPython } from '../micro.ts';
import { LANES } from './lanes.ts';
import type { BenchCase } from '../types.ts';

export const lock: BenchCase = {
  name: 'lock',
  rows: (settings) => {
    const options = { tasks: 10, turns: settings.smoke ? 100 : 100_000 };
    const forPython = { tasks: 10, turns: settings.smoke ? 100 : 10_000 };
    return [
      {
        name: 'handed from task to task (10 tasks)',
        unit: 'ns/handoff',
        contenders: [...micro(settings, 'lock', LANES, options), ...microPython('lock', forPython)],
        comparisons: [{ ours: 'oxbow', theirs: 'Promises' }],
      },
    ];
  },
};
