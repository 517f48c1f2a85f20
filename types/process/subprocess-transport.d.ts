import type { Transport } from '../net/transport.ts';
import type { SubprocessProtocol } from './subprocess-protocol.ts';
/**
 * The transport of a child: its pid, its pipes, signals to it. Created by `loop.subprocessExec` and
 * `loop.subprocessShell`, never with `new`.
 */
export declare class SubprocessTransport {
    #private;
    private constructor();
    /** The child's process id. */
    getPid(): number;
    /** Null while it runs; then the exit code, or minus the number of the signal that ended it. */
    getReturncode(): number | null;
    /**
     * The transport of a pipe; null where the child has no pipe. @param fd - 0, 1 or 2: the
     * descriptor in the child
     */
    getPipeTransport(fd: number): Transport | null;
    /**
     * Information by name: `'pid'`; `'stdin'`, `'stdout'`, `'stderr'` (the transports of the pipes).
     * @returns `fallback` for any other name, or where there is no pipe
     */
    getExtraInfo(name: string, fallback?: unknown): unknown;
    /** The current protocol. */
    getProtocol(): SubprocessProtocol;
    /**
     * Sends the events to another protocol from now on; its `connectionMade` is not called. @throws
     * TypeError when it is not a SubprocessProtocol
     */
    setProtocol(protocol: SubprocessProtocol): void;
    /**
     * Sends a signal, by name or number. @returns false when the child has already ended
     * @throws RangeError for a name or number that this system does not have; TypeError when it is
     *   neither; an error with code `EPERM` when the child now runs as another user
     */
    sendSignal(signal: NodeJS.Signals | number): boolean;
    /** Sends SIGTERM, which the child may handle or ignore. @returns as `sendSignal` */
    terminate(): boolean;
    /** Sends SIGKILL, which ends the child. @returns as `sendSignal` */
    kill(): boolean;
    /** Whether it is closed. */
    isClosing(): boolean;
    /** Closes the pipes and kills the child if it runs. `connectionLost` follows. */
    close(): void;
    toString(): string;
}
