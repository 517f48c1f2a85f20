import * as oxbow from '../index.ts';
import type { AwaitableLike } from '../index.ts';
import type { ProgramOptions } from './run.ts';
/** The program cannot be run, for a reason that its own code has no part in. */
export declare class ProgramError extends Error {
    name: string;
    readonly exitCode: number;
    constructor(message: string, exitCode: number, options?: ErrorOptions);
}
/** A program that can be run. */
export interface Program {
    readonly main: AwaitableLike;
    /** `run` of the copy of this package that the program imports. */
    readonly run: typeof oxbow.run;
}
/**
 * @returns the program, or the exit code when it was run in another process, or has run itself: it
 *   exports nothing to run, but ran a loop when it was imported
 */
export declare function loadProgram(file: string, args: readonly string[], options: ProgramOptions): Promise<Program | number>;
