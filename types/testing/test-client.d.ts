import type { EventLoop } from '../core/loop/event-loop.ts';
import type { Awaitable } from '../core/support/types.ts';
import type { Handler, HttpServer, RequestOptions, ServeOptions } from '../http.ts';
import { TestResponse } from './test-response.ts';
import type { VirtualLoopOptions } from './virtual-loop.ts';
/** An application: the options of `serve`, or what it calls for each request. */
export type TestApp<Paths extends string = string> = ServeOptions<Paths> | Handler;
/**
 * A client of an application that is not reached by any socket, in virtual time: an hour that a
 * handler sleeps is over at once. All that lies between is there, from the parser to the limits.
 *
 * Inside `runVirtual` it lives on the loop that runs. Outside of any loop it has one of its own,
 * which runs while a request is under way; requests then go one after the other.
 *
 * @param app - options of `serve`, or a handler
 * @param options - of the loop that it makes when none is running
 * @throws RuntimeError inside a loop in real time
 * @example
 * await using client = testClient({ routes: { '/users/:id': showUser } });
 * const response = await client.get('/users/7');
 * expect(response.status).toBe(200);
 * expect(await response.json()).toEqual({ id: '7' });
 */
export declare function testClient<Paths extends string>(app: TestApp<Paths>, options?: VirtualLoopOptions): TestClient;
/** Made by `testClient`. */
export declare class TestClient {
    #private;
    constructor(options: ServeOptions, loop: EventLoop, isOwn: boolean);
    /** The server; null before the first request. */
    get server(): HttpServer | null;
    /**
     * Sends a request, and gives the response once it is read as a whole.
     * @param path - or an absolute URL
     * @throws what `ClientSession.request` throws, and `serve` for the first request
     */
    request(method: string, path: string, options?: RequestOptions): Awaitable<TestResponse>;
    get(path: string, options?: RequestOptions): Awaitable<TestResponse>;
    head(path: string, options?: RequestOptions): Awaitable<TestResponse>;
    options(path: string, options?: RequestOptions): Awaitable<TestResponse>;
    post(path: string, options?: RequestOptions): Awaitable<TestResponse>;
    put(path: string, options?: RequestOptions): Awaitable<TestResponse>;
    patch(path: string, options?: RequestOptions): Awaitable<TestResponse>;
    delete(path: string, options?: RequestOptions): Awaitable<TestResponse>;
    /** Shuts the application down, with its hooks. May be repeated. */
    close(): Awaitable<void>;
    [Symbol.asyncDispose](): Promise<void>;
    toString(): string;
}
