/**
 * Who listens to an AbortSignal: any number, with one listener of Node's.
 *
 * One signal may be handed to ten thousand calls. Node's own list of listeners is searched from the
 * front for every addition and removal, and warns of a leak at the eleventh; a set does neither.
 */
/** Calls `call` when the signal aborts. @returns takes it back; harmless once it was called */
export declare function listenToAbort(signal: AbortSignal, call: () => void): () => void;
