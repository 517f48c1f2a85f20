import type { ProcessInfo, Request } from '../monitor/protocol.ts';
/** What went wrong, in words for whoever typed the command. */
export declare class AttachError extends Error {
}
/** Asks the monitor of a process. @throws AttachError */
export declare function ask(pid: number, command: Request['command']): Promise<ProcessInfo>;
/** The processes that can be asked, of this user. */
export declare function attachable(): Promise<ProcessInfo[]>;
