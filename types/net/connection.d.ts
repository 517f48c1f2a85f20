/**
 * One connection, seen from JavaScript: its life and what it receives; `Transport` adds sending.
 *
 * The bytes, the socket and the queue of unsent data live in C++ under (handle, generation); this
 * object asks for operations through the submission ring and is told what happened through
 * `_complete`. It is kept small, because a server has one for each idle client: no closures, no
 * arrays until something is held back, flags in one number.
 *
 * Order is everything here. connectionMade runs from the ready queue, reading starts after it, and
 * connectionLost runs when C++ says that the descriptor is closed, so it is never called inside
 * write() or close(), and exactly once.
 */
import type { Channel } from 'node:diagnostics_channel';
import type { CompletionTarget, EventLoop } from '../core/event-loop.ts';
import { type Values } from '../core/running.ts';
import type { Rings, Runnable } from '../native/rings.ts';
import { type AnyProtocol } from './protocol.ts';
import type { Transport } from './transport.ts';
/** Whoever keeps a list of its connections: a server. */
export interface TransportOwner {
    /** The connection is gone, after its connectionLost. */
    _detach(transport: Transport): void;
}
/** What a {@link Transport} is made of, apart from sending. */
export declare abstract class Connection implements CompletionTarget, Runnable {
    readonly _loop: EventLoop;
    readonly _rings: Rings;
    readonly _handle: number;
    readonly _generation: number;
    _protocol: AnyProtocol;
    _flags: number;
    /** What arrived while it could not be delivered; null stands for the end. */
    _held: Array<Buffer | null> | null;
    _error: unknown;
    _owner: TransportOwner | null;
    /** The context variables that the protocol's methods run with: those of whoever made it. */
    readonly _values: Values;
    /** Answers of getExtraInfo that were asked for. */
    _extra: Map<string, unknown> | null;
    /** @internal */
    constructor(loop: EventLoop, handle: number, generation: number, protocol: AnyProtocol, owner: TransportOwner | null);
    /** The unsent data has fallen to the low watermark. */
    abstract _drained(): void;
    /** This object under the name that users know: Transport is the only class made of it. */
    _transport(): Transport;
    /** Registers the connection and queues connectionMade. */
    _open(): void;
    /** From the ready queue: the beginning, and later what was held back. */
    _run(): void;
    _begin(): void;
    _complete(op: number, words: Int32Array, at: number): void;
    _received(data: Buffer): void;
    _completeOther(op: number, words: Int32Array, at: number): void;
    /** There is something to read into memory of the protocol, or of all. */
    _readable(): void;
    /** Whether C++ only says that there is something, and the bytes are then asked for. */
    _readsDirectly(): boolean;
    /** EPIPE comes from sending only; the rest is met by the read that is always waiting. */
    _failedCall(words: Int32Array, at: number): string;
    _hold(data: Buffer | null): void;
    /** What a protocol would not take all of goes before everything else. */
    _holdFirst(data: Buffer): void;
    /** Hands out what was held back, as far as the protocol lets it. */
    _deliver(): void;
    /** The peer sends nothing more. */
    _ended(): void;
    /** The descriptor is closed: the last word to the protocol. */
    _lost(): void;
    _tell(channel: Channel): void;
    _startReading(): void;
    /** A callback of the protocol threw: nothing it would do now can be relied on. */
    _fatal(error: unknown, method: string): void;
    _report(exception: unknown, message: string): void;
    _forceClose(error: unknown): void;
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
     * of any connection, are written over it. Whoever keeps some of it copies that
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
    _readDifferently(): void;
    /**
     * Something about the connection: `'sockname'` and `'peername'` (`[host, port]`), `'socket'` (a
     * {@link TransportSocket}). Addresses are asked for when first wanted and remembered from then
     * on; one that was never asked for is not known once the connection is closed.
     */
    getExtraInfo(name: string, fallback?: unknown): unknown;
}
