/** Settings shared by WebSockets of one kind. */
import type { Values } from '../../core/context/running.ts';
import type { Duration } from '../../core/support/duration.ts';
import { SharedCoders } from './deflate.ts';
import type { WebSocketConnection } from './connection.ts';
import type { Pulse } from './pulse.ts';
import type { Topics } from './topics.ts';
/** permessage-deflate: which messages are compressed, and how. */
export interface WebSocketCompressionOptions {
    /** Messages below this number of bytes are not compressed; default 1024. */
    threshold?: number;
    /**
     * Whether each side uses its earlier messages as a dictionary. This compresses small, similar
     * messages far better, but takes about 300 KiB per connection; default false.
     */
    contextTakeover?: boolean;
    /** zlib's level, 1 to 9; default: zlib's own, 6. */
    level?: number;
}
/** Limits of a WebSocket, of a server or a client. */
export interface WebSocketLimits {
    /** Largest received message in bytes, also after decompression; default 16 MiB. */
    maxMessageSize?: number;
    /**
     * How long the peer may be silent before the connection is dropped; default 120 s, null for no
     * limit. Half-way through the peer is pinged, so that an idle but reachable peer is kept.
     */
    idleTimeout?: Duration | null;
    /** How long the closing handshake may take; default 10 s. */
    closeTimeout?: Duration;
    /** permessage-deflate: true, or its options; default false. */
    compression?: boolean | WebSocketCompressionOptions;
    /**
     * Bytes that may wait for a peer that does not read; default 1 MiB. A message that would exceed
     * this is refused, unless nothing is waiting: then a larger one is accepted.
     */
    maxBackpressure?: number;
    /** What happens then: the connection is dropped (`'close'`, the default), or the message is. */
    overflow?: 'close' | 'drop';
}
export interface CheckedCompression {
    threshold: number;
    contextTakeover: boolean;
    level: number | undefined;
}
export interface CheckedLimits {
    maxMessageSize: number;
    idleTimeout: number | null;
    closeTimeout: number;
    compression: CheckedCompression | null;
    maxBackpressure: number;
    drops: boolean;
}
/** The callbacks of a WebSocket; they may start coroutines. */
export interface Callbacks {
    readonly open: ((socket: WebSocketConnection, about: unknown) => unknown) | null;
    /** Null: messages wait for `receive()`. */
    readonly message: ((socket: WebSocketConnection, message: string | Buffer<ArrayBuffer>) => unknown) | null;
    readonly drain: ((socket: WebSocketConnection) => unknown) | null;
    readonly close: ((socket: WebSocketConnection, code: number, reason: string) => unknown) | null;
    /** Handles the WebSocket in place of `open`; when it ends, the WebSocket is closed. */
    readonly main: ((socket: WebSocketConnection, about: unknown) => unknown) | null;
}
/** State shared by all WebSockets of one kind, so that an idle one costs little. */
export interface Kind {
    readonly limits: CheckedLimits;
    readonly callbacks: Callbacks;
    /** Whether sent frames are masked, as a client must do. */
    readonly masks: boolean;
    /** Whether the bytes of a message are valid only while the callback runs. */
    readonly transient: boolean;
    readonly coders: SharedCoders;
    readonly pulse: Pulse | null;
    /** The context variables of callbacks. */
    readonly values: Values;
    /** Null on a client. */
    readonly topics: Topics | null;
    /** Called when it is closed, and nothing runs for it any more. */
    forget(socket: WebSocketConnection): void;
}
