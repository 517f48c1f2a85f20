/** `oxbow trace`. @returns the exit code */
export declare function traceCommand(args: readonly string[]): Promise<number>;
