import type { Duration } from '../../core/support/duration.ts';
import type { Future } from '../../core/future/future.ts';
import type { SignalOptions } from '../../tasks/abort.ts';
/** What `HttpServer` and `WorkerServer`, whose threads have HttpServers, have in common. */
export interface RunningServer {
    /** The port it listens on, or the first of several; 0 if it listens only on Unix sockets. */
    readonly port: number;
    /**
     * The host name it listens on, as given to `serve`, or the first of several; without one, the
     * address of the given socket, or 'localhost'.
     */
    readonly hostname: string;
    /** Its URL: `http://127.0.0.1:8080/`. */
    readonly url: string;
    /** How many connections are open. */
    readonly connections: number;
    /**
     * Ends gracefully: see `HttpServer.shutdown`. @param options - `timeout`: 60 s by default, null
     * waits for ever
     */
    shutdown(options?: SignalOptions & {
        timeout?: Duration | null;
    }): Future<void>;
    /** Ends at once: drops all connections and cancels their handlers. */
    close(): void;
    /** Waits until the server has ended. Cancel-safe. @throws AbortError when `signal` aborts */
    waitClosed(options?: SignalOptions): Future<void>;
    /**
     * Waits until the server has ended. Meanwhile SIGTERM shuts it down, and cancelling the wait, or
     * aborting `signal`, closes it at once. @throws AbortError when `signal` aborts
     */
    serveForever(options?: SignalOptions): Future<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
