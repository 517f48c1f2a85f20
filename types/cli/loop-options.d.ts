/** @returns the options, or the exit code when there is nothing more to do */
export declare function loopOptions(command: string, help: string, args: readonly string[]): {
    debug: boolean | undefined;
} | number;
