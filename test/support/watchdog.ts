/**
 * Ends the process when a test holds its thread for far too long: then no timer can fire, and the
 * whole run would wait for ever without a word. The runner counts a process that ended as a failure
 * of its file. One thread for each process of the runner, which sleeps but for that.
 */
import { Worker } from 'node:worker_threads';

const NAME_BYTES = 400;

// The number of what is watched, by which the thread sees that it is another; its limit (0: none).
const shared = new SharedArrayBuffer(8 + NAME_BYTES);
const words = new Int32Array(shared, 0, 2);
const nameBytes = new Uint8Array(shared, 8);

const THREAD = `
  const shared = require('node:worker_threads').workerData;
  const words = new Int32Array(shared, 0, 2);
  for (;;) {
    const number = Atomics.load(words, 0);
    const limit = Atomics.load(words, 1);
    if (Atomics.wait(words, 0, number, limit || Infinity) !== 'timed-out') continue;
    const name = Buffer.from(new Uint8Array(shared, 8)).toString().replace(/\\0+$/, '');
    require('node:fs').writeSync(2, '"' + name + '" has held its thread for ' + limit + ' ms\\n');
    process.kill(process.pid, 'SIGKILL');
  }`;

let started = false;

function set(limit: number): void {
  Atomics.store(words, 1, limit);
  Atomics.add(words, 0, 1);
  Atomics.notify(words, 0);
}

/** From now on the process has so long until `unwatch()`. */
export function watch(name: string, milliseconds: number): void {
  if (!started) {
    started = true;
    new Worker(THREAD, { eval: true, workerData: shared, execArgv: [] }).unref();
  }
  nameBytes.fill(0);
  new TextEncoder().encodeInto(name, nameBytes);
  set(milliseconds);
}

export function unwatch(): void {
  set(0);
}
