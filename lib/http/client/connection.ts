/**
 * One client connection: a request out, its response in, then the next. The pool decides who uses
 * it; that request may `_abort` it at any time, which ends every wait on it.
 */
import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Future } from '../../core/future/future.ts';
import type { Task } from '../../core/task/task.ts';
import {
  HEAD_FLAGS,
  HEAD_HAS_BODY,
  HEAD_HAS_LENGTH,
  HEAD_KEEP_ALIVE,
  HEAD_LENGTH_HIGH,
  HEAD_LENGTH_LOW,
  SUBMISSION_OP_MESSAGE_METHOD,
} from '../../native/layout.ts';
import type { Connected } from '../../io/connect-race.ts';
import { AnswerStream } from './answer-stream.ts';
import {
  ClientConnectionError,
  ClientPayloadError,
  ServerDisconnectedError,
  SocketTimeoutError,
} from './errors.ts';
import type { OutgoingRequest, RequestFraming } from './request.ts';
import { requestHead } from './request.ts';
import type { HeadChunk } from '../message/head-chunk.ts';
import type { BodySource, IncomingBody } from '../message/incoming-body.ts';
import type { OutgoingBody } from '../message/outgoing-body.ts';
import { isStream } from '../message/outgoing-body.ts';
import { dropPieces, pumpBody } from '../message/pump-body.ts';
import type { ReceivedHeaders } from '../message/received-headers.ts';
import { ResponseHead } from './response-head.ts';
import type { RequestTrace } from './trace.ts';
import { watched } from './upload.ts';

/**
 * How many bytes of an unwanted body are read, and for how many seconds, to keep the connection.
 */
const DRAIN_MAX = 64 * 1024;
const DRAIN_SECONDS = 1;

/**
 * Seconds to wait for an answer to `Expect: 100-continue` before the body is sent anyway: the
 * server may not support it (RFC 9110, 10.1.1).
 */
const EXPECT_SECONDS = 1;

/** Owns connections: hands them out and gets them back. */
export interface ConnectionOwner {
  /** The exchange is over. Unless `reusable`, the connection is closing. */
  _returned(connection: ClientConnection, reusable: boolean): void;
  /** The rest of the response is unwanted: the connection may be dropped to free its slot. */
  _draining(connection: ClientConnection): void;
  /** The connection was upgraded and no longer belongs to the owner; its slot is free. */
  _left(connection: ClientConnection): void;
  /** The descriptor is closed. */
  _closed(connection: ClientConnection): void;
}

/** Waits for the head of a response. */
export interface Asker {
  /** Whether it has given up waiting. */
  done(): boolean;
  /** The head has arrived; the part of the body that was received with it follows. */
  _answered(head: ResponseHead): void;
  /** There will be no response. @param error - null when the connection was dropped on request */
  _unanswered(error: Error | null): void;
  /** The response is complete; the connection may already serve another request. */
  _completed(): void;
}

/** An asker with a future, for coroutines. */
class Waiting implements Asker {
  readonly head: Future<ResponseHead>;

  constructor(loop: EventLoop) {
    this.head = loop.createFuture<ResponseHead>();
  }

  done(): boolean {
    return this.head.done();
  }

  _answered(head: ResponseHead): void {
    this.head.setResult(head);
  }

  _unanswered(error: Error | null): void {
    if (this.head.done()) return;
    if (error === null) this.head.cancel();
    else this.head.setException(error);
  }

  _completed(): void {}
}

export class ClientConnection extends AnswerStream implements BodySource {
  readonly _peer = 'the server';
  readonly _origin: string;
  /**
   * Exchanges begun so far. More than one: the connection was reused, so the server may have closed
   * it.
   */
  exchanges = 0;
  /** Until when it may stay idle, in seconds of the loop's time. */
  idleUntil = 0;
  /** Neighbours in the list of idle connections of its origin. */
  _older: ClientConnection | null = null;
  _newer: ClientConnection | null = null;
  /**
   * Seconds the server promises to keep the connection (`Keep-Alive`); Infinity without a promise.
   */
  keptFor: number = Infinity;
  #owner: ConnectionOwner;
  #address: { address: string; port: number };
  /** Waits for the head of the response; null once it was answered. */
  #asker: Asker | null = null;
  /** The same asker, until the response is complete. */
  #asked: Asker | null = null;
  /** The response whose body is being received. */
  #response: ResponseHead | null = null;
  /** Length of the body in bytes; Infinity when it is chunked or ends with the connection. */
  #expected: number = Infinity;
  /** How many bytes the body may have received before an unwanted rest is given up. */
  #drainUntil: number = Infinity;
  #drainTimer: { cancel(): void } | null = null;
  #upload: Task<void> | null = null;
  /** A body that is held back until the server asks for it (`Expect: 100-continue`). */
  #held: { send(): void; timer: { cancel(): void }; body: OutgoingBody } | null = null;
  #keep = false;
  /** Whether the request asked for an upgrade, so that 101 is a valid answer. */
  #leaving = false;
  /**
   * Whether it is in use. It then holds a slot of the pool, which must be returned in every case.
   */
  #busy = false;
  /** Receives trace events; null for none. */
  _trace: RequestTrace | null = null;
  #told: OutgoingRequest | null = null;
  /** Called once, when the exchange is over. */
  _onDone: (() => void) | null = null;
  #reading = false;
  #aborted = false;
  /** Why it was dropped, for calls that come later. */
  #reason: Error | null = null;
  #lastRead = 0;
  #readTimer: { cancel(): void } | null = null;

