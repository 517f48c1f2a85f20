/** `oxbow pstree`: the tasks of a running process, by who waits for whom. */
import type { ProcessInfo } from '../monitor/protocol.ts';
import type { Screen } from './look-command.ts';
/** @returns the exit code */
export declare function pstreeCommand(args: readonly string[]): Promise<number>;
/** What `oxbow pstree` prints. */
export declare function pstreeLines(info: ProcessInfo, screen: Screen): string[];
