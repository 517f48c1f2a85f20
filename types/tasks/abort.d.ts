/** The option of every call that waits. */
export interface SignalOptions {
    /** Aborting it makes the call fail with an AbortError; this does not cancel the task. */
    signal?: AbortSignal | null | undefined;
}