  constructor(loop: EventLoop, owner: ConnectionOwner, origin: string, connected: Connected) {
    super(loop, connected.handle, connected.generation);
    this._origin = origin;
    this.#owner = owner;
    this.#address = connected.endpoint;
    loop._register(this._handle, this._generation, this);
  }

  /**
   * Marks it as in use; the caller has a slot for it.
   * @throws the reason if it was dropped
   */
  _take(): void {
    if (this.#aborted) throw this.#reason ?? new ClientConnectionError('connection closed');
    this.#busy = true;
  }

  get _exchanging(): boolean {
    return this.#busy;
  }

  /**
   * Whether it can be reused: while it was idle, neither the end of the stream nor bytes (which
   * would count as the next response) arrived, even if not yet reported to us.
   * @param once - ask the kernel too; costs as much as a small read
   */
  _usable(once: boolean): boolean {
    // After the server's `Keep-Alive` time it may close at any moment. Our own time is up to the
    // pool.
    const kept = this.keptFor === Infinity || this._loop.time() < this.idleUntil;
    return kept && !this.#aborted && this._rings.engine.quiet(this._handle, this._generation, once);
  }

  /**
   * Sends a request. The future is done when the head of the response has arrived.
   * @param readLimit - seconds between two reads, or null
   * @param leaving - whether it asks for an upgrade
   * @throws the reason if it was dropped since it was taken
   */
  _exchange(
    request: OutgoingRequest,
    readLimit: number | null,
    leaving = false,
  ): Future<ResponseHead> {
    this._take();
    const waiting = new Waiting(this._loop);
    this._ask(waiting, request, readLimit, leaving);
    return waiting.head;
  }

  /** Sends a request for `asker`; the connection must have been taken. */
  _ask(asker: Asker, request: OutgoingRequest, readLimit: number | null, leaving = false): void {
    this.#leaving = leaving;
    this.#begin(asker, request.method);
    const { text, framing } = requestHead(request);
    this._writeLatin1(text);
    if (this._trace !== null) {
      this.#told = request;
      this._trace.tellRequest('onRequestHeadersSent', request);
    }
    if (request.body !== null && request.headers.has('expect')) this.#waitToSend(request, framing);
    else this.#sendBody(request, framing);
    this._resumeBody();
    if (readLimit !== null) this.#limitReads(readLimit);
  }

  /** Like `_ask`, for a request without a body whose head is already encoded. */
  _askWith(asker: Asker, method: string, head: Uint8Array, readLimit: number | null): void {
    this.#leaving = false;
    this.#begin(asker, method);
    this._writeBytes(head);
    this._resumeBody();
    if (readLimit !== null) this.#limitReads(readLimit);
  }

  #begin(asker: Asker, method: string): void {
    this.exchanges += 1;
    this._expectAnswer();
    this.#asker = asker;
    this.#asked = asker;
    this._submit(SUBMISSION_OP_MESSAGE_METHOD, method === 'HEAD' ? 1 : 0);
  }

