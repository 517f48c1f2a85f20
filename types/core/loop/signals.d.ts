/** The name of a signal: `'SIGTERM'`. */
export type SignalName = NodeJS.Signals;
