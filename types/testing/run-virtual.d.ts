/** Running a main coroutine in simulated time. */
import type { AwaitableLike } from '../core/support/types.ts';
import type { VirtualLoopOptions } from './virtual-loop.ts';
/**
 * Runs `main` like `run`, but on a VirtualLoop: waiting takes no real time.
 * @throws as `run`; DeadlockError when nothing could ever wake a waiting task; TypeError,
 *   RangeError for wrong options
 * @example await runVirtual(function* () { yield* sleep(3600); }); // at once
 */
export declare function runVirtual<T>(main: AwaitableLike<T>, options?: VirtualLoopOptions): Promise<T>;
