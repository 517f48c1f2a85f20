/**
 * A connection of a server: it handles requests in order, one at a time. Pipelined requests wait in
 * a short queue. The socket is paused when the queue is full, when the handler does not read the
 * body, or when the peer does not read its responses.
 */
import type { Future } from '../../core/future/future.ts';
import { current } from '../../core/context/running.ts';
import {
  ADDRESS_PEER,
  COMPLETION_CHUNK,
  COMPLETION_LENGTH,
  COMPLETION_OFFSET,
  COMPLETION_OP_MESSAGE_BODY,
  COMPLETION_OP_MESSAGE_END,
  COMPLETION_OP_MESSAGE_FAILED,
  COMPLETION_OP_MESSAGE_HEAD,
  COMPLETION_OP_READABLE,
  COMPLETION_RESULT,
  SUBMISSION_OP_MESSAGE_GO_ON,
} from '../../native/layout.ts';
import { headChunk, holdChunk } from '../message/head-chunk.ts';
import { trailersAt } from '../message/received-trailers.ts';
import { HttpError } from '../message/http-error.ts';
import type { BodySource, IncomingBody } from '../message/incoming-body.ts';
import { MessageStream } from '../message/message-stream.ts';
import { refusal } from './error-response.ts';
import type { RateWatch } from './rate-watch.ts';
import { Exchange } from './exchange.ts';
import { Disconnected, Request } from './request.ts';
import type { HttpServer } from './server.ts';

/** How many pipelined requests may wait; reading continues when half of them were handled. */
const QUEUE_MAX = 32;
/** How many bytes of an unread body are skipped in order to keep the connection. */
const DRAIN_MAX = 1024 * 1024;
/**
 * How many bytes are skipped after our side was closed; then the connection is aborted, and the
 * response may be lost.
 */
const LINGER_BYTES = 64 * 1024 * 1024;

/** Reasons for which reading is paused, as bits. */
const HOLD_BODY = 1;
const HOLD_QUEUE = 2;
const HOLD_BACKLOG = 4;

export class ServerConnection extends MessageStream implements BodySource {
  readonly _server: HttpServer;
  /** The request in progress, with its response. */
  _current: Exchange | null = null;
  /** Whether the peer has closed its side or the connection is broken. */
  _gone = false;
  /** Whether the descriptor is closed. */
  _lost = false;
  /** Whether the current response is the last one, and no further request is handled. */
  _closing = false;
  /** Requests received before the current one was finished; null when there are none. */
  #queue: Request[] | null = null;
  /** The request whose body is arriving: the newest one. */
  #receiving: Request | null = null;
  #drained = 0;
  /**
   * The status for a message that the parser refused, sent after all responses before it; 0 for
   * none.
   */
  #refused = 0;
  #holds = 0;
  #ended = false;
  /** Whether the peer's bytes will not be read up to the end of a message. */
  #unread = false;
  /** The server's tick at the last activity. */
  #since: number;
  #served = 0;
  /** Measures whether bytes move fast enough; null without a `minRate`. */
  #rate: RateWatch | null;
  /** The server's tick when our side was closed. */
  #endedAt = 0;
  /** How many bytes the peer had not acknowledged, and how many it had, at the last check. */
  #unconfirmed = 0;
  #confirmed = 0;

  constructor(server: HttpServer, handle: number, generation: number) {
    super(server._loop, handle, generation);
    this._server = server;
    this.#since = server._tick;
    this.#rate = server._watchRate();
    this._startReading();
  }

