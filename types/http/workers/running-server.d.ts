import type { Duration } from '../../core/support/duration.ts';
import type { Future } from '../../core/future/future.ts';
import type { SignalOptions } from '../../tasks/abort.ts';
/** What any running server can: an `HttpServer`, or a `WorkerServer`, whose threads have those. */
export interface RunningServer {
    /** The port it listens on, the first of them; 0 where there are Unix sockets alone. */
    readonly port: number;
    /** The host that it was asked to listen on, the first of them. */
    readonly hostname: string;
    /** Where it can be reached: `http://127.0.0.1:8080/`. */
    readonly url: string;
    /** Connections that are open now. */
    readonly connections: number;
    /** Ends gently. @param options - `timeout`: 60 s by default, null waits for ever */
    shutdown(options?: SignalOptions & {
        timeout?: Duration | null;
    }): Future<void>;
    /** Ends at once. */
    close(): void;
    /** Done once the server is closed and its last connection is gone. */
    waitClosed(options?: SignalOptions): Future<void>;
    /** The same; SIGTERM shuts it down meanwhile, and cancelling the wait closes it. */
    serveForever(options?: SignalOptions): Future<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
