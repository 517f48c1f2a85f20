/**
 * Prints to stdout. When that fails the command ends: with 0 when nobody reads any more
 * (`oxbow top 1 | head`), else with 1 and a word on stderr.
 */
export declare function print(text: string): void;
/** Makes the command end when stdout fails, whoever writes to it. */
export declare function watchOutput(): void;
/** Writes to stderr. Where that fails nobody can be told, and the exit code must say it. */
export declare function complain(text: string): void;
/** Says what is wrong with a command line. @returns the exit code */
export declare function usage(command: string, help: string, message: string): number;
/**
 * Watches the stdout of a program that runs in this process. What `console.log` cannot write, Node
 * drops without a word; a program that believes to have printed it must not end as a success. When
 * it is only that nobody reads any more, all is left to Node, and so is every error that Node does
 * not drop.
 */
export declare function reportLostOutput(): void;
