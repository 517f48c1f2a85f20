import type { Stats } from 'node:fs';
type Environment = Readonly<Record<string, string | undefined>>;
/** The folders in which the sockets of a user may be, the one that is used first. */
export declare function socketFolders(uid: number, environment?: Environment): string[];
/** The socket of a process in a folder. */
export declare function socketPath(folder: string, pid: number): string;
/** The pid of a socket's name, or null for any other name. */
export declare function pidOfSocket(name: string): number | null;
/** Our user's number; systems without users have one. */
export declare function ownUid(): number;
/**
 * The path for our own socket, in a folder that is made when it is not there.
 * @throws Error with code `ERR_OXBOW_MONITOR` when no folder can be trusted
 */
export declare function prepareSocketPath(): string;
/** Why a folder for sockets cannot be trusted, or null. */
export declare function distrust(folder: string, stats: Pick<Stats, 'uid' | 'mode' | 'isDirectory'>, uid: number): string | null;
export {};
