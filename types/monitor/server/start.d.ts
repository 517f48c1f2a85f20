/**
 * A monitor that runs.
 * @example
 * const monitor = startMonitor();
 * console.log(monitor.path); // /run/user/1000/oxbow/4711.sock
 */
export declare class Monitor {
    #private;
    /** The Unix socket that `oxbow ps` and the others connect to. */
    readonly path: string;
    private constructor();
    /** Stops looking, and removes the socket. A second call does nothing. */
    close(): void;
    [Symbol.dispose](): void;
    toString(): string;
}
/**
 * Lets `oxbow ps`, `oxbow pstree` and `oxbow top` look at this process from outside, as
 * `OXBOW_MONITOR=1` in the environment does: at the loops of this thread, those that are made
 * later, and those of other threads in which this was called too. It costs a thread, and some
 * time for every callback; it does not keep the process alive.
 *
 * @returns the monitor; a second call gives the same one
 * @throws Error with code `ERR_OXBOW_MONITOR` when there is no safe place for the socket
 * @example startMonitor();
 */
export declare function startMonitor(): Monitor;