  _complete(op: number, words: Int32Array, at: number): void {
    if (op === COMPLETION_OP_MESSAGE_HEAD) {
      this.#onHead(words[at + COMPLETION_CHUNK]!, words[at + COMPLETION_OFFSET]! >>> 2);
      return;
    }
    current.values = this._server._values;
    switch (op) {
      case COMPLETION_OP_MESSAGE_BODY:
        this.#onBody(
          words[at + COMPLETION_CHUNK]!,
          words[at + COMPLETION_OFFSET]!,
          words[at + COMPLETION_LENGTH]!,
        );
        return;
      case COMPLETION_OP_MESSAGE_END:
        return this.#onMessageEnd(trailersAt(this._loop, words, at));
      case COMPLETION_OP_MESSAGE_FAILED:
        return this.#onRefused(words[at + COMPLETION_RESULT]!);
      case COMPLETION_OP_READABLE:
        return this.#onReadable();
      default:
        return this._completeCommon(op, words, at);
    }
  }

  #onHead(slot: number, record: number): void {
    const request = new Request(this, headChunk(this._loop._chunk(slot)), record);
    if (this._closing) {
      this.#unread = true;
      return;
    }
    if (request._body !== null) this.#receiving = request;
    if (this._current !== null || this.#queue !== null || this.#holds !== 0) {
      const queue = (this.#queue ??= []);
      queue.push(request);
      holdChunk(request);
      if (queue.length >= QUEUE_MAX) this.#hold(HOLD_QUEUE);
      return;
    }
    this.#begin(request);
  }

  #begin(request: Request): void {
    // Context variables set by the previous handler must not be seen by this one.
    current.values = this._server._values;
    (this._current = new Exchange(this, request))._begin();
  }

  #onBody(slot: number, offset: number, length: number): void {
    this.#since = this._server._tick;
    const body = this.#receiving?._body ?? null;
    if (body === null || body.dropped) {
      this.#drop(length);
      return;
    }
    if (body.received + length > this.#maxBodySize()) {
      this.#drop(length);
      this.#failBody(new HttpError(413));
      return;
    }
    body._push(headChunk(this._loop._chunk(slot)).bytes.subarray(offset, offset + length));
  }

  /** More data is available for a body that is received directly into its own memory. */
  #onReadable(): void {
    if (this.#holds !== 0) return;
    const body = this.#receiving?._body ?? null;
    if (body === null) {
      // The direct receive was requested, but the body's last bytes had already arrived the usual
      // way.
      this._startReading();
      return;
    }
    const count = this._receiveInto(body);
    if (count === 0) return;
    this.#since = this._server._tick;
    if (body._received(count)) this.#onMessageEnd('');
  }

  _receiveBody(): void {
    const body = this.#receiving!._body!;
    // A body that is too large will be refused, so it needs no memory.
    if (this.#receiving!._declaredLength() > this.#maxBodySize()) body._direct = false;
    else if (this.#holds === 0) this._readOn(body);
  }

  #maxBodySize(): number {
    return this.#receiving!._extras?.maxBodySize ?? this._server._maxBodySize;
  }

  /**
   * Counts unwanted bytes: beyond a first limit our side is closed, beyond a second one the
   * connection is aborted.
   */
  #drop(length: number): void {
    this.#drained += length;
    if (!this.#ended) {
      if (this.#drained > DRAIN_MAX && this._current === null) this.#end();
    } else if (this.#drained > LINGER_BYTES) this._abort();
  }

  #onMessageEnd(trailers: string): void {
    const request = this.#receiving;
    this.#receiving = null;
    this.#drained = 0;
    this.#since = this._server._tick;
    this.#unhold(HOLD_BODY);
    request?._body?._end(trailers);
    if (this.#ended && !this.#unread && !this._lost) this._closeWhenSent();
  }

  /** The parser has refused a message, and parses nothing more of this connection. */
  #onRefused(status: number): void {
    if (this.#receiving !== null) {
      // A truncated body is refused as well; then the peer's end follows at once, and gives a
      // better error.
      this._loop.callSoon(() => {
        if (this.#receiving !== null) this.#failBody(new HttpError(status));
      });
      return;
    }
    this.#refused = status;
    this._advance();
  }

  /** Fails the body of the newest request, which is therefore the last request. */
  #failBody(error: unknown): void {
    const request = this.#receiving!;
    this.#receiving = null;
    this.#unread = true;
    request._lastOne = true;
    this.#unhold(HOLD_BODY);
    request._body!._fail(error);
    if (this._current === null && this.#queue === null) this.#end();
  }

  _onEnd(): void {
    this._gone = true;
    if (this.#receiving !== null) this.#failBody(new Disconnected());
    if (this.#ended) {
      this._closeWhenSent();
      return;
    }
    this._current?._abandon();
    this._advance();
  }

  override _drained(): void {
    this.#rate?.rest();
    this.#unhold(HOLD_BACKLOG);
    super._drained();
    this._advance();
  }

  _onFailed(): void {
    this._abort();
  }

  _onClosed(): void {
    this._gone = true;
    this._lost = true;
    if (this.#receiving !== null) this.#receiving._body!._fail(new Disconnected());
    this.#receiving = null;
    this.#queue = null;
    this._failDrain(new Disconnected());
    this._current?._lose();
    if (this._current === null) this._server._forget(this);
  }

  override toString(): string {
    return this._current?.toString() ?? 'HTTP connection';
  }

  /**
   * Detaches the connection after an upgrade: the handle now belongs to something else, and the
   * current exchange is over.
   */
  _leave(exchange: Exchange): void {
    const { _extras: extras } = exchange._request;
    exchange._request._leaveChunk();
    this._current = null;
    this.#queue = null;
    this.#holds = 0;
    this._gone = this._lost = this._closing = true;
    this._server._finished += 1;
    if (exchange._diagnostics !== null) exchange._tellFinish(exchange._diagnostics);
    if (extras !== null) {
      extras.sent(101, 0);
      extras.finished();
    }
    this._server._forget(this);
  }

  /** Cancels the handler of the current request. */
  _cancel(reason: string): void {
    this._current?._cancel(reason);
  }

  /**
   * Ends the current exchange; `_advance` starts the next one.
   * @param unsent - how many bytes are unsent, if the caller knows
   */
  _finish(exchange: Exchange, unsent: number = this._unsent()): void {
    const request = exchange._request;
    this._current = null;
    if (request._uploads !== null) request._uploads.remove();
    if (exchange._diagnostics !== null) exchange._tellFinish(exchange._diagnostics);
    if (request._extras !== null) request._extras.finished();
    this.#served += 1;
    this._server._finished += 1;
    this.#rate?.rest();
    this.#since = this._server._tick;
    if (this._lost) {
      this._server._forget(this);
      return;
    }
    if (request._lastOne || (this._gone && this.#queue === null)) this._closing = true;
    if (this._closing) this.#end();
    else if (request._body !== null && !request._body.complete) this.#leaveBody(request._body);
    else if (unsent > this._watermarks.high && this._isFull()) {
      this.#hold(HOLD_BACKLOG);
      this._notifyDrain();
    }
  }

  /**
   * The response was sent before the body was received: discard the rest, unless someone is reading
   * it.
   */
  #leaveBody(body: IncomingBody): void {
    if (!body.used) body._discard();
  }

  /**
   * Starts the next request, or does what else was postponed until the current one was finished.
   */
  _advance(): void {
    while (
      this._current === null &&
      this.#queue !== null &&
      !this._closing &&
      (this.#holds & HOLD_BACKLOG) === 0
    ) {
      const request = this.#queue.shift()!;
      if (this.#queue.length === 0) this.#queue = null;
      this.#begin(request);
    }
    if (this.#queue === null || this.#queue.length <= QUEUE_MAX / 2) this.#unhold(HOLD_QUEUE);
    if (this._current !== null || this.#queue !== null || this.#ended) return;
    if (this.#refused !== 0) this.#refuse();
    else if (this._gone || this._server._stopping) this.#end();
  }

  /** Responds to a message that could not be parsed, and closes. */
  #refuse(): void {
    const response = refusal(this.#refused);
    const head = this._server._heads.full(
      response,
      'connection: close\r\n' + `content-length: ${(response._body as string).length}\r\n\r\n`,
    );
    this._writeLatin1(head + (response._body as string));
    this._closing = true;
    this.#end();
  }

  /**
   * Closes when everything was sent. While the peer may still be sending, only our side is closed
   * at first: closing both would reset the connection and might destroy the response (RFC 9112,
   * 9.6). What still arrives is skipped, or goes to its reader.
   */
  #end(): void {
    if (this.#ended || this._lost) return;
    this.#ended = true;
    this._closing = true;
    this.#since = this.#endedAt = this._server._tick;
    if (this.#queue !== null) this.#unread = true;
    this.#queue = null;
    if (this.#refused !== 0) this.#unread = true;
    if (this._gone || (!this.#unread && this.#receiving === null)) {
      this._closeWhenSent();
      return;
    }
    this._shutdownWhenSent();
    this._server._lingers(this);
    // Among the unhandled requests there may be one to upgrade, at which the parser has paused.
    // Resume it, as otherwise the peer's end would never be seen.
    this._submit(SUBMISSION_OP_MESSAGE_GO_ON);
    const body = this.#receiving?._body ?? null;
    if (body !== null) this.#leaveBody(body);
    this.#unhold(body === null || body.dropped ? ~0 : ~HOLD_BODY);
  }

  /** Aborts the connection; unsent data is dropped. */
  _abort(): void {
    this._gone = true;
    this._closing = true;
    this.#ended = true;
    if (!this._lost) this._dropAndClose();
  }

  /** Called at each tick of the server: closes the connection after too long an inactivity. */
  _sweep(tick: number): void {
    if (this._lost) return;
    const server = this._server;
    if (this._unsent() !== 0 || this.#unconfirmed !== 0 || this.#ended || this._sendsFile) {
      if (this.#sends(tick)) return;
    } else if (this._current?._answered === true && tick % server._streamTicks === 0) {
      // A long response may be written in full to the kernel, which keeps it for long if the peer
      // is dead.
      if (this.#sends(tick)) return;
    }
    if (this.#rate !== null && this.#trickles(this.#rate, tick)) return;
    const silent = tick - this.#since;
    if (this.#ended) {
      if (silent > server._lingerTicks || tick - this.#endedAt > server._lingerTicksMost) {
        this._abort();
      }
    } else if (this._current === null) this.#sweepIdle(tick, silent);
    else if (
      this.#receiving !== null &&
      silent > server._bodyTicks &&
      this.#holds === 0 &&
      this.#receiving._body!._wanted
    ) {
      this.#failBody(new HttpError(408, 'request body timed out'));
    }
  }

  /** Whether the body that a handler waits for is too slow; if so, fails it. */
  #trickles(rate: RateWatch, tick: number): boolean {
    const body = this.#receiving?._body ?? null;
    if (body === null || this.#holds !== 0 || body.dropped || !body._wanted) rate.rest();
    else if (rate.isSlow(body.received, tick)) {
      this.#failBody(new HttpError(408, 'request body came too slowly'));
      return true;
    }
    return false;
  }

  #sweepIdle(tick: number, silent: number): void {
    const { _headerTicks, _keepAliveTicks, _bodyTicks } = this._server;
    if (this.#receiving !== null) {
      if (silent <= _bodyTicks) return;
      const body = this.#receiving._body!;
      if (!body.dropped) this.#failBody(new HttpError(408, 'request body timed out'));
      else this.#end();
    } else if (silent > (this.#served === 0 ? _headerTicks : _keepAliveTicks)) {
      // The peer may still be reading a long response from the kernel's buffer.
      if (!this.#sends(tick)) this.#end();
    }
  }

  /**
   * Whether bytes are waiting for the peer. Acknowledged bytes count as activity; that more is
   * waiting than before does not, since that only means that more was written.
   */
  #sends(tick: number): boolean {
    const { engine } = this._rings;
    const left =
      engine.unconfirmed(this._handle, this._generation) +
      (this._outbox === null ? 0 : this._outbox.size);
    const begins = this.#unconfirmed === 0;
    this.#unconfirmed = left;
    if (left === 0) return false;
    const taken = engine.confirmed(this._handle, this._generation);
    if (begins || taken > this.#confirmed) this.#since = tick;
    this.#confirmed = taken;
    // While the kernel accepts everything at once, the handler may be the slow side, so the rate is
    // not measured; but of a file there is always more to send.
    const isMeasured = this._outbox !== null || this._current === null || this._sendsFile;
    const isSlow = isMeasured && this.#rate !== null && this.#rate.isSlow(taken, tick);
    if (isSlow || tick - this.#since > this._server._sendTicks) this._abort();
    return true;
  }

  /** Closes the connection now if it is idle, otherwise after the current response. */
  _stop(): void {
    if (this._current === null && this.#queue === null) this.#end();
  }

  /** How many requests are not finished yet. */
  get _pending(): number {
    return (this._current === null ? 0 : 1) + (this.#queue === null ? 0 : this.#queue.length);
  }

  /** Whether the request is not finished, so that its head is still needed. */
  _awaits(request: Request<any>): boolean {
    return (
      request === this._current?._request || (this.#queue !== null && this.#queue.includes(request))
    );
  }

  /** Whether the connection may be kept after the response to this request. */
  _mayKeep(request: Request): boolean {
    return (
      !this._closing &&
      !request._lastOne &&
      (request._body === null || drains(request)) &&
      !(this._gone && this.#queue === null) &&
      !((this._server._stopping || this._server._leaving) && this.#queue === null)
    );
  }

  override _drain(): Future<void> | null {
    const drained = super._drain();
    if (drained !== null) this.#hold(HOLD_BACKLOG);
    return drained;
  }

  _resumeBody(): void {
    const exchange = this._current;
    if (exchange !== null && exchange._request === this.#receiving) exchange._askForBody();
    this.#since = this._server._tick;
    this.#unhold(HOLD_BODY);
  }

  _pauseBody(): void {
    this.#hold(HOLD_BODY);
  }

  _peer(): string | null {
    const end = this._rings.engine.address(this._handle, this._generation, ADDRESS_PEER);
    return typeof end === 'number' ? null : end[0];
  }

  #hold(reason: number): void {
    if (this.#holds === 0) this._stopReading();
    this.#holds |= reason;
  }

  #unhold(reason: number): void {
    if (this.#holds === 0) return;
    this.#holds &= ~reason;
    if (this.#holds === 0) this._readOn(this.#receiving?._body ?? null);
  }
}

/**
 * Whether what is left of the body is short enough to be skipped, so that the next request can
 * follow.
 */
function drains(request: Request): boolean {
  const body = request._body!;
  if (body.complete || body.used) return true;
  const length = request._declaredLength();
  return length === Infinity || length - body.received <= DRAIN_MAX;
}
