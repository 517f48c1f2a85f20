/** WebSockets of a client: the handshake, after which the connection leaves the pool. */
import { captureValues } from '../../core/context/running.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import { checkOptions } from '../../core/support/options.ts';
import type { Coro } from '../../core/support/types.ts';
import { HEAD_STATUS, WEB_SOCKET_DEFLATE } from '../../native/layout.ts';
import type { Tls } from '../../tls/context.ts';
import { TOKEN } from '../message/grammar.ts';
import type { HeadersInit, ReadonlyHeaders } from '../message/headers.ts';
import { describe } from '../message/outgoing-body.ts';
import { WebSocketConnection } from '../websocket/connection.ts';
import { Deflate, SharedCoders } from '../websocket/deflate.ts';
import type { DeflateTerms } from '../websocket/deflate.ts';
import { acceptOf, agreedTo, hasWord, offerOf } from '../websocket/negotiate.ts';
import { Pulse } from '../websocket/pulse.ts';
import { checkLimits, LIMIT_NAMES } from '../websocket/settings.ts';
import type { Callbacks, CheckedLimits, Kind, WebSocketLimits } from '../websocket/settings.ts';
import type { ConnectionPool } from './connection-pool.ts';
import type { ResponseHead } from './response-head.ts';
import { connectionFor } from './connect.ts';
import { Deadlines } from './deadlines.ts';
import { WebSocketHandshakeError } from './errors.ts';
import type { SessionSettings } from './options.ts';
import { NO_OPTIONS, routeOf } from './options.ts';
import type { OutgoingRequest, QueryInit } from './request.ts';
import { buildRequest } from './request.ts';
import { RequestLimits } from './request-limits.ts';
import { ClientResponse } from './response.ts';
import { clientContext } from './secure.ts';
import { keyOf, wireOf } from './sending.ts';
import type { ClientTimeoutInit } from './timeout.ts';
import { ClientTimeout } from './timeout.ts';

/** Options of a client's WebSocket. */
export interface ClientWebSocketOptions extends WebSocketLimits {
  /** Sub-protocols to offer, the preferred one first. */
  protocols?: readonly string[];
  /** Headers of the handshake request, except those that make up the handshake itself. */
  headers?: HeadersInit | ReadonlyHeaders;
  /** Added to the query of the URL. */
  params?: QueryInit;
  /** Of the handshake; the same as for a request, in place of the session's. */
  timeout?: ClientTimeout | ClientTimeoutInit | string | number | null;
  /** TLS for `wss:`, in place of the session's. */
  tls?: Exclude<Tls, false>;
  /**
   * Aborting it ends the handshake with an AbortError; to end an open WebSocket, use its `abort`.
   */
  signal?: AbortSignal | null;
}

const OPTIONS = ['protocols', 'headers', 'params', 'timeout', 'tls', 'signal', ...LIMIT_NAMES];

/** What a WebSocket is opened for: a session, or a single call. */
export interface WebSocketOwner {
  readonly loop: EventLoop;
  readonly pool: ConnectionPool;
  readonly settings: SessionSettings;
  /** The open WebSockets. */
  readonly sockets: Set<WebSocketConnection>;
}

/**
 * Performs the handshake of a WebSocket.
 * @throws (awaited) as a request; WebSocketHandshakeError when the server refuses the upgrade
 */
export function* openWebSocket(
  owner: WebSocketOwner,
  where: string,
  url: string | URL,
  options: ClientWebSocketOptions,
  callbacks: Callbacks,
): Coro<WebSocketConnection> {
  checkOptions(where, options, OPTIONS);
  const { loop, pool, settings } = owner;
  const limitsOfSocket = checkLimits(where, options);
  const protocols = checkProtocols(where, options.protocols ?? []);
  const key = Buffer.from(globalThis.crypto.getRandomValues(new Uint8Array(16))).toString('base64');
  const request = handshake(url, options, settings, protocols, key, limitsOfSocket);
  const timeout =
    options.timeout === undefined ? settings.timeout : ClientTimeout.from(options.timeout);
  const limits = new RequestLimits(loop);
  const own = options.tls === undefined ? null : clientContext(where, options.tls);
  const tls = own === null ? settings.tls : () => own;
  const { connector } = settings;
  // A proxy passes on an upgrade only through a tunnel (RFC 6455, 4.1).
  const context = { loop, pool, timeout, limits, connector, tls, tunnels: true, trace: null };
  settings.environment?.authorize(request);
  const { target } = request;
  const via = routeOf(settings, NO_OPTIONS)?.(target) ?? null;
  const wire = wireOf(settings, request, via, true);
  const origin = keyOf({ tls }, request, via);
  const values = captureValues();
  try {
    limits.follow(options.signal);
    limits.limitTotal(timeout.total === null ? null : new Deadlines(loop, timeout.total));
    request._begin();
    const connection = yield* connectionFor(context, { target, via, origin }, true, true);
    let open = false;
    try {
      limits.check();
      limits.handTo(connection);
      const head = yield* connection._exchange(wire, timeout.sockRead, true);
      limits.check();
      const response = new ClientResponse(
        connection,
        head,
        'GET',
        request.target.href,
        [],
        true,
        settings.maxDecoded,
      );
      const agreed = judge(head, response, key, protocols, limitsOfSocket);
      const kind = kindOf(owner, limitsOfSocket, callbacks, values);
      const { compression, maxMessageSize } = limitsOfSocket;
      const { terms, protocol } = agreed;
      connection._leave(terms === null ? 0 : WEB_SOCKET_DEFLATE, maxMessageSize);
      open = true;
      const deflate =
        terms === null ? null : new Deflate(terms, kind.coders, compression!.level, maxMessageSize);
      const { _handle: handle, _generation: generation } = connection;
      const socket = new WebSocketConnection(loop, handle, generation, kind, protocol, deflate);
      socket._inherit(connection);
      loop._unregister(handle);
      loop._register(handle, generation, socket);
      owner.sockets.add(socket);
      socket._begin(undefined);
      return socket;
    } finally {
      limits.handTo(null);
      if (!open) connection._abort(null);
    }
  } finally {
    limits.release();
  }
}

