/** The process at the other end of a Unix socket, as of when it connected. */
export interface PeerCredentials {
    /** Process id, -1 where the system does not report it. */
    readonly pid: number;
    readonly uid: number;
    readonly gid: number;
}
