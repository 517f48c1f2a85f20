/**
 * The loop's clock as JavaScript reads it: a bare native function that leaves the time in a cell
 * of shared memory. It is read for every timer, so what it costs is most of what a timer costs.
 */
import type { NativeEngine } from '../native/binding.ts';
/** A function that reads the clock of `engine`, in seconds. */
export declare function clockOf(engine: NativeEngine): () => number;
