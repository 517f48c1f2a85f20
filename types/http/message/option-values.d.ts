/** Limits for the head of a received message. */
export interface HeadLimits {
    /** The maximum size of the first line and of each header line, in bytes; 8190 by default. */
    lineSize?: number;
    /** The maximum number of header lines; 128 by default. */
    headers?: number;
    /**
     * The maximum size of the whole head, in bytes; 65535 by default, which is also the largest
     * value.
     */
    headSize?: number;
}
