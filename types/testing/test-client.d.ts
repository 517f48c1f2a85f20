import type { EventLoop } from '../core/loop/event-loop.ts';
import type { Awaitable } from '../core/support/types.ts';
import type { Handler, HttpServer, RequestOptions, ServeOptions } from '../http.ts';
import { TestResponse } from './test-response.ts';
import type { VirtualLoopOptions } from './virtual-loop.ts';
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
export declare function testClient<Paths extends string>(app: TestApp<Paths>, options?: VirtualLoopOptions): TestClient;
/** The return type of `testClient`. */
export declare class TestClient {
    #private;
    constructor(options: ServeOptions, loop: EventLoop, isOwn: boolean);
    /** The server of the application; null before the first request. */
    get server(): HttpServer | null;
    /**
     * Sends a request and returns the response once its body has been read completely.
     * @param path - a path, or an absolute URL
     * @throws RuntimeError when the client is closed; (awaited) what `ClientSession.request` throws,
     *   and `serve` for the first request
     */
    request(method: string, path: string, options?: RequestOptions): Awaitable<TestResponse>;
    get(path: string, options?: RequestOptions): Awaitable<TestResponse>;
    head(path: string, options?: RequestOptions): Awaitable<TestResponse>;
    options(path: string, options?: RequestOptions): Awaitable<TestResponse>;
    post(path: string, options?: RequestOptions): Awaitable<TestResponse>;
    put(path: string, options?: RequestOptions): Awaitable<TestResponse>;
    patch(path: string, options?: RequestOptions): Awaitable<TestResponse>;
    delete(path: string, options?: RequestOptions): Awaitable<TestResponse>;
    /** Shuts down the application, including its hooks. May be called again. */
    close(): Awaitable<void>;
    [Symbol.asyncDispose](): Promise<void>;
    toString(): string;
}
