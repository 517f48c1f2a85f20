import { type Duration } from '../core/support/duration.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import type { Future } from '../core/future/future.ts';
import { type SignalOptions } from '../tasks/abort.ts';
import type { TransportOwner } from './transport.ts';
import type { Acceptor } from '../io/listener.ts';
import type { TransportSocket } from '../io/transport-socket.ts';
/** How `Server.shutdown` goes about it. */
export interface ShutdownOptions {
    /** How long connections may take to finish by themselves; null: as long as they want. */
    timeout?: Duration | null;
    /** How long unsent data may take to leave after that, before connections are aborted. */
    grace?: Duration;
    /** Aborting it ends the wait with an AbortError. */
    signal?: AbortSignal;
}
/**
 * Listening sockets and the connections that came through them. Made by `createServer` and
 * `startServer`.
 *
 * @example
 * const server = yield* createServer(() => new Echo(), '127.0.0.1', 0);
 * const [host, port] = server.sockets[0].getsockname();
 * yield* server.shutdown({ timeout: '2s' });
 */
export declare class Server implements Acceptor, TransportOwner {
    #private;
    private constructor();
    /** The listening sockets; empty once the server is closed. */
    get sockets(): readonly TransportSocket[];
    /** The loop that the server lives in. */
    getLoop(): EventLoop;
    /** Whether connections are accepted. */
    isServing(): boolean;
    /**
     * Starts to accept, for a server made with `startServing: false`. May be repeated.
     * @throws RuntimeError when the server is closed
     */
    startServing(): Future<void>;
    /**
     * Accepts until cancelled or closed. Cancelling it closes the server and its connections, each
     * once everything written to it is sent, and waits for them; cancelling that wait as well leaves
     * them to themselves. Closing the server ends it with CancelledError. An abort of `signal` does
     * what a cancel does, also one from before the call, and it fails with an AbortError.
     * @throws RuntimeError when it is already being waited for, or the server is closed
     */
    serveForever(options?: SignalOptions): Future<never>;
    /** Stops listening at once. Connections stay; `closeClients` and `abortClients` end them. */
    close(): void;
    /** Closes every connection once everything written to it is sent. */
    closeClients(): void;
    /** Closes every connection at once; what is not sent is dropped. */
    abortClients(): void;
    /**
     * Waits until the server is closed and its last connection is gone. Cancelling is safe, and so is
     * `signal`.
     */
    waitClosed(options?: SignalOptions): Future<void>;
    /**
     * Ends the server without hanging on idle clients: stops listening, gives connections `timeout`
     * (default 10 s) to finish, closes those that are left, and aborts those whose data has not left
     * after another `grace` (default 1 s).
     *
     * Cancelling it leaves the server closed and its connections as they are, and so does `signal`.
     */
    shutdown(options?: ShutdownOptions): Future<void>;
    /** `await using`: as {@link shutdown}, which an idle client cannot hold up for ever. */
    [Symbol.asyncDispose](): Promise<void>;
    toString(): string;
}
