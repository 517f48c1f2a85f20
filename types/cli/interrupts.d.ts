/**
 * Ctrl-C of a program that the command line runs. The runner cancels main at the first one and ends
 * its loop at the second; what is left for here is the time in which the runner does not listen
 * (tasks that are left clean up), and that the second one ends the process whatever happens.
 */
/** The exit code after Ctrl-C: 128 and the number of SIGINT. */
export declare const INTERRUPTED = 130;
/** Whether `error` says that Ctrl-C was pressed; the program may have another copy of the class. */
export declare function isInterrupt(error: unknown): boolean;
export declare class Interrupts {
    #private;
    /** Calls `start`, which begins the run, and listens until `remove`. */
    during<T>(start: () => T): T;
    remove(): void;
}
