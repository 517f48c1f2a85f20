// A Hono application: what a server's CPU costs for each request, keep-alive.
import { honoDrivers } from '../drivers.ts';
import { underLoad } from '../load.ts';
import type { BenchCase } from '../types.ts';

const bodyBytes = 13; // Hello, World!

export const httpHono: BenchCase = {
  name: 'http-hono',
  rows: (settings) => [
    {
      name: '64 connections',
      unit: 'us/request',
      contenders: underLoad(
        honoDrivers,
        settings,
        'load_http',
        { connections: 64, depth: 1 },
        bodyBytes,
      ),
      comparisons: [
        { ours: 'oxbow', theirs: '@hono/node-server', max: 0.5 },
        { ours: 'oxbow', theirs: 'bun', max: 1.1 },
      ],
    },
  ],
};
