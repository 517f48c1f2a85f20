import { SharedState } from './shared.ts';
export declare class Reporter {
    #private;
    readonly shared: SharedState;
    constructor();
    /** Inboxes of the loops that may own the thread some day. */
    inboxes(): number[];
    close(): void;
}
