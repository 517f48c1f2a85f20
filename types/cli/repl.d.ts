/** `oxbow repl`. @returns the exit code */
export declare function replCommand(args: readonly string[]): Promise<number>;
