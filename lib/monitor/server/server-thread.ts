/**
 * Entry point of the monitor's thread. It uses Node's own event loop: it must keep working when the
 * program's loops do not, and must not depend on the code that it inspects.
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
  // The main thread may still be tearing down an inspector session that has just ended; if this
  // thread were gone by then, the process would abort. So a thread that has had a session stays
  // alive: its open parentPort keeps it running.
  if (!threads.usedInspector) parentPort!.close();
});
