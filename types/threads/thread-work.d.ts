/** How work is described to the thread. */
export interface WorkMessage {
    /** For messages and stacks. */
    readonly label: string;
    /** The text of a function. */
    readonly source?: string;
    readonly module?: string;
    /** Of the module's export. */
    readonly name?: string;
}
export interface ThreadWork {
    readonly message: WorkMessage;
    readonly transfer: readonly unknown[];
}
/** @throws TypeError for what cannot be done in a thread */
export declare function threadWork(work: unknown): ThreadWork;
