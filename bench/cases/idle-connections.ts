// What an idle connection keeps: resident memory of the server, JS and native together, before and
// after 10,000 connections that have each talked once. Kernel memory is not in it.
import type { RunningServer, Driver } from '../drivers.ts';
import { echoDrivers } from '../drivers.ts';
import { startLoad, withServer } from '../load.ts';
import { residentKib } from '../proc.ts';
import type { BenchCase, Contender, Sample, Settings } from '../types.ts';

const onNode = new Set(['oxbow', 'oxbow streams', 'node:net']);

// Garbage is not kept memory. Only Node can be asked to collect it from outside.
async function settledKib(driver: Driver, server: RunningServer): Promise<number> {
  if (onNode.has(driver.name)) {
    server.child.send('gc');
    await server.child.answer();
  }
  return residentKib(server.child.pid);
}

async function hold(driver: Driver, settings: Settings): Promise<Sample> {
  const connections = settings.smoke ? 100 : 10_000;
  return withServer(driver, settings, ['--expose-gc'], async (server) => {
    // Busy connections first, so that code, stacks and buffers that any load needs are not charged
    // to the idle ones.
    const warmup = await startLoad('load_echo', server.port, {
      connections: 50,
      messages: 1,
      'warmup-messages': settings.smoke ? 500 : 200_000,
    });
    warmup.send('go');
    await warmup.answer();
    const before = await settledKib(driver, server);
    const load = await startLoad('load_idle', server.port, { connections });
    const held = await settledKib(driver, server);
    load.send('go');
    const { check } = await load.answer();
    if (check !== connections) throw new Error(`${check} of ${connections} were held`);
    return { value: (held - before) / connections, details: { beforeKib: before, heldKib: held } };
  });
}

function contender(driver: Driver, settings: Settings): Contender {
  return {
    name: driver.name,
    peer: driver.peer,
    missing: () => driver.missing(),
    trial: () => hold(driver, settings),
  };
}

export const idleConnections: BenchCase = {
  name: 'idle-connections',
  rows: (settings) => [
    {
      name: 'memory of each of 10,000',
      unit: 'KiB',
      contenders: echoDrivers.map((driver) => contender(driver, settings)),
      comparisons: [
        { ours: 'oxbow', max: 1.5 },
        { ours: 'oxbow', theirs: 'node:net' },
        { ours: 'oxbow streams', theirs: 'node:net' },
      ],
      roundsMax: 3,
    },
  ],
};
