import type { MonitorSetup } from './channels.ts';
import type { ThreadInfo } from './protocol.ts';
export declare class Threads {
    #private;
    /** Whether a session of the inspector was opened; the thread must not end after that. */
    usedInspector: boolean;
    constructor(setup: MonitorSetup);
    /** Asks all threads, and looks at those that do not answer. One question at a time. */
    look(tasks: boolean): Promise<ThreadInfo[]>;
    /** A look that is being taken comes to its end, without the inspector if that is not in use. */
    close(): void;
}
