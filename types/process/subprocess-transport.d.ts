import type { Transport } from '../net/transport.ts';
import type { SubprocessProtocol } from './subprocess-protocol.ts';
/**
 * A child as its protocol sees it: its number, its pipes, signals to it. Made by
 * `loop.subprocessExec` and `loop.subprocessShell`, never with `new`.
 */
export declare class SubprocessTransport {
    #private;
    private constructor();
    /** The child's process number. */
    getPid(): number;
    /** Null while it runs; the exit code, or minus the number of the signal that has ended it. */
    getReturncode(): number | null;
    /**
     * The transport of a pipe, or null when it is not a pipe. @param fd - 0, 1 or 2, as the child
     * counts
     */
    getPipeTransport(fd: number): Transport | null;
    /** `'pid'`, `'stdin'`, `'stdout'`, `'stderr'` (the transports of pipes). */
    getExtraInfo(name: string, fallback?: unknown): unknown;
    /** The protocol that is being called now. */
    getProtocol(): SubprocessProtocol;
    /** Calls another protocol from now on; its `connectionMade` is not called. */
    setProtocol(protocol: SubprocessProtocol): void;
    /**
     * Sends a signal, by name or number. @returns false when the child has ended already
     * @throws RangeError for anything but a signal
     */
    sendSignal(signal: NodeJS.Signals | number): boolean;
    /** Sends SIGTERM, which the child may take as it likes. @returns as `sendSignal` */
    terminate(): boolean;
    /** Sends SIGKILL, which ends the child. @returns as `sendSignal` */
    kill(): boolean;
    /** Whether it is closed. */
    isClosing(): boolean;
    /** Closes the pipes and kills the child if it runs. `connectionLost` follows. */
    close(): void;
    toString(): string;
}
