// UDP echo: the server's CPU per round trip of a datagram.
import { udpDrivers } from '../drivers.ts';
import { underLoad } from '../load.ts';
import type { BenchCase, Comparison, Row, Settings } from '../types.ts';

const SIZE = 64;

function row(settings: Settings, name: string, run: number, comparisons: Comparison[]): Row {
  return {
    name,
    unit: 'us/datagram',
    contenders: underLoad(udpDrivers, settings, 'load_udp', { size: SIZE, depth: 1000, run }, SIZE),
    comparisons,
  };
}

export const udpEcho: BenchCase = {
  name: 'udp-echo',
  rows: (settings) => [
    row(settings, '64 B, 1000 in flight', 1, [
      { ours: 'oxbow', theirs: 'raw', max: 1.32 },
      { ours: 'oxbow', theirs: 'node:dgram', max: 0.45 },
      { ours: 'oxbow', theirs: 'bun', max: 0.8 },
    ]),
    row(settings, '64 B in runs of 50 (GSO, GRO)', 50, [
      { ours: 'oxbow', theirs: 'raw' },
      { ours: 'oxbow', theirs: 'bun', max: 0.35 },
    ]),
  ],
};
