/** What WebSockets of one kind have in common. */
import type { Values } from '../../core/context/running.ts';
import type { Duration } from '../../core/support/duration.ts';
import { SharedCoders } from './deflate.ts';
import type { WebSocketConnection } from './connection.ts';
import type { Pulse } from './pulse.ts';
import type { Topics } from './topics.ts';
/** permessage-deflate: what is packed, and how. */
export interface WebSocketCompressionOptions {
    /** Bytes below which a message is not packed; 1024 by default. */
    threshold?: number;
    /**
     * Whether each side packs with what it has sent before as a dictionary, which packs small
     * messages of one kind far better, and holds some 300 KiB for each connection; false by default.
     */
    contextTakeover?: boolean;
    /** Of zlib, 1 to 9; its default is 6. */
    level?: number;
}
/** Limits of a WebSocket, of a server or a client. */
export interface WebSocketLimits {
    /** Bytes of a message that is received, also when it is unpacked; 16 MiB by default. */
    maxMessageSize?: number;
    /**
     * How long nothing may come; 120 s by default, null for no limit. Half-way through, the peer is
     * pinged, so that one which is there and has nothing to say is not taken for one which has gone.
     */
    idleTimeout?: Duration | null;
    /** How long the peer may take for its part of closing; 10 s by default. */
    closeTimeout?: Duration;
    /** permessage-deflate: true, or how; false, which is the default, for none. */
    compression?: boolean | WebSocketCompressionOptions;
    /**
     * Bytes that may wait for a peer that does not read; 1 MiB by default. A message that finds
     * others waiting, and would make them more than this, does not join them.
     */
    maxBackpressure?: number;
    /** What becomes of the connection then: it is closed (the default), or the message is dropped. */
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
/** What is called for a WebSocket, with the coroutines that it starts. */
export interface Callbacks {
    readonly open: ((socket: WebSocketConnection, about: unknown) => unknown) | null;
    /** Without it, messages wait for `receive()`. */
    readonly message: ((socket: WebSocketConnection, message: string | Buffer<ArrayBuffer>) => unknown) | null;
    readonly drain: ((socket: WebSocketConnection) => unknown) | null;
    readonly close: ((socket: WebSocketConnection, code: number, reason: string) => unknown) | null;
    /** Takes the place of all others: once it has ended, the WebSocket is closed. */
    readonly main: ((socket: WebSocketConnection, about: unknown) => unknown) | null;
}
/** What all WebSockets of one kind share, so that an idle one costs little. */
export interface Kind {
    readonly limits: CheckedLimits;
    readonly callbacks: Callbacks;
    /** Whether frames that are sent are masked: those of a client. */
    readonly masks: boolean;
    /** Messages of bytes are the callback's only while it runs. */
    readonly transient: boolean;
    readonly coders: SharedCoders;
    readonly pulse: Pulse | null;
    /** The context variables that callbacks begin with. */
    readonly values: Values;
    /** Of a server. */
    readonly topics: Topics | null;
    /** It is closed, and nothing runs for it any more. */
    forget(socket: WebSocketConnection): void;
}
