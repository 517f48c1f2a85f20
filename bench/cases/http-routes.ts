// 200 routes with two parameters each and a JSON response, compared with our own hello.
import { httpDrivers, routeDrivers } from '../drivers.ts';
import { underLoad } from '../load.ts';
import type { BenchCase } from '../types.ts';

const connections = 64;
const routes = 200;
const bodyBytes = '{"user":"u00000","post":"p00000"}'.length;

export const httpRoutes: BenchCase = {
  name: 'http-routes',
  rows: (settings) => [
    {
      name: '200 with two parameters, JSON, 64 connections',
      unit: 'us/request',
      contenders: [
        ...underLoad(routeDrivers, settings, 'load_http', { connections, routes }, bodyBytes),
        ...underLoad(httpDrivers.slice(0, 1), settings, 'load_http', { connections }, 13).map(
          (hello) => ({ ...hello, name: 'oxbow hello' }),
        ),
      ],
      comparisons: [
        { ours: 'oxbow', theirs: 'oxbow hello', max: 1.15 },
        { ours: 'oxbow', theirs: 'bun', max: 0.85 },
        { ours: 'oxbow', theirs: 'fastify', max: 0.35 },
      ],
    },
  ],
};
