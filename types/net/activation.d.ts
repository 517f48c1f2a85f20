import { Socket } from '../io/socket.ts';
/** Options of `activatedSockets`. */
export interface ActivationOptions {
    /**
     * Remove the variables from the environment, so that child processes do not mistake the sockets
     * for theirs; default true. The next call then finds none.
     */
    unsetEnvironment?: boolean;
}
/**
 * The sockets that were passed to this process at its start (`LISTEN_FDS`, see sd_listen_fds(3)),
 * each with its name from `LISTEN_FDNAMES` (else `'unknown'`) as its `name`. An empty array when
 * the environment has none, or they are for another process (`LISTEN_PID`).
 *
 * @throws RangeError when `LISTEN_FDS` is not a number of descriptors; an error with code `EBADF`
 * or `ENOTSOCK` when one of them is not open or not a socket
 * @example
 * const [sock] = activatedSockets();
 * const server = yield* createServer(() => new Echo(), null, null, { sock });
 */
export declare function activatedSockets(options?: ActivationOptions): Socket[];
