/** Functions that other threads may call by name. */
export type SharedFunctions = Record<string, (...args: any[]) => unknown>;
/** Functions that a share may have: the number of one is share times this plus its place. */
export declare const FUNCTIONS_MAX = 4096;
/** Checks what is to be shared. @throws TypeError, RangeError */
export declare function checkFunctions(functions: unknown): string[];
/** One share. While it is open and not unref'ed, it keeps its loop waiting for messages. */
export declare class Share {
    #private;
    /** What the functions are called on. */
    readonly owner: object;
    readonly names: readonly string[];
    readonly calls: readonly Function[];
    constructor(functions: SharedFunctions, names: readonly string[], hold: (change: 1 | -1) => void, remove: () => void);
    get open(): boolean;
    hold(keep: boolean): void;
    close(): void;
    /** Its loop is closed, and with it everything that could be held. */
    end(): void;
}
