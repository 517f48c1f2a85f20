// The same measurement with wrk as the load generator, if it is installed.
import { spawnSync } from 'node:child_process';
import { Child, loadCore } from './child.ts';
import type { Driver, RunningServer } from './drivers.ts';
import { withServer } from './load.ts';
import { cpuNs } from './proc.ts';
import type { Contender, Sample, Settings } from './types.ts';

export function wrkIsHere(): boolean {
  return spawnSync('wrk', ['--version']).error === undefined;
}

// wrk accepts only whole seconds.
async function requests(port: number, connections: number): Promise<number> {
  const url = `http://127.0.0.1:${port}/`;
  const wrk = new Child(['wrk', '-t1', `-c${connections}`, '-d2s', url], loadCore);
  const text = await wrk.rest();
  const total = /^\s*(\d+) requests in/m.exec(text);
  if (total === null || /Socket errors|Non-2xx/.test(text)) throw new Error(`wrk said: ${text}`);
  return Number(total[1]);
}

async function trial(server: RunningServer, connections: number): Promise<Sample> {
  await requests(server.port, connections);
  const before = cpuNs(server.child.pid);
  const count = await requests(server.port, connections);
  return { value: (cpuNs(server.child.pid) - before) / 1000 / count, details: { count } };
}

export function underWrk(drivers: Driver[], settings: Settings, connections: number): Contender[] {
  return drivers.map((driver) => ({
    name: driver.name,
    peer: driver.peer,
    missing: () => driver.missing(),
    trial: () => withServer(driver, settings, [], (server) => trial(server, connections)),
  }));
}
