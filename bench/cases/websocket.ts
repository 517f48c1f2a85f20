// WebSocket: the server's CPU per echoed message and per published message, and the memory of an
// idle WebSocket.
import { idleWebSocketDrivers, webSocketDrivers } from '../drivers.ts';
import { underLoad } from '../load.ts';
import type { LoadOptions } from '../load.ts';
import type { BenchCase, Comparison, Row, Settings } from '../types.ts';
import { heldKib } from './idle-connections.ts';

const peers = (max: number): Comparison[] => [
  { ours: 'oxbow', theirs: 'bun', max },
  { ours: 'oxbow', theirs: 'uWebSockets.js', max },
];

/** The size of the frame that is echoed, in bytes. */
const framed = (size: number): number => size + (size < 126 ? 2 : 4);

function row(settings: Settings, name: string, shape: LoadOptions, targets: Comparison[]): Row {
  const bytes = framed(shape.size!);
  return {
    name,
    unit: shape.subscribers === undefined ? 'us/message' : 'us/delivery',
    contenders: underLoad(webSocketDrivers, settings, 'load_websocket', shape, bytes),
    comparisons: targets,
  };
}

function echo(settings: Settings, name: string, shape: LoadOptions): Row {
  const targets = [
    { ours: 'oxbow', theirs: 'ws', max: 0.35 },
    { ours: 'oxbow', theirs: 'bun', max: 1 },
    // uWebSockets.js reuses the memory of a message after the callback, too.
    { ours: 'oxbow transient', theirs: 'uWebSockets.js', max: 1 },
  ];
  return row(settings, name, { connections: 50, depth: 1, ...shape }, targets);
}

function idle(settings: Settings): Row {
  const connections = settings.smoke ? 100 : 9900;
  return {
    name: 'memory of each of 9,900 that are idle',
    unit: 'KiB',
    contenders: idleWebSocketDrivers.map((driver) => ({
      name: driver.name,
      peer: driver.peer,
      missing: () => driver.missing(),
      trial: () => heldKib(driver, settings, { connections, http: 4 }),
    })),
    comparisons: [
      { ours: 'oxbow', max: 1.5 },
      { ours: 'oxbow', theirs: 'ws' },
    ],
    roundsMax: 3,
  };
}

export const webSocket: BenchCase = {
  name: 'websocket',
  rows: (settings) => [
    echo(settings, '50 x 64 B', { size: 64 }),
    echo(settings, '50 x 64 B of text', { size: 64, text: 1 }),
    echo(settings, '50 x 64 B, 16 in flight', { size: 64, depth: 16 }),
    echo(settings, '50 x 16 KiB', { size: 16_384 }),
    row(
      settings,
      '64 B to 1000 subscribers',
      { size: 64, subscribers: settings.smoke ? 50 : 1000 },
      peers(1),
    ),
    idle(settings),
  ],
};
