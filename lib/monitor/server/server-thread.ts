/**
 * The monitor's own thread. It has no loop of ours: it must go on when those do not, and what it
 * is made of must not be what it is asked about.
 */
import { parentPort, workerData } from 'node:worker_threads';

import type { MonitorSetup } from '../asks-and-answers.ts';
import type { ProcessInfo, Request } from './protocol.ts';
import { sharedClockMs } from '../clock.ts';
import { MonitorServer } from './server-socket.ts';
import { Threads } from './server-threads.ts';

const setup = workerData as MonitorSetup;
const threads = new Threads(setup);

async function describe({ command }: Request): Promise<ProcessInfo> {
  return {
    pid: process.pid,
    node: process.version,
    script: setup.script,
    uptime: (sharedClockMs() - setup.startedMs) / 1000,
    threads: await threads.look(command === 'snapshot'),
  };
}

const server = new MonitorServer(setup.path, new Int32Array(setup.control), describe);
server.start();

parentPort!.on('message', () => {
  server.close();
  threads.close();
  // A session of the inspector that has just ended is still being taken apart by the main thread,
  // which would find this thread gone and abort the process. So a thread that had one stays.
  if (!threads.usedInspector) parentPort!.close();
});
// It lives as long as its server; the port alone would keep it.
