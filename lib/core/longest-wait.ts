/** How long a loop that owns its thread may wait at once. */
import { isMainThread } from 'node:worker_threads';

/**
 * Seconds; undefined: any number. `worker.terminate()` ends JavaScript, but no wait in the kernel,
 * and would hang until that is over. The main thread needs none of this.
 */
export const LONGEST_WAIT: number | undefined = isMainThread ? undefined : 0.1;