function handshake(
  url: string | URL,
  { headers, params }: ClientWebSocketOptions,
  settings: SessionSettings,
  protocols: readonly string[],
  key: string,
  { compression }: CheckedLimits,
): OutgoingRequest {
  const text = typeof url === 'string' ? url : url instanceof URL ? url.href : url;
  const address = typeof text === 'string' ? text.replace(/^ws(s?):/i, 'http$1:') : text;
  const request = buildRequest(
    'GET',
    address,
    { ...(headers === undefined ? {} : { headers }), ...(params === undefined ? {} : { params }) },
    settings.defaults,
  );
  for (const name of ['connection', 'upgrade', 'sec-websocket-key', 'sec-websocket-accept']) {
    if (request.headers.has(name)) throw new TypeError(`headers: ${name} is part of the handshake`);
  }
  const own = request.headers._copy();
  own.set('connection', 'Upgrade');
  own.set('upgrade', 'websocket');
  own.set('sec-websocket-version', '13');
  own.set('sec-websocket-key', key);
  if (protocols.length > 0) own.set('sec-websocket-protocol', protocols.join(', '));
  if (compression !== null) {
    own.set('sec-websocket-extensions', offerOf(compression.contextTakeover));
  }
  return request.withHeaders(own);
}

interface Agreed {
  protocol: string;
  terms: DeflateTerms | null;
}

function judge(
  { chunk, record, headers }: ResponseHead,
  response: ClientResponse,
  key: string,
  protocols: readonly string[],
  { compression }: CheckedLimits,
): Agreed {
  const refuse = (why: string): never => {
    throw new WebSocketHandshakeError(response, why);
  };
  if (chunk.word(record, HEAD_STATUS) !== 101) refuse('the server grants no WebSocket');
  if (
    !hasWord(headers.get('upgrade'), 'websocket') ||
    !hasWord(headers.get('connection'), 'upgrade')
  ) {
    refuse('the server changes to another protocol');
  }
  if (headers.get('sec-websocket-accept') !== acceptOf(key)) {
    refuse('the server gives no answer to the key');
  }
  const protocol = headers.get('sec-websocket-protocol') ?? '';
  if (protocol !== '' && !protocols.includes(protocol)) {
    refuse(`the server wants a sub-protocol that was not offered: ${protocol}`);
  }
  const takeover = compression === null ? null : compression.contextTakeover;
  try {
    return { protocol, terms: agreedTo(headers.get('sec-websocket-extensions'), takeover) };
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function kindOf(
  owner: WebSocketOwner,
  limits: CheckedLimits,
  callbacks: Callbacks,
  values: Kind['values'],
): Kind {
  return {
    limits,
    callbacks,
    masks: true,
    transient: false,
    coders: new SharedCoders(),
    pulse: limits.idleTimeout === null ? null : new Pulse(owner.loop, limits.idleTimeout),
    values,
    topics: null,
    forget: (socket) => void owner.sockets.delete(socket),
  };
}

function checkProtocols(where: string, protocols: unknown): readonly string[] {
  if (!Array.isArray(protocols) || !protocols.every((one) => typeof one === 'string')) {
    throw new TypeError(
      `${where}: protocols must be an array of strings, not ${describe(protocols)}`,
    );
  }
  const wrong = protocols.find((one: string) => !TOKEN.test(one));
  if (wrong !== undefined || new Set(protocols).size !== protocols.length) {
    const given = JSON.stringify(wrong ?? protocols);
    throw new RangeError(`${where}: protocols must be different names, not ${given}`);
  }
  return [...protocols];
}
