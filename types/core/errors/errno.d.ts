/** An Error of Node's shape: `code`, `errno`, `syscall`, and `address`, `port` where known. */
export interface SystemError extends Error {
    code: string;
    errno: number;
    syscall: string;
    address?: string;
    port?: number;
}
