/** @returns the exit code */
export declare function topCommand(args: readonly string[]): Promise<number>;
