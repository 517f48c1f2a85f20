import type { ThreadReport } from './protocol.ts';
import type { Slowest } from './slowest.ts';
/** What a snapshot holds. */
export interface SnapshotOptions {
    readonly slowest: Slowest;
    /** Whether to list tasks. */
    readonly tasks: boolean;
    /**
     * Whether to find out where tasks wait. That steps into their generators, which must not be done
     * while one of our own functions is interrupted.
     */
    readonly frames: boolean;
    /**
     * How long it may hold up the thread, roughly, in seconds; what has no place in it is left out.
     */
    readonly limit: number;
}
/** Looks at every loop of this thread. Does not throw, whatever user code has made of them. */
export declare function takeSnapshot(options: SnapshotOptions): ThreadReport;
