/** Calls `call` when the signal aborts. @returns takes it back; harmless once it was called */
export declare function listenToAbort(signal: AbortSignal, call: () => void): () => void;
/** @throws TypeError when it is no AbortSignal */
export declare function checkSignal(signal: AbortSignal): void;
