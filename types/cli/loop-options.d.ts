/** @returns the options, or the exit code when there is nothing more to do */
export declare function loopOptions(command: string, help: string, args: readonly string[]): {
    debug: boolean | undefined;
} | number;
/** Says what is wrong with a command line. @returns the exit code */
export declare function usage(command: string, help: string, message: string): number;
