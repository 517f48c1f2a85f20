// The memory of an idle HTTP connection: resident memory of the server, JS and native together,
// before and after 9,900 connections in the same state. Kernel memory is not included.
import { idleHttpDrivers } from '../drivers.ts';
import { heldKib } from './idle-connections.ts';
import type { BenchCase, Row, Settings } from '../types.ts';

function row(settings: Settings, name: string, http: number, max: number, alone = false): Row {
  const connections = settings.smoke ? 100 : 9900;
  const drivers = alone ? idleHttpDrivers.slice(0, 1) : idleHttpDrivers;
  return {
    name,
    unit: 'KiB',
    contenders: drivers.map((driver) => ({
      name: driver.name,
      peer: driver.peer,
      missing: () => driver.missing(),
      trial: () => heldKib(driver, settings, { connections, http }),
    })),
    comparisons: [
      { ours: 'oxbow', max },
      ...(alone ? [] : [{ ours: 'oxbow', theirs: 'node:http' }]),
    ],
    roundsMax: 3,
  };
}

export const httpIdle: BenchCase = {
  name: 'http-idle',
  rows: (settings) => [
    row(settings, 'keep-alive, after an answer', 1, 1.2),
    row(settings, 'in the middle of a head', 2, 1.5),
    row(settings, 'while a function* handler waits', 3, 2.5, true),
  ],
};
