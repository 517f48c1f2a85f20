// Programs of two threads, in a process of their own.
import { runChild } from './core-child.ts';
import type { Ended } from './core-child.ts';

/**
 * Runs `main` with a function `start(workerData)` that starts a worker running `worker`; both are
 * bodies of modules in which everything of `oxbow` is in scope.
 */
export function runThreads(main: string, worker: string, seed = 0): Promise<Ended> {
  return runChild(`
    import { Worker } from 'node:worker_threads';
    import * as oxbow from 'oxbow';
    const source = ${JSON.stringify(inScope('workerData', worker))}
      .replaceAll('OXBOW', import.meta.resolve('oxbow'));
    const start = (workerData) => {
      const url = new URL('data:text/javascript,' + encodeURIComponent(source));
      const worker = new Worker(url, { workerData });
      exits.set(worker, new Promise((resolve) => worker.once('exit', resolve)));
      return worker;
    };
    // Told from the start: Node may tell of the last message and of the exit in one callback.
    const exits = new WeakMap();
    const exited = (worker) => exits.get(worker);
    const message = (worker) => new Promise((resolve) => worker.once('message', resolve));
    let seed = ${seed};
    const random = (below) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor(seed / 2 ** 32 * below);
    };
    ${destructured}
    ${main}`);
}

const NAMES = `CancelledError, EventLoop, Queue, connectLoop, connectQueue, gather, getRunningLoop, run,
  runCoroutineThreadsafe, runSync, shareLoop, shareQueue, sleep, waitFor`;
const destructured = `const { ${NAMES} } = oxbow;`;

function inScope(extra: string, body: string): string {
  return `
    import { parentPort, ${extra} } from 'node:worker_threads';
    import { ${NAMES} } from 'OXBOW';
    ${body}`;
}

/** The outcome of a program that must end well and print this. */
export function printed(stdout: string): Ended {
  return { code: 0, signal: null, stdout, stderr: '' };
}
