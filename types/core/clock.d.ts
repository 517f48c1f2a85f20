import type { NativeEngine } from '../native/binding.ts';
/** A function that reads the clock of `engine`, in seconds. */
export declare function clockOf(engine: NativeEngine): () => number;
