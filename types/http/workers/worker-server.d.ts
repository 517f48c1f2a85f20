import type { Future } from '../../core/future/future.ts';
import { type Duration } from '../../core/support/duration.ts';
import { type SignalOptions } from '../../tasks/abort.ts';
import type { Handing } from './handing.ts';
import type { RunningServer } from './running-server.ts';
import { type ThreadOwner } from './worker-thread.ts';
/**
 * A server whose connections are distributed among threads. Each thread runs the program again, and
 * there the same call of `serve` returns the `HttpServer` that handles requests. This object, in
 * the main thread, owns the sockets and manages the threads: when one dies, that is reported to the
 * loop's exception handler, and another one takes its place. Connections that wait to be accepted
 * are not lost then.
 */
export declare class WorkerServer implements RunningServer, Handing, ThreadOwner {
    #private;
    readonly port: number;
    readonly hostname: string;
    readonly url: string;
    private constructor();
    /** How many threads are serving. */
    get workers(): number;
    /** How many connections are open, in all threads together. */
    get connections(): number;
    /**
     * Restarts every thread, one after the other, from the program's current files. An old thread is
     * shut down when its successor listens, so no connection is dropped or refused.
     *
     * @param options - `timeout`: how long old threads may take for their remaining requests; 60 s by
     * default, null for ever
     * @returns done when all new threads are serving. It fails when one does not start: that thread
     * and those after it are then still the old ones
     * @throws RuntimeError when the server has begun to end; TypeError or RangeError for an invalid
     * option
     */
    reload(options?: {
        timeout?: Duration | null;
    }): Future<void>;
    /**
     * Ends gracefully, in all threads: see `HttpServer.shutdown`. A thread that takes longer than the
     * timeout is terminated.
     * @param options - `timeout`: seconds or a string such as '10s'; 60 by default, null waits for
     * ever
     * @throws AbortError when `signal` aborts, which does not stop the shutdown
     */
    shutdown(options?: SignalOptions & {
        timeout?: Duration | null;
    }): Future<void>;
    /** Ends at once; a thread that takes longer than a second is terminated. */
    close(): void;
    /** Waits until all threads have ended. Cancel-safe. @throws AbortError when `signal` aborts */
    waitClosed(options?: SignalOptions): Future<void>;
    /**
     * Waits until all threads have ended. Cancelling the wait, or aborting `signal`, closes the
     * server at once; SIGTERM meanwhile shuts it down.
     * @throws AbortError when `signal` aborts
     */
    serveForever(options?: SignalOptions): Future<void>;
    toString(): string;
    /** `await using server = await serve({ workers })` shuts down at the end of the block. */
    [Symbol.asyncDispose](): Promise<void>;
}
