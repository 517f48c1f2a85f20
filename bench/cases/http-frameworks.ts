// Applications of frameworks: the server's CPU per request, keep-alive.
import { expressDrivers, honoDrivers } from '../drivers.ts';
import type { Driver } from '../drivers.ts';
import { underLoad } from '../load.ts';
import type { BenchCase, Comparison, Row, Settings } from '../types.ts';

const load = { connections: 64, depth: 1 };
const bodyBytes = 13; // Hello, World!

function row(settings: Settings, name: string, drivers: Driver[], comparisons: Comparison[]): Row {
  return {
    name,
    unit: 'us/request',
    contenders: underLoad(drivers, settings, 'load_http', load, bodyBytes),
    comparisons,
  };
}

export const httpFrameworks: BenchCase = {
  name: 'http-frameworks',
  rows: (settings) => [
    row(settings, 'Hono', honoDrivers, [
      { ours: 'oxbow', theirs: '@hono/node-server', max: 0.5 },
      { ours: 'oxbow', theirs: 'bun', max: 1.1 },
    ]),
    row(settings, 'Express', expressDrivers, [{ ours: 'oxbow', theirs: 'node:http', max: 1 }]),
  ],
};
