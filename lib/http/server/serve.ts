import type { EventLoop } from '../../core/loop/event-loop.ts';
import { loopWithNetwork } from '../../net/running-loop.ts';
import type { Task } from '../../core/task/task.ts';
import type { Coro } from '../../core/support/types.ts';
import { listenOver } from '../../io/listener.ts';
import { RuntimeError } from '../../core/errors/errors.ts';
import { isMainThread } from '../../core/support/worker-threads.ts';
import { handedOverServes, takeHandedOver } from '../workers/handed-over.ts';
import { mayHandOver } from '../workers/handing.ts';
import { openSockets } from '../workers/open-sockets.ts';
import { copiesOf, follow, type Share, takeShare } from '../workers/share.ts';
import type { RunningServer } from '../workers/running-server.ts';
import { WorkerServer } from '../workers/worker-server.ts';
import { cleanerOf, endpointsAt, nameOf, type Opener, openerOf } from './places.ts';
import type { CheckedOptions, ServeOptions, WebServeOptions } from './serve-options.ts';
import { checkServeOptions } from './serve-options.ts';
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
export function serve<Paths extends string>(
  options: ServeOptions<Paths> & WorkerOptions,
): Task<RunningServer>;
export function serve<Paths extends string>(options: ServeOptions<Paths>): Task<HttpServer>;
export function serve<Paths extends string>(
  options: WebServeOptions<Paths> & WorkerOptions,
): Task<RunningServer>;
export function serve<Paths extends string>(options: WebServeOptions<Paths>): Task<HttpServer>;
export function serve(
  options: (ServeOptions | WebServeOptions) & Partial<WorkerOptions>,
): Task<RunningServer> {
  const checked = checkServeOptions(options as ServeOptions);
  const loop = loopWithNetwork('serve()');
  const share = checked.workers > 0 ? takeShare() : null;
  const starting =
    checked.workers > 0 && share === null
      ? startThreads(loop, checked)
      : start(loop, new HttpServer(loop, checked), checked, share);
  return loop.createTask<RunningServer>(starting, { eagerStart: true });
}

function* start(
  loop: EventLoop,
  server: HttpServer,
  options: CheckedOptions,
  share: Share | null,
): Coro<HttpServer> {
  const { places, signal } = options;
  const where = nameOf(places);
  const given = share === null ? takeHandedOver(where) : copiesOf(share);
  const opening = function* (): Coro<Opener> {
    if (given === null) return yield* openerOf(loop, places);
    return (how) => listenOver(loop, given, how);
  };
  // Servers in worker threads share their sockets, so they do not remove socket files.
  yield* server._start(opening, share === null ? places : null);
  if (share !== null) follow(share, server);
  else if (isMainThread()) mayHandOver(where, server);
  if (given !== null) handedOverServes();
  endWith(signal, server);
  return server;
}

function* startThreads(loop: EventLoop, options: CheckedOptions): Coro<WorkerServer> {
  const { places, workers, backlog, tls, signal } = options;
  const program = process.argv[1];
  if (program === undefined) {
    throw new RuntimeError(
      "serve({ workers }) runs the program's file in each thread, and this one has none",
    );
  }
  const where = nameOf(places);
  const given = takeHandedOver(where);
  const sockets =
    given === null
      ? openSockets({
          endpoints: yield* endpointsAt(loop, places),
          paths: places.paths,
          descriptors: places.descriptors,
          backlog,
          count: workers,
        })
      : [given];
  const server = new WorkerServer(loop, {
    program,
    count: workers,
    sockets,
    scheme: tls === null ? 'http' : 'https',
    hostname: places.hostnames[0],
    clean: cleanerOf(places),
  });
  yield* server._start();
  mayHandOver(where, server);
  if (given !== null) handedOverServes();
  endWith(signal, server);
  return server;
}

function endWith(signal: AbortSignal | null, server: RunningServer): void {
  if (signal === null) return;
  const stop = (): void => void server.shutdown();
  if (signal.aborted) {
    stop();
    return;
  }
  signal.addEventListener('abort', stop, { once: true });
  server.waitClosed().addDoneCallback(() => signal.removeEventListener('abort', stop));
}
