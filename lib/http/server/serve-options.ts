/** The options of `serve`, and their checks. */
import type { Duration } from '../../core/support/duration.ts';
import { checkFlags, checkOptions } from '../../core/support/options.ts';
import type { Coro } from '../../core/support/types.ts';
import type { MessageLimits } from '../../native/binding.ts';
import { type Tls, TlsContext, tlsContextOf } from '../../tls/context.ts';
import type { HeadLimits } from '../message/option-values.ts';
import { duration, headLimits, integer } from '../message/option-values.ts';
import { describe } from '../message/outgoing-body.ts';
import type { PathParams } from '../router/pattern.ts';
import type { TrustedProxiesInit } from './forwarded.ts';
import { TrustedProxies } from './forwarded.ts';
import { PLACE_OPTIONS, type PlaceOptions, type Places, placesOf } from './places.ts';
import type { Request } from './request.ts';
import type { Response } from './response.ts';
import { checkHooks } from './lifecycle.ts';
import type { StartHook, StopHook } from './lifecycle.ts';
import { checkMiddleware } from './middleware-chain.ts';
import type { Middleware } from './middleware-chain.ts';
import { checkRoutes } from './route-group.ts';
import type { GroupedRoute, RouteGroup } from './route-group.ts';
import type { RouteKind } from './route-kind.ts';
import type { HttpServer } from './server.ts';

/** A response of ours, or WHATWG's. */
export type AnyResponse = Response | globalThis.Response;

/** What a handler may return: a response, or anything that gives one when it is awaited. */
export type HandlerResult = AnyResponse | PromiseLike<AnyResponse> | Coro<AnyResponse>;

/** Answers a request. It may be a plain, a `function*` or an `async` function. */
export type Handler<Params = Readonly<Record<string, string>>> = (
  request: Request<Params>,
  server: HttpServer,
) => HandlerResult;

/**
 * What answers in a framework that speaks WHATWG's classes: an application of Hono, say. Our
 * requests are taken for theirs. It is called with the server as its environment, and as what has
 * `waitUntil`.
 */
export type WebHandler = (
  request: globalThis.Request,
  ...rest: any[]
) => globalThis.Response | Promise<globalThis.Response>;

/**
 * A response that is sent as it is, a handler, one of either for each method, a `group`, or what
 * answers in a way of its own. `request.params` has the names that are in the path.
 */
export type Route<Path extends string = string> =
  | Response
  | Handler<PathParams<Path>>
  | RouteKind
  | RouteGroup
  | GroupedRoute
  | { readonly [method: Uppercase<string>]: Response | Handler<PathParams<Path>> };

/** Paths and what answers them. */
export type Routes<Paths extends string = string> = { readonly [Path in Paths]: Route<Path> };

