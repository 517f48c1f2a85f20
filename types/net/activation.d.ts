import { Socket } from '../io/socket.ts';
/** How `activatedSockets` goes about it. */
export interface ActivationOptions {
    /**
     * Take what says so out of the environment, so that programs that this one starts do not take the
     * sockets for theirs; default true. The next call then finds none.
     */
    unsetEnvironment?: boolean;
}
/**
 * The sockets that this process was started with (`LISTEN_FDS`, as sd_listen_fds(3) says), each
 * with the name that it has there (`LISTEN_FDNAMES`, else `'unknown'`) as its `name`. None when the
 * environment says nothing, or says it to another process (`LISTEN_PID`).
 *
 * @throws RangeError when `LISTEN_FDS` is no number of descriptors; an error with code `EBADF` or
 * `ENOTSOCK` when one of them is not open or no socket
 * @example
 * const [sock] = activatedSockets();
 * const server = yield* createServer(() => new Echo(), null, null, { sock });
 */
export declare function activatedSockets(options?: ActivationOptions): Socket[];
