/** WebSockets as routes of a server: the handshake, and the switch of the connection from HTTP. */
import { quoted } from '../../core/support/describe.ts';
import { checkFlags, checkOptions } from '../../core/support/options.ts';
import { showsText } from '../../core/support/shows-text.ts';
import type { Coro } from '../../core/support/types.ts';
import {
  HEAD_UPGRADE,
  HEAD_VERSION10,
  WEB_SOCKET_DEFLATE,
  WEB_SOCKET_MASKED,
  WEB_SOCKET_TRANSIENT,
} from '../../native/layout.ts';
import { TOKEN } from '../message/grammar.ts';
import { HttpError } from '../message/http-error.ts';
import { saidAtOnce } from '../message/option-values.ts';
import { describe } from '../message/outgoing-body.ts';
import { WebSocketConnection } from '../websocket/connection.ts';
import type { WebSocketMessage } from '../websocket/connection.ts';
import { Deflate, SharedCoders } from '../websocket/deflate.ts';
import type { DeflateTerms } from '../websocket/deflate.ts';
import { acceptOf, acceptOffer, hasWord, KEY, protocolsOf } from '../websocket/negotiate.ts';
import { Pulse } from '../websocket/pulse.ts';
import { checkLimits, LIMIT_NAMES, NO_CALLBACKS } from '../websocket/settings.ts';
import type { Callbacks, CheckedLimits, Kind, WebSocketLimits } from '../websocket/settings.ts';
import type { Exchange } from './exchange.ts';
import type { Request } from './request.ts';
import { Response } from './response.ts';
import { ActingResponse, RouteKind } from './route-kind.ts';
import type { HttpServer } from './server.ts';

/** What a callback may return: nothing, or anything awaitable. */
type Called = void | PromiseLike<unknown> | Coro<unknown>;

/** Which origins may connect. */
export type Origins = 'same' | readonly string[] | ((origin: string, request: Request) => boolean);

/** Options of a WebSocket route: the handshake, and limits. */
export interface WebSocketOptions extends WebSocketLimits {
  /** Supported subprotocols; the first one in the client's list that is supported is used. */
  protocols?: readonly string[];
  /**
   * Which web pages may connect, by the Origin that browsers send: `'same'` for those of the
   * server's host, a list (`['https://example.com']`), or a function. Others get a 403. A client
   * that sends no Origin is not a browser, and may connect. By default every page may.
   */
  origins?: Origins;
}

/**
 * Callbacks for the WebSockets of a route. Each may be a plain, a `function*` or an `async`
 * function. While one runs, the next message waits, and only a few more are received.
 */
export interface WebSocketHandlers extends WebSocketOptions {
  /** Called when a WebSocket is open. */
  open?: (socket: WebSocketConnection, request: Request) => Called;
  /** Called for each message. Without it, messages are read with `socket.receive()`. */
  message?: (socket: WebSocketConnection, message: WebSocketMessage) => Called;
  /**
   * Whether bytes passed to `message` are only lent: they are overwritten after it returns, or, if
   * it is a coroutine, after its first wait. Saves a copy and garbage for each message; suitable if
   * the callback sends them on, or reads them at once. False by default.
   */
  transient?: boolean;
  /** Called when the peer has caught up, after a `send` that returned `'queued'`. */
  drain?: (socket: WebSocketConnection) => Called;
  /** Called when the WebSocket is closed; with code 1006 if the connection broke. */
  close?: (socket: WebSocketConnection, code: number, reason: string) => Called;
}

const CALLBACKS = ['open', 'message', 'drain', 'close'] as const;
const OPTIONS = ['protocols', 'origins', ...LIMIT_NAMES];

/** A coroutine for one WebSocket, which is closed when it ends. */
export type WebSocketMain = (
  socket: WebSocketConnection,
  request: Request,
) => PromiseLike<unknown> | Coro<unknown>;

/**
 * A route for WebSockets (RFC 6455): with callbacks, or with a coroutine (`function*` or `async`)
 * for each WebSocket, which closes it by ending (code 1000) or by an error (1011).
 *
 * Other requests to the route get a 426, malformed handshakes a 400. Middleware of the route runs
 * before the handshake.
 *
 * @throws TypeError or RangeError for invalid options
 * @example
 * serve({ routes: { '/echo': websocket({ message: (socket, text) => void socket.send(text) }) } });
 * serve({ routes: { '/sum': websocket(function* (socket) {
 *   let sum = 0;
 *   while (socket.open) socket.send(String((sum += Number(yield* socket.receive()))));
 * }) } });
 */
