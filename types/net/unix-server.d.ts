import type { Socket } from '../io/socket.ts';
import { type ServerTlsOptions } from './tls-options.ts';
/** What `createUnixServer` takes beside the path. */
export interface UnixServerOptions extends ServerTlsOptions {
    /** Connections that the kernel keeps until they are accepted; default 4096. */
    backlog?: number;
    /**
     * Who may connect: the mode of the socket's file, for example `0o660`; default: what the umask
     * of the process leaves of `0o777`.
     */
    mode?: number;
    /**
     * Remove the socket's file when the server closes, unless another one stands in its place by
     * then; default true.
     */
    cleanupSocket?: boolean;
    /** Accept at once; default true. Otherwise `server.startServing()` begins. */
    startServing?: boolean;
    /**
     * A socket that is bound already (it need not listen yet); path is null then. It is the server's
     * from then on, and so is its file.
     */
    sock?: Socket;
    /** Aborting it ends the attempt with an AbortError; a server that is there it leaves alone. */
    signal?: AbortSignal;
}