/** What `serve` answers, where, and within which limits; all but `fetch`. */
export interface CommonServeOptions<Paths extends string = string> extends PlaceOptions {
  /**
   * Paths (without query) and what answers them. `/users/:id` takes any segment, `/users/:id(\\d+)`
   * one that the regex takes, `/files/*rest` all that follows.
   */
  routes?: Routes<Paths>;
  /** Goes around everything that answers, also around what is not found; the first is outermost. */
  middleware?: readonly Middleware[];
  /**
   * Answers in place of a handler that failed; by default 500, and the error is reported. An
   * HttpError is a response and no failure, and so is the error of a body that is not JSON (400).
   */
  error?: (error: unknown, request: Request) => HandlerResult;
  /** Bytes of a request body, 16 MiB by default; more gets a 413. */
  maxBodySize?: number;
  /** Bounds of a request's head, on the connections of this server; more gets a 431. */
  limits?: HeadLimits;
  /** How long an idle connection is kept; 75 s by default. */
  keepAliveTimeout?: Duration;
  /** How long a new connection may take for its first request; 60 s by default. */
  headersTimeout?: Duration;
  /** How long a handler that reads a body waits for the next piece; then 408; 60 s by default. */
  bodyTimeout?: Duration;
  /**
   * How long a client may take nothing of the bytes that wait for it, and send none; then the
   * connection is dropped; 120 s by default. However slow it is, it lives as long as bytes go.
   */
  sendTimeout?: Duration;
  /**
   * Bytes a second, over 10 s, below which a body that a handler waits for gets a 408, and a client
   * that does not take what waits for it is dropped; 0, the default, asks for none.
   */
  minRate?: number;
  /** How long an answer may take before its work is cancelled and it is a 504; none by default. */
  timeout?: Duration | null;
  /**
   * Cancels handlers whose client goes away, or closes its side, before it has its answer. By
   * default only `request.signal` tells them.
   */
  cancelOnDisconnect?: boolean;
  /**
   * Called before it listens, in order; when one fails, so does `serve`. What one gives back, a
   * function or something to dispose of, is called at the end, the last first.
   */
  onStart?: StartHook | readonly StartHook[];
  /** Called when the last connection is gone, the last first, before what `onStart` gave. */
  onStop?: StopHook | readonly StopHook[];
  /** Connections that may wait to be accepted; 511 by default. */
  backlog?: number;
  /** Lets several processes listen on the port; the kernel shares connections out. */
  reusePort?: boolean;
  /**
   * Serves `https:`: an object of options with Node's names (`cert` and `key`, or `pfx`, or `sni`),
   * or a TlsContext, whose `update` concerns new connections.
   */
  tls?: Exclude<Tls, true>;
  /**
   * The proxies before this server whose word counts: addresses, networks (`10.0.0.0/8`),
   * 'loopback', 'private', or 'unix' for what comes by a Unix socket; which fields they write, and
   * whether they speak the PROXY protocol.
   * `request.ip` and `request.url` then tell of the client, and not of the proxy. By default nobody
   * is believed, since anybody can send such fields.
   */
  trustedProxies?: readonly string[] | TrustedProxiesInit;
  /**
   * Puts a lighter class in the place of the global `Response`, and such as take our requests in
   * those of `Request` and `fetch`, once a program uses them beside a server; true by default. With
   * false, a response of a framework costs several times as much, and `new Request(request)` and
   * `fetch(request)` take no request of a server.
   */
  overrideGlobalObjects?: boolean;
  /** Shuts the server down when it aborts. */
  signal?: AbortSignal;
}

/** What `serve` answers, where, and within which limits. */
export interface ServeOptions<Paths extends string = string> extends CommonServeOptions<Paths> {
  /** Answers every request that no route takes. Without it those get a 404. */
  fetch?: Handler;
}

/** The same with an application of a framework. */
export interface WebServeOptions<Paths extends string = string> extends CommonServeOptions<Paths> {
  /** Answers every request that no route takes: `app.fetch`. */
  fetch: WebHandler;
}

/** What can be replaced on a running server; what is left out stays, and null takes it away. */
export interface ReloadOptions<Paths extends string = string> {
  routes?: Routes<Paths>;
  fetch?: Handler | null;
  middleware?: readonly Middleware[];
  error?: ((error: unknown, request: Request) => HandlerResult) | null;
}

/** What answers. */
export interface Answering {
  readonly fetch: Handler | null;
  readonly routes: Routes;
  readonly middleware: readonly Middleware[];
  readonly error: ((error: unknown, request: Request) => HandlerResult) | null;
}

export interface CheckedOptions extends Answering {
  places: Places;
  maxBodySize: number;
  limits: MessageLimits | null;
  keepAliveTimeout: number;
  headersTimeout: number;
  bodyTimeout: number;
  sendTimeout: number;
  minRate: number;
  timeout: number | null;
  cancelOnDisconnect: boolean;
  onStart: readonly StartHook[];
  onStop: readonly StopHook[];
  backlog: number;
  reusePort: boolean;
  /** 0: none, the loop itself answers. */
  workers: number;
  trustedProxies: TrustedProxies | null;
  tls: TlsContext | null;
  overrideGlobalObjects: boolean;
  signal: AbortSignal | null;
}

