// Callbacks for the next turn, many at once and one after another.
import { micro } from '../micro.ts';
import type { BenchCase } from '../types.ts';

const implementations = [
  { name: 'oxbow', impl: 'oxbow' },
  { name: 'setImmediate', impl: 'set-immediate' },
  { name: 'process.nextTick', impl: 'next-tick' },
  { name: 'queueMicrotask', impl: 'queue-microtask' },
];

export const callSoon: BenchCase = {
  name: 'call-soon',
  rows: (settings) => [
    {
      name: 'batch of 100,000',
      unit: 'ns/call',
      contenders: micro(settings, 'call-soon', implementations, {
        size: settings.smoke ? 5000 : 100_000,
        times: settings.smoke ? 2 : 20,
      }),
      comparisons: [
        { ours: 'oxbow', theirs: 'setImmediate', max: 0.3 },
        { ours: 'oxbow', theirs: 'process.nextTick', max: 0.6 },
      ],
    },
    {
      // Each one needs a turn of the loop, so microtasks have no counterpart.
      name: 'one after another',
      unit: 'ns/call',
      contenders: micro(settings, 'call-soon', implementations.slice(0, 2), {
        size: 1,
        times: settings.smoke ? 2000 : 300_000,
      }),
      comparisons: [],
    },
  ],
};
