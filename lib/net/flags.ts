/** The states of a connection, as bits of `Transport._flags`. */

/** No more reads, and writes are dropped: close(), abort() or a failure. */
export const CLOSING = 1;
/** ABORT was submitted. */
export const ABORTED = 2;
/** pauseReading() is in force. */
export const PAUSED = 4;
/** Something arrived that could not be delivered yet; later data must queue behind it. */
export const HOLDING = 8;
/** pauseWriting() was called and resumeWriting() was not. */
export const WRITE_PAUSED = 16;
/** writeEof() was called. */
export const EOF_SENT = 32;
/** The peer closed its side. */
export const ENDED = 64;
/** connectionMade was called. */
export const MADE = 128;
/** connectionLost was called, or is being called. */
export const LOST = 256;
/** setTransientReads(true) is in force. */
export const TRANSIENT = 512;
/** startTls() is under way. */
export const UPGRADING = 1024;
/** A file is being sent, and nothing else can be written. */
export const SENDING_FILE = 2048;
/** The caller does not have the connection yet: received data waits in the kernel. */
export const OPENING = 4096;
