import type { Socket } from '../io/socket.ts';
import { type ServerTlsOptions } from './tls-options.ts';
/** Options of `createUnixServer`. */
export interface UnixServerOptions extends ServerTlsOptions {
    /** How many connections the kernel queues until they are accepted; default 4096. */
    backlog?: number;
    /**
     * The mode of the socket's file, which decides who may connect: `0o660`, for example; default:
     * `0o777` without the bits of the process's umask.
     */
    mode?: number;
    /**
     * Remove the socket's file when the server closes, unless another file has replaced it by then;
     * default true.
     */
    cleanupSocket?: boolean;
    /** Start to accept at once; default true. If false, `server.startServing()` starts it. */
    startServing?: boolean;
    /**
     * A socket that is already bound (it need not listen yet); path must then be null. The server
     * owns it and its file from then on.
     */
    sock?: Socket;
    /** Aborting it ends the attempt with an AbortError; it has no effect on a running server. */
    signal?: AbortSignal;
}
