/** How long a loop that owns its thread may wait at once. */
import { isMainThread } from '../support/worker-threads.ts';

/**
 * In seconds; undefined for no limit. `worker.terminate()` interrupts JavaScript, but not a wait in
 * the kernel, and would hang until that is over. The main thread needs no limit.
 */
export function longestWait(): number | undefined {
  return isMainThread() ? undefined : 0.1;
}
