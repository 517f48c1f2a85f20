// The cost of large bodies: for a server, received and sent, and for a client that reads them.
import { httpBodyDrivers } from '../drivers.ts';
import { underLoad } from '../load.ts';
import { microBeside } from '../micro.ts';
import type { BenchCase, Comparison, Row, Settings } from '../types.ts';

const HELLO = 13;
const MIB = 1024 * 1024;
const CONNECTIONS = 8;

function posts(settings: Settings, comparisons: Comparison[]): Row {
  const shape = { connections: CONNECTIONS, 'post-bytes': MIB };
  return {
    name: 'POST of 1 MiB, read whole',
    unit: 'us/request',
    contenders: underLoad(httpBodyDrivers, settings, 'load_http', shape, HELLO),
    comparisons,
  };
}

function gets(settings: Settings, name: string, bytes: number, comparisons: Comparison[]): Row {
  const shape = { connections: CONNECTIONS, target: `/${bytes}`, 'answer-bytes': bytes };
  return {
    name: `GET of ${name} from memory`,
    unit: 'us/request',
    contenders: underLoad(httpBodyDrivers, settings, 'load_http', shape, bytes),
    comparisons,
  };
}

/** One at a time: 32 at once would measure memory that does not fit into a cache. */
function downloads(settings: Settings): Row {
  return {
    name: 'client: 1 MiB, read whole',
    unit: 'us/request',
    contenders: microBeside(
      settings,
      'raw_epoll_http',
      'http-get',
      [
        { name: 'oxbow', impl: 'oxbow' },
        { name: 'node:http', impl: 'node:http' },
        { name: 'fetch', impl: 'fetch' },
      ],
      { requests: settings.smoke ? 40 : 2000, bytes: MIB, 'at-once': 4 },
      { 'answer-bytes': MIB },
    ),
    comparisons: [
      { ours: 'oxbow', theirs: 'node:http' },
      { ours: 'oxbow', theirs: 'fetch' },
    ],
  };
}

export const httpBody: BenchCase = {
  name: 'http-body',
  rows: (settings) => [
    posts(settings, [
      { ours: 'oxbow', theirs: 'node:http', max: 0.6 },
      { ours: 'oxbow', theirs: 'bun', max: 1 },
    ]),
    gets(settings, '1 MiB', MIB, [
      { ours: 'oxbow', theirs: 'node:http' },
      { ours: 'oxbow', theirs: 'bun', max: 0.7 },
    ]),
    gets(settings, '16 KiB', 16 * 1024, [
      { ours: 'oxbow', theirs: 'node:http' },
      { ours: 'oxbow', theirs: 'bun', max: 0.85 },
    ]),
    downloads(settings),
  ],
};
