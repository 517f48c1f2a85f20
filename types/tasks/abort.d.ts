/** What every call that waits can be given. */
export interface SignalOptions {
    /** Aborting it makes the call fail with an AbortError; that is not a cancellation of the task. */
    signal?: AbortSignal | null | undefined;
}
