import type { SubprocessTransport } from './subprocess-transport.ts';
/**
 * Receives the events of a child: its output and its end. `connectionMade` is called first and
 * `connectionLost` last, once the child has ended and its pipes are closed; the others are called
 * in between as the events happen, so `processExited` may come before or after the last output.
 *
 * @example
 * class Collector extends SubprocessProtocol {
 *   output = [];
 *   pipeDataReceived(fd, data) { if (fd === 1) this.output.push(data); }
 * }
 */
export declare class SubprocessProtocol {
    /** The child is running. Keep `transport`, which gives access to its pipes and to signals. */
    connectionMade(_transport: SubprocessTransport): void;
    /** No more events follow. @param error - the first error of a pipe, or null */
    connectionLost(_error: unknown): void;
    /** The child has written output. @param fd - 1 for its stdout, 2 for its stderr */
    pipeDataReceived(_fd: number, _data: Buffer): void;
    /** A pipe is closed. @param error - the error that broke it, or null */
    pipeConnectionLost(_fd: number, _error: unknown): void;
    /** The child has ended; see `transport.getReturncode()`. */
    processExited(): void;
    /** The unsent bytes for the child's stdin exceed the high watermark: stop writing. */
    pauseWriting(): void;
    /** The unsent bytes have fallen to the low watermark: writing may continue. */
    resumeWriting(): void;
}
