import { type Data } from '../io/data.ts';
import { NativeStream } from '../io/native-stream.ts';
import type { Runnable } from '../native/rings.ts';
import { type AnyProtocol } from './protocol.ts';
import { type WriteBufferLimits } from './watermarks.ts';
/** Keeps a list of connections: a server. */
export interface TransportOwner {
}
/**
 * A stream connection (TCP, Unix, TLS) as its protocol sees it. Created by `createServer`,
 * `createConnection` and the like, never with `new`.
 */
export declare class Transport extends NativeStream implements Runnable {
    protected constructor();
    /**
     * Sends data. Never waits: what the kernel does not take at once is kept and sent in order, and
     * everything written to a connection in one turn is sent together. After `close()` or once the
     * connection is lost the data is dropped silently.
     *
     * Up to 64 KiB are copied before the call returns. More is not copied: the bytes must not be
     * changed until `resumeWriting()`, which is when `drain()` of a writer is done. A buffer that is
     * transferred before then breaks the connection.
     *
     * @param data - text (as UTF-8) or bytes
     * @throws TypeError when data is neither; nothing is sent then
     * @throws RuntimeError after `writeEof()`, and during `sendfile`
     */
    write(data: Data): void;
    /**
     * Sends several pieces, in order, as {@link write}.
     * @throws TypeError when `pieces` is not iterable or a piece is neither text nor bytes; nothing
     * is sent then
     */
    writelines(pieces: Iterable<Data>): void;
    /** Closes our direction once everything written is sent; the peer may still send. */
    writeEof(): void;
    /** True: TCP can close one direction. */
    canWriteEof(): boolean;
    /** Bytes that were written but not yet taken by the kernel. */
    getWriteBufferSize(): number;
    /** `[low, high]` in bytes; by default 16 KiB and 64 KiB. */
    getWriteBufferLimits(): [low: number, high: number];
    /**
     * Sets when `pauseWriting` and `resumeWriting` are called: above `high`, and at or below `low`,
     * in bytes. If one is left out, `low` is a quarter of `high`, or `high` four times `low`.
     * @throws RangeError unless high >= low >= 0
     */
    setWriteBufferLimits(limits?: WriteBufferLimits): void;
    /** Whether received data is being delivered. */
    isReading(): boolean;
    /** Stops delivering; the kernel's buffer fills and slows the peer down. May be repeated. */
    pauseReading(): void;
    /** Resumes delivery after `pauseReading()`. May be repeated. */
    resumeReading(): void;
    /** Whether the connection is closing or closed. */
    isClosing(): boolean;
    /**
     * Closes: stops reading, sends everything written, then calls `connectionLost(null)`. May be
     * repeated.
     */
    close(): void;
    /** Closes at once: unsent data is dropped. `connectionLost(null)` follows. */
    abort(): void;
    /** The current protocol. */
    getProtocol(): AnyProtocol;
    /** Calls another protocol from now on; its `connectionMade` is not called. */
    setProtocol(protocol: AnyProtocol): void;
    /**
     * With true, the Buffer given to `dataReceived` is valid during that call only: the next bytes,
     * of any connection, overwrite it. Copy what you want to keep (`Buffer.from(data)`); `write()`
     * copies as always. For messages of 16 KiB this saves a fifth of the work. May be changed at any
     * time, for later reads; it has no effect on streams and a `BufferedProtocol`. In debug mode,
     * bytes that were kept are overwritten with 0xdd.
     *
     * @throws TypeError when `transient` is not a boolean
     * @example
     * connectionMade(transport) {
     *   this.transport = transport;
     *   transport.setTransientReads(true);
     * }
     */
    setTransientReads(transient: boolean): void;
    /**
     * Information about the connection: `'sockname'` and `'peername'` (`[host, port]`, or the path of
     * a Unix socket), `'socket'` (a {@link TransportSocket}), `'peercred'` (for a Unix socket: `pid`,
     * `uid` and `gid` of the peer), `'pipe'` (the pipe that was given to `connectReadPipe`). With TLS
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
