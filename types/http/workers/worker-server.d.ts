import type { Future } from '../../core/future/future.ts';
import { type Duration } from '../../core/support/duration.ts';
import { type SignalOptions } from '../../tasks/abort.ts';
import type { Handing } from './handing.ts';
import type { RunningServer } from './running-server.ts';
import { type ThreadOwner } from './worker-thread.ts';
/**
 * A server whose connections are shared out among threads. Each runs the program once more, and
 * there the same call of `serve` gives the `HttpServer` that answers. This one, in the main thread,
 * has the sockets and looks after the threads: one that dies is reported to the loop's exception
 * handler and followed by another, and no connection that waits to be accepted is lost with it.
 */
export declare class WorkerServer implements RunningServer, Handing, ThreadOwner {
    #private;
    readonly port: number;
    readonly hostname: string;
    readonly url: string;
    private constructor();
    /** How many threads serve. */
    get workers(): number;
    /** Connections that are open now, in all threads together. */
    get connections(): number;
    /**
     * Starts every thread anew, one after the other, from the program's files as they are by now. The
     * one before it is shut down when the new one listens, so no connection is dropped or refused.
     *
     * @param options - `timeout`: as that of `shutdown`, for what the old threads still answer
     * @returns done when all new ones serve. It fails when one does not start: then that thread and
     * those behind it are still the old ones
     */
    reload(options?: {
        timeout?: Duration | null;
    }): Future<void>;
    shutdown(options?: SignalOptions & {
        timeout?: Duration | null;
    }): Future<void>;
    close(): void;
    waitClosed(options?: SignalOptions): Future<void>;
    serveForever(options?: SignalOptions): Future<void>;
    toString(): string;
    /** `await using server = await serve({ workers })` shuts down at the end of the block. */
    [Symbol.asyncDispose](): Promise<void>;
}
