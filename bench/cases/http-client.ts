// The cost of a request for the client: a GET on a kept connection, with a small response.
import { bun, install } from '../drivers.ts';
import { microBeside } from '../micro.ts';
import type { BenchCase } from '../types.ts';

export const httpClient: BenchCase = {
  name: 'http-client',
  rows: (settings) => [
    {
      name: '64 GETs at once',
      unit: 'us/request',
      contenders: microBeside(
        settings,
        'raw_epoll_http',
        'http-get',
        [
          { name: 'oxbow', impl: 'oxbow' },
          { name: 'oxbow async', impl: 'oxbow-async' },
          { name: 'node:http', impl: 'node:http' },
          { name: 'undici', impl: 'undici' },
          { name: 'fetch', impl: 'fetch' },
          { name: 'bun', impl: 'fetch', runtime: { command: bun, install } },
        ],
        { requests: settings.smoke ? 1000 : 20_000 },
      ),
      comparisons: [
        { ours: 'oxbow', theirs: 'node:http' },
        { ours: 'oxbow async', theirs: 'undici' },
        { ours: 'oxbow async', theirs: 'fetch' },
        { ours: 'oxbow async', theirs: 'bun' },
      ],
    },
  ],
};
