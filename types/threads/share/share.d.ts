/** Functions that other threads may call by name. */
export type SharedFunctions = Record<string, (...args: any[]) => unknown>;
