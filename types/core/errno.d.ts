/** What the failed call was about; it goes into the message and onto the error. */
export interface ErrnoDetails {
    address?: string | undefined;
    port?: number | undefined;
}
/** An Error of Node's shape: `code`, `errno`, `syscall`, and `address`, `port` where known. */
export interface SystemError extends Error {
    code: string;
    errno: number;
    syscall: string;
    address?: string;
    port?: number;
}
/**
 * Makes the Error for an errno, with Node's message: `connect ECONNREFUSED 127.0.0.1:1`.
 *
 * @param errno - of either sign; the error carries it negative, as Node's do
 * @param syscall - what failed: `connect`, `listen`, `read`
 */
export declare function errnoError(errno: number, syscall: string, details?: ErrnoDetails): SystemError;
