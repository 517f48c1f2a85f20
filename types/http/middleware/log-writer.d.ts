/** Receives lines of a log. It is not called again until the awaitable it returned is done. */
export type LogSink = (lines: string) => unknown;
