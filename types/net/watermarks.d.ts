import type { Watermarks } from '../io/native-stream.ts';
/** The watermarks of a write buffer, in bytes. */
export interface WriteBufferLimits {
    /** Above this many bytes the writer is paused. */
    high?: number;
    /** At or below this many bytes it goes on. */
    low?: number;
}
/** What was given, the missing one derived from the other. */
export declare function watermarks(limits: WriteBufferLimits, defaultHigh: number): Watermarks;
