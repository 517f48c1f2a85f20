import type { Task } from '../../core/task/task.ts';
import type { RunningServer } from '../workers/running-server.ts';
import type { ServeOptions, WebServeOptions } from './serve-options.ts';
import { HttpServer } from './server.ts';
/** What `serve` takes to share the work out among threads. */
export interface WorkerOptions {
    /**
     * Threads that answer, or 'auto' for one on each processor. Each runs the program's file once
     * more, up to this call, which gives it a server of its own; the main thread answers nothing.
     */
    workers: number | 'auto';
}
/**
 * Starts an HTTP/1.1 server on the running loop.
 *
 * Requests of one connection are answered in order, one at a time. When a client goes away its
 * handler is not cancelled; `request.signal` tells it. An error in a handler gives a 500 and goes
 * to the loop's exception handler; an `HttpError` gives its own status.
 *
 * @throws TypeError or RangeError for a wrong option, at once; the awaited result fails with an
 * Error of code EADDRINUSE, EACCES, … when it cannot listen
 * @example
 * const server = yield* serve({ port: 8080, fetch: () => new Response('hello') });
 * console.log(server.url);
 * yield* server.serveForever();
 */
export declare function serve<Paths extends string>(options: ServeOptions<Paths> & WorkerOptions): Task<RunningServer>;
export declare function serve<Paths extends string>(options: ServeOptions<Paths>): Task<HttpServer>;
export declare function serve<Paths extends string>(options: WebServeOptions<Paths> & WorkerOptions): Task<RunningServer>;
export declare function serve<Paths extends string>(options: WebServeOptions<Paths>): Task<HttpServer>;
