import type { SubprocessTransport } from './subprocess-transport.ts';
/**
 * Receives the events of a child: what its pipes bring, and its end. `connectionMade` comes first
 * and `connectionLost` last, when the child has ended and its pipes are closed; between them the
 * others come in the order in which things happen, so `processExited` may stand before or behind
 * what the pipes have to tell.
 *
 * @example
 * class Collector extends SubprocessProtocol {
 *   output = [];
 *   pipeDataReceived(fd, data) { if (fd === 1) this.output.push(data); }
 * }
 */
export declare class SubprocessProtocol {
    /** The child runs. Keep `transport`: it is the way to its pipes and to signals. */
    connectionMade(_transport: SubprocessTransport): void;
    /** Nothing more can come. @param error - what has broken a pipe first, or null */
    connectionLost(_error: unknown): void;
    /** The child has written. @param fd - 1 for its stdout, 2 for its stderr */
    pipeDataReceived(_fd: number, _data: Buffer): void;
    /** A pipe is closed. @param error - what has broken it, or null */
    pipeConnectionLost(_fd: number, _error: unknown): void;
    /** The child has ended: `transport.getReturncode()` says how. */
    processExited(): void;
    /** More than the high watermark waits for the child's stdin: stop writing. */
    pauseWriting(): void;
    /** What waits has fallen to the low watermark: write again. */
    resumeWriting(): void;
}
