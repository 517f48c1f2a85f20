// The memory of an idle connection: resident memory of the server, JS and native together, before
// and after 10,000 connections that have each sent one message. Kernel memory is not included.
import type { RunningServer, Driver } from '../drivers.ts';
import { echoDrivers } from '../drivers.ts';
import { startLoad, withServer } from '../load.ts';
import { residentKib } from '../proc.ts';
import type { BenchCase, Contender, Sample, Settings } from '../types.ts';

const onNode = new Set(['oxbow', 'oxbow streams', 'node:net', 'node:http', 'node:tls', 'ws']);

// Garbage does not count. Only Node can be told from outside to collect it.
async function settledKib(driver: Driver, server: RunningServer): Promise<number> {
  if (onNode.has(driver.name)) {
    server.child.send('gc');
    await server.child.answer();
  }
  return residentKib(server.child.pid);
}

/** The generator that warms the server up, for each kind of connection of load_idle. */
const LOADS = ['load_echo', 'load_http', 'load_http', 'load_http', 'load_websocket'] as const;

/**
 * The memory of each connection; `options.http` is the kind, as numbered by load_idle; `warmup` is
 * the number of messages sent before.
 */
export async function heldKib(
  driver: Driver,
  settings: Settings,
  options: { connections: number; http?: number; tls?: boolean; warmup?: number },
): Promise<Sample> {
  const { connections, http = 0, tls = false, warmup: messages = 200_000 } = options;
  const busy = tls ? (http === 0 ? 'tls_load_echo' : 'tls_load_http') : LOADS[http]!;
  return withServer(driver, settings, ['--expose-gc'], async (server) => {
    // Busy connections first, so that code, stacks and buffers that any load needs are not
    // attributed to the idle ones.
    const warmup = await startLoad(busy, server.port, {
      connections: 50,
      messages: 1,
      'warmup-messages': settings.smoke ? 500 : messages,
    });
    warmup.send('go');
    await warmup.answer();
    const before = await settledKib(driver, server);
    const idle = tls ? 'tls_load_idle' : 'load_idle';
    const load = await startLoad(idle, server.port, { connections, http });
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
    trial: () => heldKib(driver, settings, { connections: settings.smoke ? 100 : 10_000 }),
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
