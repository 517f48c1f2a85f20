/**
 * Shared memory must not be transferred. The received bytes of many connections are in one
 * ArrayBuffer, which C++ still writes to: a program that transfers it (`postMessage`,
 * `structuredClone`) would take away the bytes of all other connections.
 */
import { workerThreads } from './worker-threads.ts';

/** Our own mark, checked for every received piece: reading Node's takes 0.1 microseconds. */
interface Memory extends ArrayBuffer {
  _oxbowKept?: true;
}

/**
 * Makes a transfer of the memory fail with a DataCloneError, as for Node's own pool of small
 * Buffers. Node 20 copies such memory instead.
 */
export function keepAttached(memory: ArrayBufferLike): void {
  if ((memory as Memory)._oxbowKept === undefined) mark(memory as Memory);
}

function mark(memory: Memory): void {
  memory._oxbowKept = true;
  workerThreads().markAsUntransferable(memory);
}
