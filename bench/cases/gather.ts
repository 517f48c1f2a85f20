// Many tasks that are created at once and awaited together.
import { micro, microPython } from '../micro.ts';
import type { BenchCase, Row, Settings } from '../types.ts';

const implementations = [
  { name: 'oxbow', impl: 'oxbow' },
  { name: 'Promise.all', impl: 'node' },
];

function row(settings: Settings, name: string, waits: number, max?: number): Row {
  const tasks = settings.smoke ? 1000 : 100_000;
  const times = settings.smoke ? 1 : 5;
  return {
    name,
    unit: 'ns/task',
    contenders: [
      ...micro(settings, 'gather', implementations, { tasks, times, waits }),
      ...microPython('gather', { tasks, times, waits }),
    ],
    comparisons: [{ ours: 'oxbow', theirs: 'Promise.all', max }],
  };
}

export const gather: BenchCase = {
  name: 'gather',
  rows: (settings) => [
    row(settings, '100,000 tasks that wait once', 1, 0.5),
    row(settings, '100,000 tasks that return at once', 0),
  ],
};
