// What one request costs its client: a GET on a connection that is kept, with a small answer.
import { microBeside } from '../micro.ts';
import type { BenchCase } from '../types.ts';

export const httpClient: BenchCase = {
  name: 'http-client',
  rows: (settings) => [
    {
      name: '32 GETs at once',
      unit: 'us/request',
      contenders: microBeside(
        settings,
        'raw_epoll_http',
        'http-get',
        [
          { name: 'oxbow', impl: 'oxbow' },
          { name: 'oxbow async', impl: 'oxbow-async' },
          { name: 'node:http', impl: 'node:http' },
          { name: 'fetch', impl: 'fetch' },
        ],
        { requests: settings.smoke ? 1000 : 50_000 },
      ),
      comparisons: [
        { ours: 'oxbow', theirs: 'node:http' },
        { ours: 'oxbow async', theirs: 'fetch' },
      ],
    },
  ],
};
