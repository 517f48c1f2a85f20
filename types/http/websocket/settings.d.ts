import type { Duration } from '../../core/support/duration.ts';
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
