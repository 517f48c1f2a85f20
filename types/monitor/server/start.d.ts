/**
 * A running monitor. Made by `startMonitor`.
 * @example
 * const monitor = startMonitor();
 * console.log(monitor.path); // /run/user/1000/oxbow/4711.sock
 */
export declare class Monitor {
    #private;
    /** The path of the Unix socket that `oxbow ps`, `oxbow pstree` and `oxbow top` connect to. */
    readonly path: string;
    private constructor();
    /** Stops the monitor and removes the socket. A second call does nothing. */
    close(): void;
    [Symbol.dispose](): void;
    toString(): string;
}
/**
 * Lets `oxbow ps`, `oxbow pstree` and `oxbow top` inspect this process from outside, like
 * `OXBOW_MONITOR=1` in the environment. It covers the loops of this thread, present and future, and
 * those of other threads that call this too. It costs a thread and a little time per callback; it
 * does not keep the process alive.
 *
 * @returns the monitor; a second call returns the same one
 * @throws Error with code `ERR_OXBOW_MONITOR` when there is no safe place for the socket
 * @example startMonitor();
 */
export declare function startMonitor(): Monitor;
