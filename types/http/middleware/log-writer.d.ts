/** Takes lines of a log. While what it returns is not done, it is not called again. */
export type LogSink = (lines: string) => unknown;
