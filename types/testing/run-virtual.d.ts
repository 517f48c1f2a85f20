/** A main in simulated time. */
import type { AwaitableLike } from '../core/support/types.ts';
import type { VirtualLoopOptions } from './virtual-loop.ts';
/**
 * `run` on a VirtualLoop.
 * @throws what `run` throws; TypeError, RangeError for what are no options
 * @example await runVirtual(function* () { yield* sleep(3600); }); // at once
 */
export declare function runVirtual<T>(main: AwaitableLike<T>, options?: VirtualLoopOptions): Promise<T>;
