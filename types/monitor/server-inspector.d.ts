import type { Frame } from './protocol.ts';
/** What was found. */
export interface Look {
    /** Innermost first; frames of Node and of Oxbow are left out. */
    readonly stack: readonly Frame[];
    /** A ThreadReport as JSON, or null. */
    readonly report: string | null;
}
/**
 * Looks into the main thread.
 * @returns null when it did not run any JavaScript in time; `debugger` when somebody debugs it
 */
export declare function lookIntoMainThread(): Promise<Look | 'debugger' | null>;
