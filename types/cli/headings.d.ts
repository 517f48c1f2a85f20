/** What stands above the tasks: the process, its threads, and why one of them does not answer. */
import type { Frame, LoopInfo, ProcessInfo, ThreadInfo } from '../monitor/protocol.ts';
import type { Screen } from './look-command.ts';
import type { Style } from './text.ts';
export declare function processHeading(info: ProcessInfo, { width, style }: Screen): string;
export declare function threadName({ thread }: ThreadInfo): string;
export declare function loopHeading(loop: LoopInfo, thread: ThreadInfo, { width, style }: Screen): string;
/** A place as `path:line in function`; the path is ours to shorten, the rest is not. */
export declare function place({ file, line, functionName }: Frame, style: Style): string;
/** Why a thread does not answer, and where it is; nothing when it does. */
export declare function troubleLines(thread: ThreadInfo, { width, style }: Screen): string[];
