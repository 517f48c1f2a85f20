// HTTP/1.1 hello: the server's CPU per request, keep-alive, alone and pipelined.
import { httpDrivers } from '../drivers.ts';
import { underLoad } from '../load.ts';
import type { BenchCase, Comparison, Row, Settings } from '../types.ts';
import { underWrk, wrkIsHere } from '../wrk.ts';

const connections = 64;
const bodyBytes = 13; // Hello, World!

function row(settings: Settings, name: string, depth: number, targets: Comparison[]): Row {
  return {
    name,
    unit: 'us/request',
    contenders: underLoad(httpDrivers, settings, 'load_http', { connections, depth }, bodyBytes),
    comparisons: targets,
  };
}

// A second opinion, from a load generator that is not ours.
function wrkRow(settings: Settings): Row {
  return {
    name: '64 connections (wrk)',
    unit: 'us/request',
    contenders: underWrk(httpDrivers, settings, connections),
    comparisons: [{ ours: 'oxbow', theirs: 'node:http' }],
  };
}

export const httpHello: BenchCase = {
  name: 'http-hello',
  rows: (settings) => [
    row(settings, '64 connections', 1, [
      { ours: 'oxbow', theirs: 'node:http', max: 0.45 },
      { ours: 'oxbow', theirs: 'bun', max: 0.88 },
      { ours: 'oxbow', theirs: 'uWebSockets.js', max: 0.95 },
    ]),
    row(settings, '64 connections, pipelined 16', 16, [
      { ours: 'oxbow', theirs: 'node:http', max: 0.07 },
      { ours: 'oxbow', theirs: 'bun', max: 0.13 },
      { ours: 'oxbow', theirs: 'uWebSockets.js', max: 0.55 },
    ]),
    ...(wrkIsHere() && !settings.smoke ? [wrkRow(settings)] : []),
  ],
};
