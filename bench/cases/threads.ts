// Calls from another thread.
import { micro, microPython } from '../micro.ts';
import type { BenchCase, Row, Settings } from '../types.ts';

const implementations = [
  { name: 'oxbow', impl: 'oxbow' },
  { name: 'postMessage', impl: 'node' },
];

function row(settings: Settings, name: string, burst: number, count: number): Row {
  const options = { calls: settings.smoke ? 1000 : count, burst };
  return {
    name,
    unit: 'ns/call',
    contenders: [
      ...micro(settings, 'threads', implementations, options),
      ...microPython('threads', options),
    ],
    comparisons: [{ ours: 'oxbow', theirs: 'postMessage' }],
  };
}

export const threads: BenchCase = {
  name: 'threads',
  rows: (settings) => [
    row(settings, 'calls from a worker, 100 at a time', 100, 200_000),
    row(settings, 'calls from a worker, each awaited', 1, 20_000),
  ],
};
