import { type Duration } from '../core/support/duration.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import type { Future } from '../core/future/future.ts';
import { type SignalOptions } from '../tasks/abort.ts';
import type { TransportOwner } from './transport.ts';
import type { Acceptor } from '../io/listener.ts';
import type { TransportSocket } from '../io/transport-socket.ts';
/** Options of `Server.shutdown`. */
export interface ShutdownOptions {
    /** How long connections may take to finish by themselves; default 10 s, null for no limit. */
    timeout?: Duration | null;
    /**
     * How long unsent data may take to be sent after that, before connections are aborted; default 1
     * s.
     */
    grace?: Duration;
    /** Aborting it ends the wait with an AbortError. */
    signal?: AbortSignal;
}
/**
 * Listening sockets and their accepted connections. Created by `createServer` and `startServer`.
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
    /** The loop that the server runs in. */
    getLoop(): EventLoop;
    /** Whether it is accepting connections. */
    isServing(): boolean;
    /**
     * Starts to accept, for a server made with `startServing: false`. May be repeated.
     * @throws RuntimeError when the server is closed
     */
    startServing(): Future<void>;
    /**
     * Accepts until cancelled or closed. A cancel closes the server and its connections, each once
     * everything written to it is sent, and waits for them; a second cancel ends that wait. Closing
     * the server ends this call with CancelledError. An abort of `signal`, even before the call, has
     * the effect of a cancel, but the call fails with an AbortError.
     * @throws RuntimeError when it has already been called, or the server is closed
     */
    serveForever(options?: SignalOptions): Future<never>;
    /** Stops listening at once. Connections stay open; see `closeClients` and `abortClients`. */
    close(): void;
    /** Closes every connection once everything written to it is sent. */
    closeClients(): void;
    /** Closes every connection at once; unsent data is dropped. */
    abortClients(): void;
    /**
     * Waits until the server is closed and its last connection is gone. Cancel-safe, also with
     * `signal`.
     */
    waitClosed(options?: SignalOptions): Future<void>;
    /**
     * Ends the server without hanging on idle clients: stops listening, gives connections `timeout`
     * (default 10 s) to finish, closes the remaining ones, and aborts those whose data is not sent
     * after another `grace` (default 1 s).
     *
     * A cancel, or an abort of `signal`, leaves the server closed and its connections as they are.
     */
    shutdown(options?: ShutdownOptions): Future<void>;
    /** `await using`: calls {@link shutdown}, which idle clients cannot block for ever. */
    [Symbol.asyncDispose](): Promise<void>;
    toString(): string;
}