export function websocket(main: WebSocketMain, options?: WebSocketOptions): WebSocketRoute;
export function websocket(handlers: WebSocketHandlers): WebSocketRoute;
export function websocket(
  first: WebSocketMain | WebSocketHandlers,
  second?: WebSocketOptions,
): WebSocketRoute {
  if (typeof first === 'function') {
    const options = second ?? {};
    checkOptions('websocket()', options, OPTIONS);
    const main = first as NonNullable<Callbacks['main']>;
    return new WebSocketRoute(options, { ...NO_CALLBACKS, main }, false);
  }
  checkOptions('websocket()', first, [...CALLBACKS, 'transient', ...OPTIONS]);
  checkFlags('websocket()', first, ['transient']);
  if (second !== undefined) {
    throw new TypeError('websocket(): the options stand beside the callbacks, in one object');
  }
  const callbacks: Record<string, unknown> = { ...NO_CALLBACKS };
  for (const name of CALLBACKS) {
    const callback = first[name];
    if (callback === undefined) continue;
    if (typeof callback !== 'function') {
      throw new TypeError(`websocket(): ${name} must be a function, not ${describe(callback)}`);
    }
    callbacks[name] = callback;
  }
  const { transient = false } = first;
  if (transient && first.message === undefined) {
    throw new TypeError('websocket(): transient bytes need a message callback to be lent to');
  }
  return new WebSocketRoute(first, callbacks as unknown as Callbacks, transient);
}

/** A route for WebSockets, made by `websocket`. */
export class WebSocketRoute extends RouteKind {
  /** @internal */
  override readonly _methods: readonly string[] = ['GET'];
  readonly #limits: CheckedLimits;
  readonly #callbacks: Callbacks;
  readonly #protocols: readonly string[];
  readonly #origins: Origins | null;
  readonly #transient: boolean;
  /** What the WebSockets of a server share, for each server with this route. */
  readonly #kinds = new WeakMap<HttpServer, Kind>();

  /** @internal */
  constructor(options: WebSocketOptions, callbacks: Callbacks, transient: boolean) {
    super();
    this.#limits = checkLimits('websocket()', options);
    this.#callbacks = callbacks;
    this.#protocols = checkProtocols(options.protocols ?? []);
    this.#origins = checkOrigins(options.origins);
    this.#transient = transient;
  }

