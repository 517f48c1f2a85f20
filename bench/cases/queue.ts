// A producer and a consumer.
import { micro, microPython } from '../micro.ts';
import { LANES } from './lanes.ts';
import type { BenchCase, Row, Settings } from '../types.ts';

function row(settings: Settings, name: string, size: number): Row {
  const options = { items: settings.smoke ? 1000 : 1_000_000, size };
  const forPython = { items: settings.smoke ? 1000 : 100_000, size };
  return {
    name,
    unit: 'ns/item',
    contenders: [...micro(settings, 'queue', LANES, options), ...microPython('queue', forPython)],
    comparisons: [{ ours: 'oxbow', theirs: 'Promises' }],
  };
}

export const queue: BenchCase = {
  name: 'queue',
  rows: (settings) => [
    row(settings, 'put + get, room for 100', 100),
    row(settings, 'put + get, room for one', 1),
  ],
};