const WORKERS_MOST = 1024;

const NAMES = [
  ...PLACE_OPTIONS,
  'fetch',
  'routes',
  'middleware',
  'error',
  'maxBodySize',
  'limits',
  'keepAliveTimeout',
  'headersTimeout',
  'bodyTimeout',
  'sendTimeout',
  'minRate',
  'timeout',
  'cancelOnDisconnect',
  'onStart',
  'onStop',
  'backlog',
  'reusePort',
  'workers',
  'tls',
  'trustedProxies',
  'overrideGlobalObjects',
  'signal',
];

/** What answers, which `reload` can change. */
export const ANSWERING: readonly string[] = ['routes', 'fetch', 'middleware', 'error'];

/** @throws TypeError that names the option */
export function checkAnswering(where: string, options: ReloadOptions): Answering {
  const { fetch = null, routes = {}, middleware = [], error = null } = options;
  for (const [name, value] of Object.entries({ fetch, error })) {
    if (value !== null && typeof value !== 'function') {
      throw new TypeError(`${name} must be a function, not ${describe(value)}`);
    }
  }
  if (fetch === null && options.routes === undefined) {
    throw new TypeError(`${where.replace('()', '')} needs fetch or routes`);
  }
  checkRoutes(where, routes);
  checkMiddleware(where, middleware);
  return { fetch, routes, middleware, error };
}

/** @throws TypeError or RangeError that names the option */
export function checkServeOptions(options: ServeOptions): CheckedOptions {
  checkOptions('serve()', options, NAMES);
  checkFlags('serve()', options, ['reusePort', 'cancelOnDisconnect', 'overrideGlobalObjects']);
  const { signal } = options;
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new TypeError(`signal must be an AbortSignal, not ${describe(signal)}`);
  }
  const { limits, timeout = null } = options;
  return {
    ...checkAnswering('serve()', options),
    places: placesOf(options),
    maxBodySize: integer('maxBodySize', options.maxBodySize ?? 16 * 2 ** 20, 0, 2 ** 53 - 1),
    limits: headLimits('serve()', limits),
    keepAliveTimeout: duration('keepAliveTimeout', options.keepAliveTimeout ?? 75),
    headersTimeout: duration('headersTimeout', options.headersTimeout ?? 60),
    bodyTimeout: duration('bodyTimeout', options.bodyTimeout ?? 60),
    sendTimeout: duration('sendTimeout', options.sendTimeout ?? 120),
    minRate: integer('minRate', options.minRate ?? 0, 0, 2 ** 53 - 1),
    timeout: timeout === null ? null : duration('timeout', timeout),
    cancelOnDisconnect: options.cancelOnDisconnect === true,
    onStart: checkHooks('onStart', options.onStart),
    onStop: checkHooks('onStop', options.onStop),
    backlog: integer('backlog', options.backlog ?? 511, 1, 65535),
    reusePort: options.reusePort === true,
    workers: workersOf((options as { workers?: unknown }).workers),
    trustedProxies: TrustedProxies.from('serve()', options.trustedProxies),
    tls: tlsOf(options.tls),
    overrideGlobalObjects: options.overrideGlobalObjects !== false,
    signal: signal ?? null,
  };
}

function workersOf(workers: unknown): number {
  if (workers === undefined) return 0;
  if (workers === 'auto') return process.getBuiltinModule('node:os').availableParallelism();
  return integer('workers', workers, 1, WORKERS_MOST);
}

/** Clients that use ALPN learn that HTTP/1.1 is what is spoken. */
function tlsOf(tls: unknown): TlsContext | null {
  const isPlain = typeof tls === 'object' && tls !== null && !(tls instanceof TlsContext);
  const context = tlsContextOf('serve()', tls, 'server');
  if (isPlain && context!._settings.alpn.length === 0) {
    context!.update({ ALPNProtocols: ['http/1.1'] });
  }
  return context;
}
