import { type Data } from '../io/data.ts';
import { NativeStream } from '../io/native-stream.ts';
import type { Runnable } from '../native/rings.ts';
import { type AnyProtocol } from './protocol.ts';
import { type WriteBufferLimits } from './watermarks.ts';
/** The keeper of a list of connections: a server. */
export interface TransportOwner {
}
/**
 * A TCP connection as its protocol sees it. Made by `createServer` and `createConnection`, never
 * with `new`.
 */
export declare class Transport extends NativeStream implements Runnable {
    protected constructor();
    /**
     * Sends data. Never waits: what the kernel does not take at once is kept and sent in order, and
     * everything written to a connection in one turn leaves together. After `close()` or once the
     * connection is lost the data is dropped silently.
     *
     * Up to 64 KiB are taken over before the call returns. More is not copied: bytes that do not
     * leave at once stay where they are, and must not be changed until `resumeWriting()`, which is
     * when `drain()` of a writer goes on. A buffer that is transferred before ends the connection.
     *
     * @param data - text (as UTF-8) or bytes
     * @throws TypeError when data is neither; nothing is sent then
     * @throws RuntimeError after `writeEof()`
     */
    write(data: Data): void;
    /**
     * Sends several pieces, in order, as {@link write}.
     * @throws TypeError when `pieces` is not iterable or a piece is neither text nor bytes; nothing
     * is sent then
     */
    writelines(pieces: Iterable<Data>): void;
    /** Closes our direction once everything written is sent; the peer may go on sending. */
    writeEof(): void;
    /** True: TCP can close one direction. */
    canWriteEof(): boolean;
    /** Bytes that were written and that the kernel has not taken yet. */
    getWriteBufferSize(): number;
    /** `[low, high]` in bytes; by default 16 KiB and 64 KiB. */
    getWriteBufferLimits(): [low: number, high: number];
    /**
     * When `pauseWriting` and `resumeWriting` are called: above `high`, and at or below `low`. Either
     * may be left out: `low` is then a quarter of `high`, and `high` four times `low`.
     * @throws RangeError unless high >= low >= 0
     */
    setWriteBufferLimits(limits?: WriteBufferLimits): void;
    /** Whether received data is being delivered. */
    isReading(): boolean;
    /** Stops delivering; the kernel's buffer fills and slows the peer down. May be repeated. */
    pauseReading(): void;
    /** Goes on delivering after `pauseReading()`. May be repeated. */
    resumeReading(): void;
    /** Whether the connection is closing or closed. */
    isClosing(): boolean;
    /**
     * Closes: nothing more is read, everything written is still sent, then `connectionLost(null)`.
     * May be repeated.
     */
    close(): void;
    /** Closes at once: what is not sent is dropped. `connectionLost(null)` follows. */
    abort(): void;
    /** The protocol that is being called now. */
    getProtocol(): AnyProtocol;
    /** Calls another protocol from now on; its `connectionMade` is not called. */
    setProtocol(protocol: AnyProtocol): void;
    /**
     * With true, the Buffer that `dataReceived` gets is valid during that call only: the next bytes,
     * of any connection, are written over it. To keep some of it, copy that
     * (`Buffer.from(data)`); what is given to `write()` is taken over as ever. For messages of 16 KiB
     * this saves a fifth of the work. May be changed at any time, and concerns what is read from then
     * on; streams and a `BufferedProtocol` take no notice. In debug mode, bytes that were kept read
     * as 0xdd.
     *
     * @throws TypeError when it is no boolean
     * @example
     * connectionMade(transport) {
     *   this.transport = transport;
     *   transport.setTransientReads(true);
     * }
     */
    setTransientReads(transient: boolean): void;
    /**
     * Something about the connection: `'sockname'` and `'peername'` (`[host, port]`, or the path of a
     * Unix socket), `'socket'` (a {@link TransportSocket}), `'peercred'` (of a Unix socket: `pid`,
     * `uid` and `gid` of who is at the other end), `'pipe'` (what a pipe was made of). With TLS
     * `'peercert'` (as Node shows it), `'cipher'`, `'tlsVersion'`, `'alpnProtocol'`, `'servername'`,
     * `'tlsContext'`, `'tlsSession'`, `'tlsSessionReused'`, `'ocspResponse'`, and of a peer that was
     * let through `'authorizationError'`. The addresses are remembered when it is closed, for
     * `connectionLost` to tell of (but after a reset the system has forgotten that of the peer). All
     * else is asked for when first wanted and remembered from then on; what was never asked for is
     * not known once the connection is closed.
     */
    getExtraInfo(name: string, fallback?: unknown): unknown;
    toString(): string;
}
