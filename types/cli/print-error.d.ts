/** Writes an error to stderr as Node does. @returns the exit code */
export declare function printError(error: unknown): Promise<number>;
/** Takes out of an error's stack what is not of the program. */
export declare function shortenStack(error: unknown): void;
