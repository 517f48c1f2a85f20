/** Options of `sendfile`. */
export interface SendfileOptions {
    /**
     * Whether to read and write the file when sendfile(2) cannot be used: on a connection with TLS,
     * or when it is not a regular file; default true. If false: SendfileNotAvailableError.
     */
    fallback?: boolean;
    /** Aborting it ends the call with an AbortError. */
    signal?: AbortSignal;
}
