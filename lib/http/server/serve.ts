import type { EventLoop } from '../../core/loop/event-loop.ts';
import { loopWithNetwork } from '../../net/running-loop.ts';
import type { Task } from '../../core/task/task.ts';
import type { Coro } from '../../core/support/types.ts';
import { endpointsOf } from '../../io/names.ts';
import type { CheckedOptions, ServeOptions } from './serve-options.ts';
import { checkServeOptions } from './serve-options.ts';
import { HttpServer } from './server.ts';

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
export function serve<Paths extends string>(options: ServeOptions<Paths>): Task<HttpServer> {
  const checked = checkServeOptions(options as ServeOptions);
  const loop = loopWithNetwork('serve()');
  return loop.createTask(start(loop, new HttpServer(loop, checked), checked), {
    eagerStart: true,
  });
}

function* start(loop: EventLoop, server: HttpServer, options: CheckedOptions): Coro<HttpServer> {
  const { hostname, port, signal } = options;
  yield* server._start(() => endpointsOf(loop, hostname, port));
  if (signal !== null) {
    const stop = (): void => void server.shutdown();
    if (signal.aborted) stop();
    else {
      signal.addEventListener('abort', stop, { once: true });
      server.waitClosed().addDoneCallback(() => signal.removeEventListener('abort', stop));
    }
  }
  return server;
}
