/** A clock that every thread of the process reads alike: what a heartbeat is stamped with. */
/** Milliseconds, monotonic. */
export declare function sharedClockMs(): number;
