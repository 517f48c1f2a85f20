/** A place in the user's code. */
export interface Frame {
    /** `<anonymous>` when it has no name. */
    readonly functionName: string;
    /** A path, or whatever names the source; empty when only the function is known. */
    readonly file: string;
    /** From 1; 0 when only the function is known. */
    readonly line: number;
    readonly column: number;
    /** Whether it is the body of a coroutine, in either lane. */
    readonly async: boolean;
}
