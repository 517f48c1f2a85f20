/**
 * One request for an application of `node:http`: the application gets Node's own IncomingMessage
 * and ServerResponse, over a socket object that wraps our connection. So they behave as on Node,
 * and the bytes that ServerResponse writes are sent unchanged.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

import { HEAD_EXPECT_CONTINUE, HEAD_KEEP_ALIVE } from '../../native/layout.ts';
import type { Exchange } from '../server/exchange.ts';
import type { ServerConnection } from '../server/server-connection.ts';
import { incomingOf } from './node-incoming.ts';
import type { Incoming } from './node-incoming.ts';
import { NodeSocket } from './node-socket.ts';
import type { Served } from './node-socket.ts';

/** The listener of a `node:http` server, called for each request. */
export type NodeListener = (request: IncomingMessage, response: ServerResponse) => unknown;

type Http = typeof import('node:http');

/** What Node's class has that its types do not tell. */
interface Outgoing extends ServerResponse {
  _last: boolean;
  _closed: boolean;
  destroyed: boolean;
}

/** The symbol of Node's flag that a writer waits for 'drain'; looked up on first use. */
let needDrain: symbol | undefined;

const sockets = new WeakMap<ServerConnection, NodeSocket>();

function socketOf(connection: ServerConnection): NodeSocket {
  let socket = sockets.get(connection);
  if (socket === undefined) sockets.set(connection, (socket = new NodeSocket(connection)));
  return socket;
}

export class NodeExchange implements Served {
  readonly incoming: Incoming;
  readonly outgoing: Outgoing;
  readonly #exchange: Exchange;
  readonly #connection: ServerConnection;
  readonly #socket: NodeSocket;
  #feeding = false;
  #over = false;

  constructor(http: Http, exchange: Exchange) {
    const { _request: request, _connection: connection } = exchange;
    const socket = socketOf(connection);
    this.#exchange = exchange;
    this.#connection = connection;
    this.#socket = socket;
    socket.served = this;
    const incoming = incomingOf(http, request, request._rawHeaders(), socket);
    this.incoming = incoming;
    const outgoing = new http.ServerResponse(incoming) as unknown as Outgoing;
    this.outgoing = outgoing;
    const isKept = (request._flags & HEAD_KEEP_ALIVE) !== 0 && connection._mayKeep(request);
    outgoing.shouldKeepAlive = isKept;
    outgoing.assignSocket(socket as never);
    outgoing.on('finish', () => this.#finish());
    // Aborted when the client disconnects; a real signal is created only if it is requested.
    request._abort = new GoneSignal(() => socket._gone());
    if (connection._gone) process.nextTick(() => socket._gone());
    if (request._body === null) {
      incoming.complete = true;
      incoming.push(null);
    } else if ((request._flags & HEAD_EXPECT_CONTINUE) !== 0) {
      request._continued = true;
      outgoing.writeContinue();
    }
  }

  /** The first byte of the response is sent: errors can no longer be answered. */
  begin(): void {
    // `100 Continue` and `103 Early Hints` are not the response.
    if (this.outgoing.headersSent) this.#exchange._answered = true;
  }

  /**
   * Calls the application. An error that it throws, or rejects with, is handled as that of any
   * handler.
   */
  call(listener: NodeListener): void {
    try {
      const result = listener(this.incoming, this.outgoing);
      if (result instanceof Promise) result.catch((error: unknown) => this.#fail(error));
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const exchange = this.#exchange;
    if (this.#over) {
      exchange._report(error);
      return;
    }
    this.#over = true;
    this.#socket.served = null;
    this.outgoing.detachSocket(this.#socket as never);
    exchange._onError(error);
  }

  /** There is room again after a `write` that returned false: emits 'drain'. */
  drained(): void {
    const outgoing = this.outgoing as Outgoing & Record<symbol, unknown>;
    needDrain ??= Object.getOwnPropertySymbols(outgoing).find(
      ({ description }) => description === 'kNeedDrain',
    );
    if (outgoing.writableEnded || !outgoing.writableNeedDrain) return;
    if (needDrain !== undefined) outgoing[needDrain] = false;
    outgoing.emit('drain');
  }

  /** Reads the body as long as the stream has room. */
  feed(): void {
    if (this.#feeding || this.#over || this.incoming.complete || this.incoming.destroyed) return;
    this.#feeding = true;
    const body = this.#exchange._request.body;
    const reading = body.read();
    reading.addDoneCallback(() => {
      this.#feeding = false;
      if (this.incoming.destroyed) return;
      const error = reading.cancelled() ? null : reading.exception();
      if (error !== null) {
        this.incoming.destroy(error as Error);
        return;
      }
      const piece = reading.result();
      if (piece === null) {
        this.incoming.complete = true;
        this.incoming.push(null);
      } else if (this.incoming.push(piece)) this.feed();
    });
  }

  /** The client has disconnected, or the application has destroyed the socket. */
  drop(): void {
    if (this.#over) return;
    const { incoming, outgoing } = this;
    this.#end();
    if (!incoming.complete || !incoming.readableEnded) incoming.destroy(aborted());
    outgoing.destroyed = true;
    outgoing._closed = true;
    this.#connection._abort();
    process.nextTick(() => outgoing.emit('close'));
    this.#leave();
  }

  /** The whole response was written. */
  #finish(): void {
    if (this.#over) return;
    const { incoming, outgoing } = this;
    this.#end();
    if (outgoing._last || !outgoing.shouldKeepAlive) this.#connection._closing = true;
    if (!incoming._consuming) incoming._dump();
    outgoing.detachSocket(this.#socket as never);
    outgoing.destroyed = true;
    outgoing._closed = true;
    process.nextTick(() => outgoing.emit('close'));
    this.#leave();
  }

  #end(): void {
    this.#over = true;
    this.#exchange._answered = true;
    this.#socket.served = null;
    const { _diagnostics: diagnostics, _request: request } = this.#exchange;
    const { headersSent, statusCode } = this.outgoing;
    if (diagnostics !== null) diagnostics.status = statusCode;
    request._extras?.sent(headersSent ? statusCode : null, null);
  }

  #leave(): void {
    const connection = this.#connection;
    if (connection._current !== this.#exchange) return;
    connection._finish(this.#exchange);
    // The next pipelined request starts in a turn of the loop, so that its handler has a running
    // loop.
    if (connection._pending === 0) connection._advance();
    else connection._loop.callSoon(() => connection._advance());
  }
}

/**
 * Used as the AbortController of a request; creates a real one only on demand, since most
 * applications listen to events.
 */
class GoneSignal {
  readonly #onAbort: () => void;
  #real: AbortController | null = null;

  constructor(onAbort: () => void) {
    this.#onAbort = onAbort;
  }

  get signal(): AbortSignal {
    return (this.#real ??= new AbortController()).signal;
  }

  abort(reason: unknown): void {
    this.#real?.abort(reason);
    this.#onAbort();
  }
}

function aborted(): Error {
  return Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
}
