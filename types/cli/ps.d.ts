/** `oxbow ps`: the tasks of a running process. */
import type { ProcessInfo } from '../monitor/protocol.ts';
import type { Screen } from './look-command.ts';
/** @returns the exit code */
export declare function psCommand(args: readonly string[]): Promise<number>;
/** What `oxbow ps` prints. */
export declare function psLines(info: ProcessInfo, screen: Screen): string[];
