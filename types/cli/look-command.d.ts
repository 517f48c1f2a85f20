import type { ParseArgsConfig } from 'node:util';
import type { ProcessInfo } from '../monitor/protocol.ts';
import type { Style } from './text.ts';
/** Where the output goes. */
export interface Screen {
    readonly width: number;
    readonly style: Style;
}
/** Arguments that were understood. */
export interface Looking {
    /** Null: which ones there are is asked. */
    readonly pid: number | null;
    readonly json: boolean;
    readonly screen: Screen;
    readonly values: Readonly<Record<string, unknown>>;
}
export declare const COMMON_HELP = "  --json      the answer of the process as JSON\n  --ascii     ASCII characters only\n  -h, --help  this text\n\nThe process must have been started with OXBOW_MONITOR=1, or have called\nstartMonitor(). Without a PID the processes that can be looked at are listed.\n";
/** A mistake in the command line. */
export declare class UsageError extends Error {
}
/** Reads the arguments of a command, runs it, and tells errors. @returns the exit code */
export declare function lookCommand(name: string, help: string, options: NonNullable<ParseArgsConfig['options']>, args: readonly string[], run: (looking: Looking & {
    pid: number;
}) => Promise<number>): Promise<number>;
/** A table of processes. */
export declare function processLines(found: readonly ProcessInfo[], { width, style }: Screen): string[];
