/** How long a loop that owns its thread may wait at once. */
import { isMainThread } from '../support/worker-threads.ts';

/**
 * Seconds; undefined: any number. `worker.terminate()` ends JavaScript, but no wait in the kernel,
 * and would hang until that is over. The main thread needs none of this.
 */
export function longestWait(): number | undefined {
  return isMainThread() ? undefined : 0.1;
}
