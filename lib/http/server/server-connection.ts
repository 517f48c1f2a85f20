/**
 * One connection of a server: requests in, in order, one at a time; responses out. Pipelined
 * requests wait in a short queue, and the socket is paused when the queue is full, when the
 * handler does not read the body, or when the peer does not read its answers.
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

/** Pipelined requests that may wait; reading goes on when half of them are answered. */
const QUEUE_MAX = 32;
/** What may be left of a body that nobody reads for the connection to stay. */
const DRAIN_MAX = 1024 * 1024;
/** What is dropped of it otherwise, after our side was closed: then the answer is lost. */
const LINGER_BYTES = 64 * 1024 * 1024;

/** Why reading is paused. */
const HOLD_BODY = 1;
const HOLD_QUEUE = 2;
const HOLD_BACKLOG = 4;

export class ServerConnection extends MessageStream implements BodySource {
  readonly _server: HttpServer;
  /** The request that is being answered, with its answer. */
  _current: Exchange | null = null;
  /** The peer has closed its side or the connection is broken. */
  _gone = false;
  /** The descriptor is closed. */
  _lost = false;
  /** No request is taken any more: the current response is the last one. */
  _closing = false;
  /** Requests that came before the current one was answered; made when there is one. */
  #queue: Request[] | null = null;
  /** The request whose body is arriving: the newest one. */
  #receiving: Request | null = null;
  #drained = 0;
  /** Status to answer once everything before the refused message is answered. */
  #refused = 0;
  #holds = 0;
  #ended = false;
  /** Bytes of the peer will not be read to the end of a message. */
  #unread = false;
  /** The server's tick when something last happened here. */
  #since: number;
  #served = 0;
  /** Whether bytes move fast enough; null where nobody asks for that. */
  #rate: RateWatch | null;
  /** The server's tick when our side was closed. */
  #endedAt = 0;
  /** Bytes that the peer had not confirmed, and those it had, when that was last looked at. */
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
    // What the handler before it has set is not for this one.
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

  /** There is more of a body that is received into its own memory. */
  #onReadable(): void {
    if (this.#holds !== 0) return;
    const body = this.#receiving?._body ?? null;
    if (body === null) {
      // It was asked for while its last bytes came as those before.
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
    // Of what goes beyond, nothing is kept.
    if (this.#receiving!._declaredLength() > this.#maxBodySize()) body._direct = false;
    else if (this.#holds === 0) this._readOn(body);
  }

  #maxBodySize(): number {
    return this.#receiving!._extras?.maxBodySize ?? this._server._maxBodySize;
  }

  /** Unwanted bytes: so many may come, then the peer is asked to stop, then it has to. */
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

  /** The parser takes no more bytes of this connection. */
  #onRefused(status: number): void {
    if (this.#receiving !== null) {
      // A body that was cut off is refused too, and then the end follows at once and says more.
      this._loop.callSoon(() => {
        if (this.#receiving !== null) this.#failBody(new HttpError(status));
      });
      return;
    }
    this.#refused = status;
    this._advance();
  }

  /** The body of the newest request cannot be read to its end, so it is the last request. */
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

  /** The current exchange is the last: the connection has become something else by now. */
  _leave(exchange: Exchange): void {
    exchange._request._leaveChunk();
    this._current = null;
    this.#queue = null;
    this.#holds = 0;
    this._gone = this._lost = this._closing = true;
    this._server._finished += 1;
    if (exchange._diagnostics !== null) exchange._tellFinish(exchange._diagnostics);
    this._server._forget(this);
  }

  /** Stops what runs for the current request. */
  _cancel(reason: string): void {
    this._current?._cancel(reason);
  }

  /**
   * The current exchange is over; what follows is up to `_advance`.
   * @param unsent - bytes that are, when the caller knows that
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

  /** The answer is out before the body is in: a reader goes on with it, else it is dropped. */
  #leaveBody(body: IncomingBody): void {
    if (!body.used) body._discard();
  }

  /** Takes the next request, or whatever else waits for the current one to be done. */
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

  /** Answers a message that could not be read, and closes. */
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
   * Closes when everything is sent. While the peer may still be sending, only our side is closed
   * first: closing both would reset the connection and destroy the answer on its way (RFC 9112,
   * 9.6). What still comes is dropped, or goes to its reader.
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
    // A request to leave HTTP may stand among what is not answered any more. It holds what follows
    // it, and so the end of the peer, until it is known that nothing else is spoken.
    this._submit(SUBMISSION_OP_MESSAGE_GO_ON);
    const body = this.#receiving?._body ?? null;
    if (body !== null) this.#leaveBody(body);
    this.#unhold(body === null || body.dropped ? ~0 : ~HOLD_BODY);
  }

  /** Drops the connection with everything unsent. */
  _abort(): void {
    this._gone = true;
    this._closing = true;
    this.#ended = true;
    if (!this._lost) this._dropAndClose();
  }

  /** Called at each tick of the server: closes where nothing has moved for too long. */
  _sweep(tick: number): void {
    if (this._lost) return;
    const server = this._server;
    if (this._unsent() !== 0 || this.#unconfirmed !== 0 || this.#ended || this._sendsFile) {
      if (this.#sends(tick)) return;
    } else if (this._current?._answered === true && tick % server._streamTicks === 0) {
      // Of an answer that goes on, what a dead peer does not take stays with the kernel for long.
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

  /** Whether the body that a handler waits for comes too slowly; then that is its end. */
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
      // The kernel may have a long answer that the peer is still reading.
      if (!this.#sends(tick)) this.#end();
    }
  }

  /**
   * Whether bytes wait for the peer. It lives while it takes some, or sends some; that more waits
   * than before is only what was written meanwhile, and no sign of it.
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
    // While all that is written goes to the kernel, its writer may be the slow one; but of a file
    // there is always more to send.
    const isMeasured = this._outbox !== null || this._current === null || this._sendsFile;
    const isSlow = isMeasured && this.#rate !== null && this.#rate.isSlow(taken, tick);
    if (isSlow || tick - this.#since > this._server._sendTicks) this._abort();
    return true;
  }

  /** Closes at the next chance: now when idle, else after the current response. */
  _stop(): void {
    if (this._current === null && this.#queue === null) this.#end();
  }

  /** Requests that are not answered yet. */
  get _pending(): number {
    return (this._current === null ? 0 : 1) + (this.#queue === null ? 0 : this.#queue.length);
  }

  /** Whether the request is still to be answered, so its head is needed. */
  _awaits(request: Request<any>): boolean {
    return (
      request === this._current?._request || (this.#queue !== null && this.#queue.includes(request))
    );
  }

  /** Whether the connection may live on after the response to this request. */
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

/** Whether what is left of the body may be waited for, so that the next request can come. */
function drains(request: Request): boolean {
  const body = request._body!;
  if (body.complete || body.used) return true;
  const length = request._declaredLength();
  return length === Infinity || length - body.received <= DRAIN_MAX;
}
