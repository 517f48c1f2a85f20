import { Duplex } from 'node:stream';
import { Transport } from '../net/index.ts';
/** How a transport becomes a stream of Node's. */
export interface ToNodeOptions {
    /** Go on writing when the peer has ended its side; default false, as of Node's sockets. */
    allowHalfOpen?: boolean;
}
/**
 * A transport as a Duplex of Node's, with what libraries ask of a socket besides. It takes the
 * transport's protocol's place: what the protocol has been given before is not in the stream.
 *
 * Nothing is read before the stream is read, and a write is done when the transport wants
 * more: so `pipe` and `pipeline` keep to the pace of both ends. `end()` ends our direction once
 * everything has left; `destroy()` drops what has not. A connection that breaks destroys the
 * stream with its error, as Node's would have it (`code`, `errno`, `syscall`).
 *
 * @param transport - of TCP, a Unix socket, TLS or a pipe; of a stream it is `writer.transport`
 * @throws TypeError when it is no transport
 * @example
 * const [transport] = yield* createConnection(() => new Protocol(), host, 5432);
 * const client = new pg.Client({ stream: () => toNodeStream(transport) });
 */
export declare function toNodeStream(transport: Transport, options?: ToNodeOptions): TransportStream;
/** What `toNodeStream` gives: a Duplex that can be taken for a connected `net.Socket`. */
export declare class TransportStream extends Duplex {
    #private;
    private constructor();
    /** The transport below. */
    get transport(): Transport;
    /** False: it stands. */
    get connecting(): boolean;
    /** As of `net.Socket`. */
    get pending(): boolean;
    /** True over TLS. */
    get encrypted(): boolean;
    /** Over TLS what was agreed on, or false. */
    get alpnProtocol(): string | false;
    get remoteAddress(): string | undefined;
    get remotePort(): number | undefined;
    get remoteFamily(): string | undefined;
    get localAddress(): string | undefined;
    get localPort(): number | undefined;
    /** The address of our end, as of `net.Socket`. */
    address(): {
        address?: string;
        family?: string;
        port?: number;
    };
    /** It is connected already: for libraries that connect themselves what they are given. */
    connect(...args: unknown[]): this;
    /** Whether small writes leave at once; where there is no such option, nothing happens. */
    setNoDelay(on?: boolean): this;
    /** Whether the kernel probes a silent peer. */
    setKeepAlive(on?: boolean): this;
    /** `'timeout'` after so many milliseconds in which nothing came and nothing was written. */
    setTimeout(ms: number, listener?: () => void): this;
    /** The milliseconds of `setTimeout`. */
    get timeout(): number;
    /** What keeps the process alive is the loop's run. */
    ref(): this;
    /** The same. */
    unref(): this;
    toString(): string;
}
