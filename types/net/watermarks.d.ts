/** The watermarks of a write buffer, in bytes. */
export interface WriteBufferLimits {
    /** Above this many bytes the writer is paused. */
    high?: number;
    /** At or below this many bytes it resumes. */
    low?: number;
}
