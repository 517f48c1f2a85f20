/**
 * Memory that several share. Received bytes of many connections stand in one piece of memory, and
 * C++ goes on writing into it: a program that transfers it (`postMessage`, `structuredClone`) would
 * take the bytes of all others with it.
 */
import { workerThreads } from './worker-threads.ts';

/** A mark of our own: Node's is asked for at every piece, and takes a tenth of a microsecond. */
interface Memory extends ArrayBuffer {
  _oxbowKept?: true;
}

/**
 * Has a transfer of the memory fail, as one of the pool of small Buffers does: with DataCloneError,
 * or on Node 20, which copies it, without an effect.
 */
export function keepAttached(memory: ArrayBufferLike): void {
  if ((memory as Memory)._oxbowKept === undefined) mark(memory as Memory);
}

function mark(memory: Memory): void {
  memory._oxbowKept = true;
  workerThreads().markAsUntransferable(memory);
}
