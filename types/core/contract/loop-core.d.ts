/** What futures, tasks and the rooms below them need of a loop; every AbstractEventLoop is one. */
export interface LoopCore {
    /** Seconds that a callback may take before debug mode warns. */
    readonly slowCallbackDuration: number;
    /** Seconds on the loop's monotonic clock. */
    time(): number;
    /** Whether `close()` was called; nothing can be scheduled then. */
    isClosed(): boolean;
    /** Reports an error that nobody awaits to the exception handler. */
    callExceptionHandler(context: {
        message: string;
        [key: string]: unknown;
    }): void;
}
