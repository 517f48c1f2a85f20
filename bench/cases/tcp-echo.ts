// TCP echo: the server's CPU per round trip.
import { echoDrivers, largeEchoDrivers } from '../drivers.ts';
import type { Driver } from '../drivers.ts';
import { underLoad } from '../load.ts';
import type { BenchCase, Comparison, Row, Settings } from '../types.ts';

interface Shape {
  connections: number;
  size: number;
  depth: number;
}

function row(
  settings: Settings,
  name: string,
  shape: Shape,
  targets: Comparison[],
  drivers: Driver[] = echoDrivers,
): Row {
  return {
    name,
    unit: 'us/message',
    contenders: underLoad(drivers, settings, 'load_echo', { ...shape }, shape.size),
    comparisons: targets,
  };
}

function against(ours: string, theirs: string, max?: number): Comparison {
  return { ours, theirs, max };
}

const protocol = (theirs: string, max?: number) => against('oxbow', theirs, max);
const streams = (max?: number) => against('oxbow streams', 'node:net', max);

export const tcpEcho: BenchCase = {
  name: 'tcp-echo',
  rows: (settings) => [
    row(settings, '50 x 64 B', { connections: 50, size: 64, depth: 1 }, [
      protocol('node:net', 0.65),
      protocol('raw epoll', 1.15),
      streams(0.8),
    ]),
    row(settings, '50 x 64 B, 16 in flight', { connections: 50, size: 64, depth: 16 }, [
      protocol('node:net', 0.75),
      streams(),
    ]),
    row(
      settings,
      '50 x 16 KiB',
      { connections: 50, size: 16_384, depth: 1 },
      [
        protocol('node:net', 0.6),
        protocol('raw epoll', 1.2),
        against('oxbow transient', 'bun', 0.95),
        against('oxbow buffered', 'raw epoll', 1.1),
        streams(),
      ],
      largeEchoDrivers,
    ),
    row(settings, '1000 x 64 B', { connections: settings.smoke ? 100 : 1000, size: 64, depth: 1 }, [
      protocol('node:net'),
      streams(),
    ]),
  ],
};
