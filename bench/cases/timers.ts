// Timers: their cost when most are cancelled (timeouts) and when all fire, and how precise they
// are.
import { micro } from '../micro.ts';
import type { BenchCase, Row, Settings } from '../types.ts';

const implementations = [
  { name: 'oxbow', impl: 'oxbow' },
  { name: 'setTimeout', impl: 'node' },
];

function costRow(settings: Settings, name: string, mode: string, max: number): Row {
  const count = settings.smoke ? 5000 : 1_000_000;
  return {
    name,
    unit: 'ns/timer',
    contenders: micro(settings, 'timers', implementations, { mode, count }),
    comparisons: [{ ours: 'oxbow', theirs: 'setTimeout', max }],
  };
}

// Our trials throw if a timer fires early, so a figure also means "never early".
function precisionRow(settings: Settings, name: string, grain: string): Row {
  return {
    name,
    unit: 'ms late',
    contenders: micro(settings, 'timer-precision', implementations, {
      grain,
      count: settings.smoke ? 10 : 300,
    }),
    comparisons: [
      { ours: 'oxbow', max: 0.2 },
      { ours: 'oxbow', theirs: 'setTimeout' },
    ],
  };
}

export const timers: BenchCase = {
  name: 'timers',
  rows: (settings) => [
    costRow(settings, 'add and cancel at once, 1 M up to 60 s', 'add-cancel', 0.25),
    costRow(settings, '1 M pending up to 60 s, then all cancelled', 'pending-cancel', 0.4),
    costRow(settings, '1 M pending for 60 s, then all cancelled', 'pending-cancel-same', 0.4),
    costRow(settings, 'add and fire, 1 M in 200 ms', 'fire', 0.5),
    precisionRow(settings, 'sleep of 1 to 5 whole ms, median', 'whole'),
    precisionRow(settings, 'sleep of 0.1 to 5 ms, median', 'fraction'),
  ],
};
