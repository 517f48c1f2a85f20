/** Tunnels through a proxy to a server: CONNECT (RFC 9110, 9.3.6). */
import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Future } from '../../core/future/future.ts';
import type { Coro } from '../../core/support/types.ts';
import type { Connected } from '../../io/connect-race.ts';
import { discard } from '../../io/native-stream.ts';
import {
  HEAD_REASON_LENGTH,
  HEAD_REASON_OFFSET,
  SUBMISSION_OP_MESSAGE_METHOD,
} from '../../native/layout.ts';
import type { Secured } from '../../tls/secured.ts';
import { AnswerStream } from './answer-stream.ts';
import type { Making } from './connection-pool.ts';
import type { ConnectContext } from './connect.ts';
import { ClientHttpProxyError, ClientProxyConnectionError } from './errors.ts';
import type { HeadChunk } from '../message/head-chunk.ts';
import type { RequestTarget } from './request-target.ts';
import type { Proxy } from './via.ts';

/** Tells the parser that the response has no body, as for HEAD; that is true for CONNECT too. */
const WITHOUT_BODY = 1;

interface Answer {
  status: number;
  reason: string;
}

/** The connection to the proxy until the tunnel is open. */
class Tunnel extends AnswerStream implements Making {
  readonly winner: Future<Answer>;
  readonly _peer = 'the proxy';
  readonly #proxy: RequestTarget;
  #closed = false;

  constructor(
    loop: EventLoop,
    { handle, generation }: Connected,
    proxy: RequestTarget,
    security: Secured | null,
  ) {
    super(loop, handle, generation);
    this.#proxy = proxy;
    this._security = security;
    this.winner = loop.createFuture<Answer>();
    loop._register(handle, generation, this);
  }

  ask(head: string): void {
    this._submit(SUBMISSION_OP_MESSAGE_METHOD, WITHOUT_BODY);
    this._writeLatin1(head);
    this._startReading();
  }

  /** Whether nothing came after the response; it would be taken for bytes of the server. */
  quiet(): boolean {
    return !this.#closed && this._rings.engine.quiet(this._handle, this._generation, false);
  }

  /** Gives up the handle to its next owner. */
  leave(): void {
    this._loop._unregister(this._handle);
  }

  drop(): void {
    if (!this.#closed) discard(this._loop, this._handle, this._generation);
  }

  /** An error of the proxy. */
  error(cause: Error | string): Error {
    const { hostname, port } = this.#proxy;
    const given = typeof cause === 'string' ? new Error(cause) : cause;
    return new ClientProxyConnectionError(hostname, port, given);
  }

  fail(error: Error): void {
    if (!this.winner.done()) this.winner.setException(error);
  }

  _onHead(chunk: HeadChunk, record: number, status: number): void {
    const length = chunk.words[record + HEAD_REASON_LENGTH]!;
    const reason = chunk.text(record, chunk.words[record + HEAD_REASON_OFFSET]!, length);
    if (!this.winner.done()) this.winner.setResult({ status, reason });
  }

  _onBody(): void {}

  _onMessageEnd(): void {}

  _onRefused(message: string): void {
    this.fail(this.error(message));
  }

  _onEnd(): void {
    this.fail(this.error('the proxy has closed the connection before it answered'));
  }

  _onFailed(cause: Error): void {
    this.fail(this.error(cause));
    this._dropAndClose();
  }

  _onClosed(): void {
    this.#closed = true;
    this._onEnd();
  }
}

/**
 * Opens a tunnel to the server on a connection to a proxy. On failure or cancel, the connection is
 * closed.
 * @throws ClientHttpProxyError when the proxy refuses; ClientProxyConnectionError
 */
export function* openTunnel(
  { loop, pool, limits }: ConnectContext,
  { hostname, port }: RequestTarget,
  proxy: Proxy,
  connected: Connected,
  security: Secured | null,
): Coro<void> {
  const tunnel = new Tunnel(loop, connected, proxy.target, security);
  let open = false;
  try {
    const authority = hostname.includes(':') ? `[${hostname}]:${port}` : `${hostname}:${port}`;
    tunnel.ask(
      `CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\n${proxy.headers._lines()}\r\n`,
    );
    const { status, reason } = (yield* limits.under(pool.racing(tunnel))) as Answer;
    if (status < 200 || status > 299) {
      throw new ClientHttpProxyError(proxy.target.href, status, reason);
    }
    if (!tunnel.quiet()) throw tunnel.error('the proxy has sent more than its answer');
    tunnel.leave();
    open = true;
  } finally {
    if (!open) tunnel.drop();
  }
}
