/** Bounds of the head of a received message. */
export interface HeadLimits {
    /** Bytes of the first line and of each header line; 8190 by default. */
    lineSize?: number;
    /** Header lines; 128 by default. */
    headers?: number;
    /** Bytes of the whole head; 65535 by default, and at most. */
    headSize?: number;
}