  /** @internal */
  override _handle(request: Request, server: HttpServer): Response {
    const { headers } = request;
    const asked = hasWord(headers.get('upgrade'), 'websocket');
    if (!asked || (request._flags & HEAD_VERSION10) !== 0 || request.method !== 'GET') {
      return refused(426, 'expected a WebSocket handshake', { upgrade: 'websocket' });
    }
    if (headers.get('sec-websocket-version') !== '13') {
      return refused(426, 'expected version 13', { 'sec-websocket-version': '13' });
    }
    const key = headers.get('sec-websocket-key') ?? '';
    if ((request._flags & HEAD_UPGRADE) === 0 || request._body !== null || !KEY.test(key)) {
      return refused(400, 'malformed WebSocket handshake');
    }
    const offered = protocolsOf(headers.get('sec-websocket-protocol'));
    if (offered === null) return refused(400, 'malformed Sec-WebSocket-Protocol');
    if (!this.#admits(request)) return refused(403, 'origin not allowed');
    const protocol = offered.find((one) => this.#protocols.includes(one)) ?? '';
    const { compression } = this.#limits;
    const agreed =
      compression === null
        ? null
        : acceptOffer(headers.get('sec-websocket-extensions'), compression.contextTakeover);
    const answer: Record<string, string> = {
      upgrade: 'websocket',
      'sec-websocket-accept': acceptOf(key),
    };
    if (protocol !== '') answer['sec-websocket-protocol'] = protocol;
    if (agreed !== null) answer['sec-websocket-extensions'] = agreed.header;
    return new Upgrade(this.#kindOf(server), answer, protocol, agreed?.terms ?? null);
  }

  override toString(): string {
    const names = Object.entries(this.#callbacks).flatMap(([name, one]) =>
      one === null ? [] : [name === 'main' ? 'a coroutine' : name],
    );
    return `WebSocketRoute { ${names.join(', ')} }`;
  }

  #admits(request: Request): boolean {
    const origin = request.headers.get('origin');
    const origins = this.#origins;
    if (origin === null || origins === null) return true;
    if (typeof origins === 'function') {
      return saidAtOnce('websocket(): origins', origins(origin, request));
    }
    if (origins !== 'same') return origins.includes(origin);
    return URL.canParse(origin) && new URL(origin).host === new URL(request._url()).host;
  }

  #kindOf(server: HttpServer): Kind {
    let kind = this.#kinds.get(server);
    if (kind === undefined) {
      const limits = this.#limits;
      kind = {
        limits,
        callbacks: inTasks(this.#callbacks, server),
        masks: false,
        transient: this.#transient,
        coders: new SharedCoders(),
        pulse: limits.idleTimeout === null ? null : new Pulse(server._loop, limits.idleTimeout),
        values: server._values,
        topics: server._topics,
        forget: (socket) => server._forget(socket),
      };
      this.#kinds.set(server, kind);
    }
    return kind;
  }
}

showsText(WebSocketRoute);

/** The 101 response, which starts the WebSocket. */
class Upgrade extends ActingResponse {
  override readonly status: number = 101;
  readonly #kind: Kind;
  readonly #protocol: string;
  readonly #terms: DeflateTerms | null;

  constructor(
    kind: Kind,
    headers: Record<string, string>,
    protocol: string,
    terms: DeflateTerms | null,
  ) {
    super(null, { headers });
    this.#kind = kind;
    this.#protocol = protocol;
    this.#terms = terms;
  }

  _act(exchange: Exchange): void {
    const { _connection: connection, _request: request } = exchange;
    const { _server: server, _loop: loop, _handle: handle, _generation: generation } = connection;
    const kind = this.#kind;
    const terms = this.#terms;
    if (connection._gone) {
      connection._abort();
      request._extras?.sent(null, null);
      connection._finish(exchange);
      return;
    }
    if (connection._closing || server._stopping) throw new HttpError(503);
    const { compression, maxMessageSize } = kind.limits;
    const flags =
      WEB_SOCKET_MASKED |
      (terms === null ? 0 : WEB_SOCKET_DEFLATE) |
      (kind.transient ? WEB_SOCKET_TRANSIENT : 0);
    connection._writeLatin1(`${server._heads.full(this, 'connection: upgrade\r\n')}\r\n`);
    exchange._answered = true;
    if (exchange._diagnostics !== null) exchange._diagnostics.status = 101;
    if (connection._rings.engine.upgrade(handle, generation, flags, maxMessageSize) < 0) {
      // The connection has just broken, which was not reported yet.
      connection._abort();
      request._extras?.sent(null, null);
      connection._finish(exchange);
      return;
    }
    const deflate =
      terms === null ? null : new Deflate(terms, kind.coders, compression!.level, maxMessageSize);
    const socket = new WebSocketConnection(loop, handle, generation, kind, this.#protocol, deflate);
    socket._inherit(connection);
    loop._unregister(handle);
    loop._register(handle, generation, socket);
    server._adopt(socket);
    connection._leave(exchange);
    socket._begin(request);
  }
}

function refused(status: number, text: string, headers: Record<string, string> = {}): Response {
  return new Response(text, { status, headers });
}

/** Starts `async` functions inside tasks, so that they can await what needs a running task. */
function inTasks(callbacks: Callbacks, server: HttpServer): Callbacks {
  const wrapped: Record<string, unknown> = {};
  for (const [name, callback] of Object.entries(callbacks)) {
    wrapped[name] =
      Object.prototype.toString.call(callback) === '[object AsyncFunction]'
        ? (...args: unknown[]) => server._loop._startTask(() => callback(...args))
        : callback;
  }
  return wrapped as unknown as Callbacks;
}

function checkProtocols(protocols: unknown): readonly string[] {
  if (!Array.isArray(protocols) || !protocols.every((one) => typeof one === 'string')) {
    throw new TypeError('websocket(): protocols must be an array of strings');
  }
  const wrong = protocols.find((one: string) => !TOKEN.test(one));
  if (wrong !== undefined) {
    throw new RangeError(`websocket(): ${quoted(wrong)} is no name of a protocol`);
  }
  return [...protocols];
}

function checkOrigins(origins: unknown): Origins | null {
  if (origins === undefined) return null;
  if (origins === 'same' || typeof origins === 'function') return origins as Origins;
  const list = Array.isArray(origins) ? (origins as unknown[]) : null;
  if (list === null || !list.every((one) => typeof one === 'string')) {
    throw new TypeError(
      `websocket(): origins must be 'same', an array of origins or a function, ` +
        `not ${describe(origins)}`,
    );
  }
  for (const one of list as string[]) {
    if (URL.canParse(one) && new URL(one).origin === one) continue;
    throw new RangeError(
      `websocket(): ${quoted(one)} is no origin, as 'https://example.com' is one`,
    );
  }
  return [...(list as string[])];
}
