/** How a file is sent. */
export interface SendfileOptions {
    /**
     * Whether it is read and written where the system cannot send it by itself: on a connection with
     * TLS, or when it is no regular file; default true. Otherwise SendfileNotAvailableError.
     */
    fallback?: boolean;
    /** Aborting it ends the call with an AbortError. */
    signal?: AbortSignal;
}
