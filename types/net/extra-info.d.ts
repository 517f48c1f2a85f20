/** Who is at the other end of a Unix socket, as of when it connected. */
export interface PeerCredentials {
    /** Number of the process, -1 where the system does not say. */
    readonly pid: number;
    readonly uid: number;
    readonly gid: number;
}
