/** An HTTP client session connected to an HTTP server, for tests. */
import type { EventLoop } from '../core/loop/event-loop.ts';
import type { Task } from '../core/task/task.ts';
import { ClientSession } from '../http.ts';
import type { ClientSessionOptions, HttpServer } from '../http.ts';
import type { TestApp } from './test-client.ts';
/** The return type of `connectedHttp`. */
export declare class ConnectedHttp {
    #private;
    readonly server: HttpServer;
    /** The client session; its `baseUrl` is the URL of the server. */
    readonly session: ClientSession;
    constructor(loop: EventLoop, server: HttpServer, session: ClientSession);
    /** Closes the session, then shuts down the server, including its hooks. May be called again. */
    close(): Task<void>;
    [Symbol.asyncDispose](): Promise<void>;
    toString(): string;
}
/**
 * Starts a server for an application and a session whose requests go to it, for tests of their
 * interaction: streams in both directions, limits, WebSockets, what happens when one side
 * disconnects. On a `VirtualLoop` (`runVirtual`) the network and the time are simulated; on another
 * loop it uses 127.0.0.1.
 *
 * @param app - options of `serve`, or a handler
 * @param options - options of the session
 * @throws RuntimeError when no loop is running; (awaited) what `serve` and `ClientSession` throw
 * @example
 * await runVirtual(async () => {
 *   await using pair = await connectedHttp({ routes: { '/slow': slow } }, { timeout: '2s' });
 *   await expect(pair.session.get('/slow')).rejects.toThrow(TimeoutError);
 * });
 */
export declare function connectedHttp<Paths extends string>(app: TestApp<Paths>, options?: ClientSessionOptions): Task<ConnectedHttp>;
