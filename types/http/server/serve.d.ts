import type { Task } from '../../core/task/task.ts';
import type { RunningServer } from '../workers/running-server.ts';
import type { ServeOptions, WebServeOptions } from './serve-options.ts';
import { HttpServer } from './server.ts';
/** The option of `serve` for several threads. */
export interface WorkerOptions {
    /**
     * How many threads serve, or 'auto' for one per processor. Each runs the program's file again up
     * to this call, which there returns a server of its own; the main thread only manages them.
     */
    workers: number | 'auto';
}
/**
 * Starts an HTTP/1.1 server on the running loop.
 *
 * The requests of a connection are handled in order, one at a time. When a client goes away its
 * handler is not cancelled, but `request.signal` aborts. An error in a handler results in a 500 (a
 * TimeoutError in a 504) and goes to the loop's exception handler; an `HttpError` results in its
 * own status.
 *
 * Cancelling the task while the server starts closes it again. A running server is ended by
 * `shutdown` or `close`.
 *
 * @throws TypeError or RangeError for an invalid option, synchronously. The task fails with the
 * error of a start hook, or with an Error with code EADDRINUSE, EACCES, … when the server cannot
 * listen
 * @example
 * const server = yield* serve({ port: 8080, fetch: () => new Response('hello') });
 * console.log(server.url);
 * yield* server.serveForever();
 */
export declare function serve<Paths extends string>(options: ServeOptions<Paths> & WorkerOptions): Task<RunningServer>;
export declare function serve<Paths extends string>(options: ServeOptions<Paths>): Task<HttpServer>;
export declare function serve<Paths extends string>(options: WebServeOptions<Paths> & WorkerOptions): Task<RunningServer>;
export declare function serve<Paths extends string>(options: WebServeOptions<Paths>): Task<HttpServer>;
