/**
 * `node:worker_threads`, for those who need it. It brings Node's streams and some more with it,
 * which take 2 to 4 ms to load, and most programs never ask for any of it.
 */
import { loadAddon } from '../../native/load.ts';

/** The module. */
export function workerThreads(): typeof import('node:worker_threads') {
  return process.getBuiltinModule('node:worker_threads');
}

/** Whether this is the main thread, without loading that. For those who have a loop already. */
export function isMainThread(): boolean {
  return loadAddon().isMainThread;
}
