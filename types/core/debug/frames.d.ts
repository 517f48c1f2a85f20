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
/**
 * The stack from `below` up as text, without its heading. It is made into text at once, which is
 * most of the work: until then it would hold the objects whose methods are running, and a task that
 * is held is never reported when nobody takes its error.
 */
export declare function captureStack(below: Function, depth?: number): string;
/** The frames of a stack that are the user's, innermost first. */
export declare function userFrames(stack: string): Frame[];
/** The same, but only what belongs to the coroutine that is running. */
export declare function coroutineFrames(stack: string): Frame[];
/** The functions of ours above the user's: the innermost first, the one the user called last. */
export declare function functionsCalled(stack: string): string[];
/** The same, but only what belongs to the coroutine that is running. */
export declare function coroutineCalls(stack: string): string[];
/** The frames of an error, innermost first; none for what has no stack. */
export declare function errorFrames(error: unknown): Frame[];
/** A frame as V8 writes it. */
export declare function frameText({ functionName, file, line, column }: Frame): string;
