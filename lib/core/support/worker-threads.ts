/**
 * `node:worker_threads`, loaded on first use: it pulls in Node's streams and more, which take 2 to
 * 4 ms to load, and most programs never need it.
 */
import { loadAddon } from '../../native/load.ts';

/** The module. */
export function workerThreads(): typeof import('node:worker_threads') {
  return process.getBuiltinModule('node:worker_threads');
}

/** Whether this is the main thread, without loading that module. Needs the addon loaded. */
export function isMainThread(): boolean {
  return loadAddon().isMainThread;
}
