import type { Socket } from '../io/socket.ts';
import { type TcpOptions } from '../io/tcp-options.ts';
import { type AddressOptions } from '../io/names.ts';
import { type ServerTlsOptions } from './tls-options.ts';
/** Where to listen: one name or address, several, or null (or '') for every interface. */
export type Hosts = string | null | undefined | readonly string[];
/** What `createServer` takes beside host and port. */
export interface ServerOptions extends AddressOptions, TcpOptions, ServerTlsOptions {
    /** Connections that the kernel keeps until they are accepted; default 4096. */
    backlog?: number;
    /** Take an address that an earlier server left in TIME_WAIT; default true. */
    reuseAddress?: boolean;
    /** Share the port with other sockets that say the same (several processes); default false. */
    reusePort?: boolean;
    /** Sockets of IPv6 take IPv6 only, so that one of IPv4 fits beside them; default true. */
    ipv6Only?: boolean;
    /** Accept at once; default true. Otherwise `server.startServing()` begins. */
    startServing?: boolean;
    /**
     * A socket that is bound already (it need not listen yet), or several; host and port are null
     * then. They are the server's from then on.
     */
    sock?: Socket | readonly Socket[];
    /** Aborting it ends the attempt with an AbortError; a server that is there it leaves alone. */
    signal?: AbortSignal;
}
