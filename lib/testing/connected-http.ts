/** An HTTP client session connected to an HTTP server, for tests. */
import type { EventLoop } from '../core/loop/event-loop.ts';
import { runningLoopFor } from '../core/context/running.ts';
import { showsText } from '../core/support/shows-text.ts';
import type { Coro } from '../core/support/types.ts';
import type { Task } from '../core/task/task.ts';
import { ClientSession, serve } from '../http.ts';
import type { ClientSessionOptions, HttpServer } from '../http.ts';
import { servingOf } from './test-client.ts';
import type { TestApp } from './test-client.ts';

/** The return type of `connectedHttp`. */
export class ConnectedHttp {
  readonly server: HttpServer;
  /** The client session; its `baseUrl` is the URL of the server. */
  readonly session: ClientSession;
  readonly #loop: EventLoop;

  constructor(loop: EventLoop, server: HttpServer, session: ClientSession) {
    this.#loop = loop;
    this.server = server;
    this.session = session;
  }

  /** Closes the session, then shuts down the server, including its hooks. May be called again. */
  close(): Task<void> {
    return this.#loop._startTask(this.#close());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  toString(): string {
    return `<ConnectedHttp ${this.session} ${this.server}>`;
  }

  *#close(): Coro<void> {
    yield* this.session.close();
    yield* this.server.shutdown();
  }
}

showsText(ConnectedHttp);

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
export function connectedHttp<Paths extends string>(
  app: TestApp<Paths>,
  options: ClientSessionOptions = {},
): Task<ConnectedHttp> {
  const loop = runningLoopFor<EventLoop>('connectedHttp()');
  return loop._startTask(connect(loop, app as TestApp, options));
}

function* connect(
  loop: EventLoop,
  app: TestApp,
  options: ClientSessionOptions,
): Coro<ConnectedHttp> {
  // Checks the options before the server listens, so that wrong options leave nothing open.
  yield* new ClientSession(options).close();
  const server = yield* serve(servingOf('connectedHttp()', app));
  const session = new ClientSession({ baseUrl: server.url, ...options });
  return new ConnectedHttp(loop, server, session);
}