  #sendBody(request: OutgoingRequest, framing: RequestFraming): void {
    const { _trace: trace } = this;
    let { body } = request;
    if (trace !== null && body !== null) {
      const tell = (piece: unknown): void => trace.tellChunk('onRequestChunkSent', request, piece);
      if (isStream(body)) body = watched(body, tell);
      else tell(body);
    }
    if (typeof body === 'string') this._writeUtf8(body);
    else if (body instanceof Uint8Array) this._writeBytes(body);
    else if (isStream(body)) this.#startUpload(pumpBody(this, body, framing));
  }

  /** Holds the body back until the server asks for it, or until EXPECT_SECONDS have passed. */
  #waitToSend(request: OutgoingRequest, framing: RequestFraming): void {
    const send = (): void => {
      this.#held!.timer.cancel();
      this.#held = null;
      this.#sendBody(request, framing);
    };
    const timer = this._loop.callLater(EXPECT_SECONDS, send);
    this.#held = { send, timer, body: request.body };
  }

  /**
   * Drops a body that is still held back: the final response came first. The server still expects
   * the body, so the connection cannot be reused.
   */
  #dropHeld(): void {
    if (this.#held === null) return;
    const { timer, body } = this.#held;
    this.#held = null;
    this.#keep = false;
    timer.cancel();
    if (isStream(body)) dropPieces(body);
  }

  override _onInterim(status: number): void {
    if (this.#readTimer !== null) this.#lastRead = this._loop.time();
    if (status === 100) this.#held?.send();
  }

  _onHead(chunk: HeadChunk, record: number, status: number): void {
    if (this.#readTimer !== null) this.#lastRead = this._loop.time();
    const asker = this.#asker;
    if (asker === null || (status === 101 && !this.#leaving)) {
      this._abort(new ClientConnectionError('the server sent a response that was not asked for'));
      return;
    }
    this.#asker = null;
    const flags = chunk.words[record + HEAD_FLAGS]!;
    this.#keep = (flags & HEAD_KEEP_ALIVE) !== 0;
    this.#dropHeld();
    const low = chunk.words[record + HEAD_LENGTH_LOW]!;
    const high = chunk.words[record + HEAD_LENGTH_HIGH]!;
    this.#expected = (flags & HEAD_HAS_LENGTH) === 0 ? Infinity : high * 2 ** 32 + low;
    const response = new ResponseHead(this, chunk, record, this.#expected);
    if (this.#keep) this.keptFor = keptFor(response.headers);
    const hasBody = (flags & HEAD_HAS_BODY) !== 0;
    if (hasBody) this.#response = response;
    else response._end();
    if (asker.done()) {
      // The caller no longer waits.
      this._abort(null);
      return;
    }
    asker._answered(response);
    if (!hasBody && status !== 101) this.#finish();
  }

  /**
   * Hands the connection over to a WebSocket, after a 101 response; the caller continues with it.
   * @param flags - `WEB_SOCKET_…`
   * @param messageSize - the largest message, in bytes
   * @throws the reason if it was dropped since then
   */
  _leave(flags: number, messageSize: number): void {
    if (this.#aborted) throw this.#reason ?? new ClientConnectionError('connection closed');
    const { _handle: handle, _generation: generation } = this;
    if (this._rings.engine.upgrade(handle, generation, flags, messageSize) < 0) {
      throw new ServerDisconnectedError('server disconnected');
    }
    this.#aborted = true;
    this.#busy = false;
    this.#stopTimers();
    this.#done();
    this.#owner._left(this);
  }

  _onBody(chunk: HeadChunk, offset: number, length: number): void {
    if (this.#readTimer !== null) this.#lastRead = this._loop.time();
    const response = this.#response;
    if (response === null) return;
    if (response.received + length > this.#drainUntil) {
      this._abort(null);
      return;
    }
    response._push(chunk, offset, length);
    if (this._trace !== null) {
      const piece = chunk.bytes.subarray(offset, offset + length);
      this._trace.tellChunk('onResponseChunkReceived', this.#told!, piece);
    }
    // The reader has stopped in the middle.
    if (response.dropped) this._drainRest(response.body);
  }

  /** There are bytes for a body that is received into its own memory. */
  override _onReadable(): void {
    if (!this.#reading) return;
    const body = this.#response?.direct ?? null;
    if (body === null) {
      // The body ended meanwhile: continue with ordinary reading.
      this._startReading();
      return;
    }
    const count = this._receiveInto(body);
    // The reader has stopped in the middle.
    if (body.dropped) this._drainRest(body);
    if (count === 0) return;
    if (this.#readTimer !== null) this.#lastRead = this._loop.time();
    if (body._received(count)) this._onMessageEnd('');
  }

  _receiveBody(): void {
    if (this.#reading) this._readOn(this.#response!.body);
  }

  _onMessageEnd(trailers: string): void {
    const response = this.#response;
    if (response === null) return;
    this.#response = null;
    response._end(trailers);
    this.#finish();
  }

  _onRefused(message: string): void {
    this._abort(new ClientPayloadError(message));
  }

  _onEnd(): void {
    this._abort(new ServerDisconnectedError('server disconnected'));
  }

  _onClosed(): void {
    this._onEnd();
    this.#owner._closed(this);
  }

  _onFailed(cause: Error): void {
    const { address, port } = this.#address;
    const message = `connection to ${address}:${port} broke: ${cause.message}`;
    this._abort(new ClientConnectionError(message, { cause }));
  }

  /**
   * The rest of the body is unwanted. A small rest is read for a short time so that the connection
   * can be kept; otherwise it is dropped.
   */
  _drainRest(body: IncomingBody): void {
    const isCurrent = this.#response !== null && this.#response.body === body;
    if (!isCurrent || this.#drainTimer !== null) return;
    const left = this.#expected - body.received;
    if (!this.#keep || (left > DRAIN_MAX && left !== Infinity)) {
      this._abort(new ClientConnectionError('the response was released'));
      return;
    }
    this.#drainUntil = body.received + DRAIN_MAX;
    this.#drainTimer = this._loop.callLater(DRAIN_SECONDS, () => this._abort(null));
    body._discard();
    this.#owner._draining(this);
  }

  /** The response is complete: returns the connection to its owner. */
  #finish(): void {
    this.#stopTimers();
    this.#busy = false;
    this.#done();
    const reusable = this.#keep && !this.#aborted && this.#allSent();
    if (!reusable) this._abort(null);
    else this._resumeBody();
    this.#owner._returned(this, reusable);
  }

  /**
   * Drops the connection and ends every wait on it with the error.
   * @param error - null when nobody can be waiting
   */
  _abort(error: Error | null): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = error;
    this._dropAndClose();
    this.#dropHeld();
    this.#stopTimers();
    const drained = this._drainWaiter;
    this._drainWaiter = null;
    if (drained !== null && !drained.done()) {
      if (error === null) drained.cancel();
      else drained.setException(error);
    }
    const asker = this.#asker;
    this.#asker = null;
    const response = this.#response;
    this.#response = null;
    if (response !== null) this.#failBody(response.body, error);
    this.#upload?.cancel();
    if (this.#busy) {
      this.#busy = false;
      this.#done();
      this.#owner._returned(this, false);
    }
    // Last, so that the slot is free for a retry.
    asker?._unanswered(error);
  }

  #failBody(body: IncomingBody, error: Error | null): void {
    const reason = error ?? new ClientConnectionError('connection closed');
    body._fail(reason instanceof ServerDisconnectedError ? this.#cutOff(body) : reason);
  }

  /** Whether the whole request was handed to the kernel: the connection is reusable only then. */
  #allSent(): boolean {
    return this.#upload === null && this._unsent() === 0;
  }

  #cutOff(body: IncomingBody): Error {
    const got =
      this.#expected === Infinity
        ? `${body.received} bytes and no end`
        : `${body.received} of ${this.#expected} bytes`;
    return new ClientPayloadError(`server disconnected in the middle of the body: got ${got}`);
  }

  #stopTimers(): void {
    this.#readTimer?.cancel();
    this.#readTimer = null;
    this.#drainTimer?.cancel();
    this.#drainTimer = null;
    this.#drainUntil = Infinity;
  }

  #done(): void {
    const done = this._onDone;
    this._onDone = null;
    done?.();
    this._trace = null;
    this.#told = null;
    const asked = this.#asked;
    this.#asked = null;
    asked?._completed();
  }

  #startUpload(pump: ReturnType<typeof pumpBody>): void {
    const upload = this._loop.createTask(pump);
    this.#upload = upload;
    upload.addDoneCallback(() => {
      this.#upload = null;
      if (upload.cancelled()) return;
      const error = upload.exception();
      if (error !== null) {
        this._abort(new ClientPayloadError('the body of the request failed', { cause: error }));
      }
    });
  }

  /**
   * One timer that checks when the last bytes came, which is cheaper than resetting one at every
   * read.
   */
  #limitReads(limit: number): void {
    const look = (): void => {
      const now = this._loop.time();
      if (!this.#reading) this.#lastRead = now;
      const left = this.#lastRead + limit - now;
      if (left <= 0) this._abort(new SocketTimeoutError(`nothing was read for ${limit} s`));
      else this.#readTimer = this._loop.callLater(left, look);
    };
    this.#lastRead = this._loop.time();
    this.#readTimer = this._loop.callLater(limit, look);
  }

  _resumeBody(): void {
    if (this.#reading || this.#aborted) return;
    this.#reading = true;
    this._readOn(this.#response?.direct ?? null);
  }

  _pauseBody(): void {
    if (!this.#reading || this.#aborted) return;
    this.#reading = false;
    this._stopReading();
  }
}

/** The last value seen: a server sends the same with each response. */
let lastSaid: string | null = null;
let lastSeconds: number = Infinity;

/** Seconds of `Keep-Alive: timeout=5`, less a margin for the next request to arrive. */
function keptFor(headers: ReceivedHeaders): number {
  const value = headers.get('keep-alive');
  if (value === null || value === lastSaid) return value === null ? Infinity : lastSeconds;
  const match = /(?:^|[,\s])timeout\s*=\s*"?(\d{1,9})/i.exec(value);
  const seconds = match === null ? Infinity : Number(match[1]);
  lastSaid = value;
  lastSeconds = seconds === Infinity ? seconds : seconds - Math.min(1, seconds / 2);
  return lastSeconds;
}
