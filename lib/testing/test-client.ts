/** A test client for an HTTP application, without real sockets. */
import { runningLoop } from '../core/context/running.ts';
import { RuntimeError } from '../core/errors/errors.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import { describe } from '../core/support/describe.ts';
import { showsText } from '../core/support/shows-text.ts';
import type { Awaitable, Coro } from '../core/support/types.ts';
import { ClientSession, serve } from '../http.ts';
import type { Handler, HttpServer, RequestOptions, ServeOptions } from '../http.ts';
import { promise } from '../tasks/promise.ts';
import { TestResponse } from './test-response.ts';
import { checkVirtualOptions, VirtualLoop } from './virtual-loop.ts';
import type { VirtualLoopOptions } from './virtual-loop.ts';

/** No total timeout: in virtual time a limit would be reached at once by a handler that sleeps. */
const NO_LIMIT = { total: null };

/** An application: the options of `serve`, or a handler. */
export type TestApp<Paths extends string = string> = ServeOptions<Paths> | Handler;

/**
 * Creates a client for an application, in virtual time and without real sockets: an hour that a
 * handler sleeps takes no time. Everything in between is the real code, from the parser to the
 * limits.
 *
 * Inside `runVirtual` it uses the running loop. Outside any loop it creates a loop of its own,
 * which runs while a request is in progress; requests are then sent one after the other.
 *
 * @param app - options of `serve`, or a handler
 * @param options - options of the loop that it creates when none is running
 * @throws RuntimeError inside a loop in real time; TypeError, RangeError for wrong arguments
 * @example
 * await using client = testClient({ routes: { '/users/:id': showUser } });
 * const response = await client.get('/users/7');
 * expect(response.status).toBe(200);
 * expect(await response.json()).toEqual({ id: '7' });
 */
export function testClient<Paths extends string>(
  app: TestApp<Paths>,
  options: VirtualLoopOptions = {},
): TestClient {
  checkVirtualOptions('testClient()', options);
  const serving = servingOf('testClient()', app as TestApp);
  const loop = runningLoop();
  if (loop === null) return new TestClient(serving, new VirtualLoop(options), true);
  if (!(loop instanceof VirtualLoop)) {
    throw new RuntimeError(
      'testClient() is for virtual time: call it inside runVirtual(), or outside of any loop; ' +
        'in real time use serve() and ClientSession',
    );
  }
  return new TestClient(serving, loop, false);
}

/** The options of `serve` for an application. @throws TypeError for anything else */
export function servingOf(where: string, app: TestApp): ServeOptions {
  if (typeof app === 'function') return { fetch: app };
  if (typeof app === 'object' && app !== null) return app;
  throw new TypeError(`${where} takes options of serve() or a handler, not ${describe(app)}`);
}

/** The return type of `testClient`. */
export class TestClient {
  readonly #options: ServeOptions;
  readonly #loop: EventLoop;
  readonly #isOwn: boolean;
  #server: HttpServer | null = null;
  #session: ClientSession | null = null;
  #closed = false;
  /** The last run of its own loop; the next one waits for it. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ServeOptions, loop: EventLoop, isOwn: boolean) {
    this.#options = options;
    this.#loop = loop;
    this.#isOwn = isOwn;
  }

  /** The server of the application; null before the first request. */
  get server(): HttpServer | null {
    return this.#server;
  }

  /**
   * Sends a request and returns the response once its body has been read completely.
   * @param path - a path, or an absolute URL
   * @throws RuntimeError when the client is closed; (awaited) what `ClientSession.request` throws,
   *   and `serve` for the first request
   */
  request(method: string, path: string, options?: RequestOptions): Awaitable<TestResponse> {
    if (this.#closed) throw new RuntimeError('the test client is closed');
    return this.#run(() => this.#ask(method, path, options));
  }

  get(path: string, options?: RequestOptions): Awaitable<TestResponse> {
    return this.request('GET', path, options);
  }

  head(path: string, options?: RequestOptions): Awaitable<TestResponse> {
    return this.request('HEAD', path, options);
  }

  options(path: string, options?: RequestOptions): Awaitable<TestResponse> {
    return this.request('OPTIONS', path, options);
  }

  post(path: string, options?: RequestOptions): Awaitable<TestResponse> {
    return this.request('POST', path, options);
  }

  put(path: string, options?: RequestOptions): Awaitable<TestResponse> {
    return this.request('PUT', path, options);
  }

  patch(path: string, options?: RequestOptions): Awaitable<TestResponse> {
    return this.request('PATCH', path, options);
  }

  delete(path: string, options?: RequestOptions): Awaitable<TestResponse> {
    return this.request('DELETE', path, options);
  }

  /** Shuts down the application, including its hooks. May be called again. */
  close(): Awaitable<void> {
    if (this.#closed) return this.#isOwn ? lanes(this.#last.then(() => {})) : this.#run(nothing);
    this.#closed = true;
    const closed = this.#run(() => this.#end());
    if (!this.#isOwn) return closed;
    const all = this.#last.finally(() => this.#loop.close()) as Promise<void>;
    this.#last = all.catch(() => {});
    return lanes(all);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  toString(): string {
    return `TestClient { ${this.#closed ? 'closed' : (this.#server?.toString() ?? 'idle')} }`;
  }

  #run<T>(body: () => Coro<T>): Awaitable<T> {
    if (!this.#isOwn) return this.#loop._startTask(body);
    const run = this.#last.then(() => this.#loop.runUntilComplete(body));
    this.#last = run.catch(() => {});
    return lanes(run);
  }

  *#ask(method: string, path: string, options?: RequestOptions): Coro<TestResponse> {
    this.#server ??= yield* serve(this.#options);
    this.#session ??= new ClientSession({ baseUrl: this.#server.url, timeout: NO_LIMIT });
    const response = yield* this.#session.request(method, path, options);
    const bytes = yield* response.bytes();
    return new TestResponse(response, bytes);
  }

  *#end(): Coro<void> {
    if (this.#session !== null) yield* this.#session.close();
    if (this.#server !== null) yield* this.#server.shutdown();
  }
}

showsText(TestClient);

function* nothing(): Coro<void> {}

/** Makes a Promise awaitable in both lanes. */
function lanes<T>(given: Promise<T>): Awaitable<T> {
  return {
    [Symbol.iterator]: () => promise(given)[Symbol.iterator](),
    then: (fulfilled, rejected) => given.then(fulfilled, rejected),
  };
}
