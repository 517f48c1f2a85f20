/** The options of `serve`, and their checks. */
import type { Duration } from '../../core/support/duration.ts';
import type { Coro } from '../../core/support/types.ts';
import { type Tls } from '../../tls/context.ts';
import type { HeadLimits } from '../message/option-values.ts';
import type { PathParams } from '../router/pattern.ts';
import type { TrustedProxiesInit } from './forwarded.ts';
import { type PlaceOptions } from './places.ts';
import type { Request } from './request.ts';
import type { Response } from './response.ts';
import type { StartHook, StopHook } from './lifecycle.ts';
import type { Middleware } from './middleware-chain.ts';
import type { GroupedRoute, RouteGroup } from './route-group.ts';
import type { RouteKind } from './route-kind.ts';
import type { HttpServer } from './server.ts';
/** A Response of `oxbow/http`, or WHATWG's. */
export type AnyResponse = Response | globalThis.Response;
/** What a handler may return: a response, or anything that can be awaited for one. */
export type HandlerResult = AnyResponse | PromiseLike<AnyResponse> | Coro<AnyResponse>;
/** Handles a request. A plain, a `function*` or an `async` function. */
export type Handler<Params = Readonly<Record<string, string>>> = (request: Request<Params>, server: HttpServer) => HandlerResult;
/**
 * The handler of a framework that uses WHATWG's classes, such as Hono: our requests are accepted as
 * WHATWG's. It is called with the server as the environment and as the execution context, which has
 * `waitUntil`.
 */
export type WebHandler = (request: globalThis.Request, ...rest: any[]) => globalThis.Response | Promise<globalThis.Response>;
/**
 * What a path leads to: a constant response, a handler, an object with one of these for each
 * method, a `group`, or a special kind such as `staticFiles` or `websocket`. `request.params` has
 * the names in the path.
 */
export type Route<Path extends string = string> = Response | Handler<PathParams<Path>> | RouteKind | RouteGroup | GroupedRoute | {
    readonly [method: Uppercase<string>]: Response | Handler<PathParams<Path>>;
};
/** Routes by path. */
export type Routes<Paths extends string = string> = {
    readonly [Path in Paths]: Route<Path>;
};
/** Options of `serve`, except `fetch`. */
export interface CommonServeOptions<Paths extends string = string> extends PlaceOptions {
    /**
     * Routes by path (without query). `/users/:id` matches any segment, `/users/:id(\\d+)` one that
     * matches the regex, `/files/*rest` everything that follows.
     */
    routes?: Routes<Paths>;
    /**
     * Middleware around all handlers, and around the 404 when there is none; the first is outermost.
     */
    middleware?: readonly Middleware[];
    /**
     * Makes the response when a handler fails; by default a 500 (a 504 for a TimeoutError), and the
     * error goes to the loop's exception handler. Not called for an HttpError, which has its own
     * response, nor for a body that is not JSON (400).
     */
    error?: (error: unknown, request: Request) => HandlerResult;
    /** The largest request body in bytes; 16 MiB by default. A larger one gets a 413. */
    maxBodySize?: number;
    /** Limits for the head of a request; beyond them the client gets a 431. */
    limits?: HeadLimits;
    /** How long an idle connection is kept open; 75 s by default. */
    keepAliveTimeout?: Duration;
    /** How long a new connection may take to send its first request; 60 s by default. */
    headersTimeout?: Duration;
    /**
     * How long a handler that reads a body waits for the next piece before it gets an HttpError 408;
     * 60 s by default.
     */
    bodyTimeout?: Duration;
    /**
     * How long a client with bytes to read may neither read nor send any before the connection is
     * dropped; 120 s by default. A client may be as slow as it likes, as long as bytes move.
     */
    sendTimeout?: Duration;
    /**
     * The least bytes per second, averaged over 10 s: below it, a body that a handler waits for fails
     * with 408, and a client that does not read its response is dropped. 0 (the default) for no
     * limit.
     */
    minRate?: number;
    /**
     * How long a handler may take to return its response. Then it is cancelled, `request.signal`
     * aborts, and the client gets a 504. Null (the default) for no limit.
     */
    timeout?: Duration | null;
    /**
     * Cancel the handler when its client closes the connection, or its side, before it has the
     * response. By default false: only `request.signal` reports it.
     */
    cancelOnDisconnect?: boolean;
    /**
     * Called in order before the server listens; when one fails, so does `serve`. What a hook
     * returns, a function or a disposable object, is called or disposed of at the end, last one
     * first.
     */
    onStart?: StartHook | readonly StartHook[];
    /** Called when the last connection has closed, last one first, before what `onStart` returned. */
    onStop?: StopHook | readonly StopHook[];
    /** How many connections the kernel queues until they are accepted; 511 by default. */
    backlog?: number;
    /**
     * Let several processes listen on the port (SO_REUSEPORT); the kernel distributes connections.
     * Default false.
     */
    reusePort?: boolean;
    /**
     * Serve `https:`: an object with Node's option names (`cert` and `key`, or `pfx`, or `sni`), or a
     * TlsContext, whose `update` applies to new connections.
     */
    tls?: Exclude<Tls, true>;
    /**
     * The trusted proxies in front of this server: addresses, networks (`10.0.0.0/8`), 'loopback',
     * 'private', or 'unix' for connections by a Unix socket; and optionally which fields they send,
     * and whether they use the PROXY protocol. `request.ip` and `request.url` then describe the
     * client and not the proxy. By default none is trusted, since anyone can send such fields.
     */
    trustedProxies?: readonly string[] | TrustedProxiesInit;
    /**
     * Replace the global `Response` by a lighter class, and `Request` and `fetch` by ones that accept
     * our requests, once a program uses them beside a server; true by default. With false, a response
     * of a framework costs several times as much, and `new Request(request)` and `fetch(request)` do
     * not accept a request of a server.
     */
    overrideGlobalObjects?: boolean;
    /** Aborting it shuts the server down, as `shutdown()` does. */
    signal?: AbortSignal;
}
/** Options of `serve`. */
export interface ServeOptions<Paths extends string = string> extends CommonServeOptions<Paths> {
    /** Handles every request that has no route. Without it these get a 404. */
    fetch?: Handler;
}
/** Options of `serve` for an application of a framework. */
export interface WebServeOptions<Paths extends string = string> extends CommonServeOptions<Paths> {
    /** Handles every request that has no route: `app.fetch`. */
    fetch: WebHandler;
}
/** Options of `reload`. What is left out is unchanged; null removes `fetch` or `error`. */
export interface ReloadOptions<Paths extends string = string> {
    routes?: Routes<Paths>;
    fetch?: Handler | null;
    middleware?: readonly Middleware[];
    error?: ((error: unknown, request: Request) => HandlerResult) | null;
}
