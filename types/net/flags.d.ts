/** The states of a connection, as bits of `Transport._flags`. */
/** No more reads, and writes are dropped: close(), abort() or a failure. */
export declare const CLOSING = 1;
/** ABORT was asked for. */
export declare const ABORTED = 2;
/** pauseReading() is in force. */
export declare const PAUSED = 4;
/** Something arrived that could not be delivered yet; what follows must queue behind it. */
export declare const HOLDING = 8;
/** pauseWriting() was called and resumeWriting() was not. */
export declare const WRITE_PAUSED = 16;
/** writeEof() was called. */
export declare const EOF_SENT = 32;
/** The peer closed its side. */
export declare const ENDED = 64;
/** connectionMade was called. */
export declare const MADE = 128;
/** connectionLost was called, or is being called. */
export declare const LOST = 256;
/** setTransientReads(true) is in force. */
export declare const TRANSIENT = 512;
