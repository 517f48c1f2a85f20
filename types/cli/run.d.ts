/** `oxbow run FILE`: runs the main function of a program on a loop of its own. */
import type { RunOptions } from '../index.ts';
/** What a program that is run in this process can be given beside its arguments. */
export interface ProgramOptions extends Pick<RunOptions, 'debug' | 'loopFactory'> {
    /** Arguments of `oxbow` that run the same again in another process. */
    again?: readonly string[] | undefined;
}
/** `oxbow run`. @returns the exit code */
export declare function runCommand(args: readonly string[]): Promise<number>;
/**
 * Runs a program in this process: imports `file` and runs its default export or its `main` with
 * `args`, on a loop that rides in Node's. Errors are written to stderr.
 *
 * @param file - a path or a `file:` URL
 * @returns the exit code: 0; 1 after an error; 130 after Ctrl-C; 2 when there is no such program
 */
export declare function runProgram(file: string, args: readonly string[], options?: ProgramOptions): Promise<number>;
