import type { Socket } from '../io/socket.ts';
import { type TcpOptions } from '../io/tcp-options.ts';
import { type AddressOptions } from '../io/names.ts';
import { type ServerTlsOptions } from './tls-options.ts';
/** Where to listen: one name or address, several, or null (or '') for every interface. */
export type Hosts = string | null | undefined | readonly string[];
/** Options of `createServer`. */
export interface ServerOptions extends AddressOptions, TcpOptions, ServerTlsOptions {
    /** How many connections the kernel queues until they are accepted; default 4096. */
    backlog?: number;
    /** Allow an address that an earlier server left in TIME_WAIT; default true. */
    reuseAddress?: boolean;
    /** Share the port with other sockets that set this too (SO_REUSEPORT); default false. */
    reusePort?: boolean;
    /** Whether IPv6 sockets refuse IPv4, so that an IPv4 one can use the same port; default true. */
    ipv6Only?: boolean;
    /** Start to accept at once; default true. If false, `server.startServing()` starts it. */
    startServing?: boolean;
    /**
     * A socket that is already bound (it need not listen yet), or several; host and port must then be
     * null. The server owns them from then on.
     */
    sock?: Socket | readonly Socket[];
    /** Aborting it ends the attempt with an AbortError; it has no effect on a running server. */
    signal?: AbortSignal;
}
