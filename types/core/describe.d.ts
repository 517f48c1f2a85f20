/** A value on one line. */
export declare function describe(value: unknown): string;
/** A result or an error in a few words; the insides of an object are nobody's business. */
export declare function shortly(value: unknown): string;
/** A function's name, for messages. */
export declare function functionName(value: unknown): string;
/** What debug mode keeps of everything that is made: the stack as it is, to be read when asked. */
export declare function captureSource(): string;
/** Where it was made: the user's frames, innermost first, one line each. */
export declare function sourceTraceback(source: string | undefined): string | undefined;
/** `created at f (file:1:2)` for the texts of what debug mode has seen being made. */
export declare function createdAt(traceback: string | undefined): string;
