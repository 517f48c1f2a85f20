/**
 * One connection of a client: a request out, its response in, then the next. The pool decides who
 * has it; whoever has it may `_abort` it at any time, which ends every wait on it.
 */
import type { CompletionTarget, EventLoop } from '../core/event-loop.ts';
import { errnoError } from '../core/errno.ts';
import type { Future } from '../core/future.ts';
import type { Task } from '../core/task.ts';
import {
  COMPLETION_CHUNK, COMPLETION_LENGTH, COMPLETION_OFFSET, COMPLETION_OP_CLOSED,
  COMPLETION_OP_CONNECT, COMPLETION_OP_DRAIN, COMPLETION_OP_END, COMPLETION_OP_FAILED,
  COMPLETION_OP_MESSAGE_BODY, COMPLETION_OP_MESSAGE_END, COMPLETION_OP_MESSAGE_FAILED,
  COMPLETION_OP_MESSAGE_HEAD, COMPLETION_RESULT, CONTROL_LAST_GENERATION, CONTROL_TRANSMIT_USED,
  HEAD_FLAGS, HEAD_HAS_BODY, HEAD_KEEP_ALIVE, HEAD_STATUS, SOCKET_HTTP_CLIENT,
  SUBMISSION_OP_ABORT, SUBMISSION_OP_MESSAGE_METHOD, SUBMISSION_OP_NOTIFY_DRAIN,
  SUBMISSION_OP_READ_START, SUBMISSION_OP_READ_STOP,
} from '../native/layout.ts';
import type { Rings } from '../native/rings.ts';
import {
  ClientConnectionError, ClientPayloadError, ServerDisconnectedError, SocketTimeoutError,
} from './client-errors.ts';
import type { OutgoingRequest } from './client-request.ts';
import { requestHead } from './client-request.ts';
import type { HeadChunk } from './head-chunk.ts';
import { headChunk } from './head-chunk.ts';
import type { BodySource } from './incoming-body.ts';
import { IncomingBody } from './incoming-body.ts';
import { isStream } from './outgoing-body.ts';
import { pumpBody } from './pump-body.ts';
import type { DrainedOutlet } from './pump-body.ts';
import { writeBytes, writeLatin1, writeUtf8 } from './wire.ts';

const BACKLOG_HIGH = 64 * 1024;
const BACKLOG_LOW = 16 * 1024;

/** Who gives connections out and takes them back. */
export interface ConnectionOwner {
  /** The exchange is over. A connection that is not reusable is closing. */
  _returned(connection: ClientConnection, reusable: boolean): void;
  /** The descriptor is closed. */
  _closed(connection: ClientConnection): void;
}

/** The head of a response where it was received, and the body that follows it. */
export interface ResponseHead {
  chunk: HeadChunk;
  record: number;
  body: IncomingBody;
}

export class ClientConnection implements CompletionTarget, BodySource, DrainedOutlet {
  readonly _loop: EventLoop;
  readonly _rings: Rings;
  readonly _handle: number;
  readonly _generation: number;
  readonly _origin: string;
  /** Done once it is connected. */
  readonly connected: Future<void>;
  /** Exchanges begun so far: more than one means that the server may have closed meanwhile. */
  exchanges = 0;
  /** When it became idle, in the loop's time. */
  idleSince = 0;
  #owner: ConnectionOwner;
  #address: { address: string; port: number };
  /** Waits for the head of the response. */
  #head: Future<ResponseHead> | null = null;
  #body: IncomingBody | null = null;
  #upload: Task<void> | null = null;
  #drainWaiter: Future<void> | null = null;
  #keep = false;
  /** Given out, so a slot of the pool is taken, which goes back at the end whatever comes. */
  #busy = false;
  /** Called once when the exchange is over. */
  _onDone: (() => void) | null = null;
  #reading = false;
  #aborted = false;
  /** Why it was dropped; for whoever comes later. */
  #reason: Error | null = null;
  #lastRead = 0;
  #readTimer: { cancel(): void } | null = null;

  /** Starts to connect. @throws an Error with `code` when that cannot even begin */
  constructor(
    loop: EventLoop, owner: ConnectionOwner, origin: string, address: string, port: number,
  ) {
    const handle = loop._engine.connect(address, port, '', 0, SOCKET_HTTP_CLIENT);
    if (handle < 0) throw errnoError(handle, 'connect', { address, port });
    this._loop = loop;
    this._rings = loop._rings;
    this._handle = handle;
    this._generation = this._rings.control[CONTROL_LAST_GENERATION]!;
    this._origin = origin;
    this.#owner = owner;
    this.#address = { address, port };
    this.connected = loop.createFuture<void>();
    loop._register(handle, this._generation, this);
  }

  /**
   * Gives it out, with the slot of whoever takes it.
   * @throws why it was dropped, when it was
   */
  _take(): void {
    if (this.#aborted) throw this.#reason ?? new ClientConnectionError('connection closed');
    this.#busy = true;
  }

  get _exchanging(): boolean {
    return this.#busy;
  }

  /** Whether it can be given out. */
  get usable(): boolean {
    return !this.#aborted;
  }

  /**
   * Sends a request. The future is done when the head of the response is there.
   * @param readLimit - seconds between two reads, or null
   * @throws why it was dropped, when it was since it was taken
   */
  _exchange(request: OutgoingRequest, readLimit: number | null): Future<ResponseHead> {
    this._take();
    this.exchanges += 1;
    const { text, framing } = requestHead(request);
    const head = this._loop.createFuture<ResponseHead>();
    this.#head = head;
    this.#submit(SUBMISSION_OP_MESSAGE_METHOD, request.method === 'HEAD' ? 1 : 0);
    writeLatin1(this, text);
    const { body } = request;
    if (typeof body === 'string') writeUtf8(this, body);
    else if (body instanceof Uint8Array) writeBytes(this, body);
    else if (isStream(body)) this.#startUpload(pumpBody(this, body, framing));
    this._resumeBody();
    if (readLimit !== null) this.#limitReads(readLimit);
    return head;
  }

  _complete(op: number, words: Int32Array, at: number): void {
    switch (op) {
      case COMPLETION_OP_CONNECT: return this.#onConnect(words[at + COMPLETION_RESULT]!);
      case COMPLETION_OP_MESSAGE_HEAD:
        this.#onHead(headChunk(this._loop._chunk(words[at + COMPLETION_CHUNK]!)),
          words[at + COMPLETION_OFFSET]! >>> 2);
        return;
      case COMPLETION_OP_MESSAGE_BODY:
        this.#onBody(words[at + COMPLETION_CHUNK]!, words[at + COMPLETION_OFFSET]!,
          words[at + COMPLETION_LENGTH]!);
        return;
      case COMPLETION_OP_MESSAGE_END: return this.#onMessageEnd();
      case COMPLETION_OP_MESSAGE_FAILED:
        this._abort(new ClientPayloadError('the server sent no valid HTTP/1.1 response'));
        return;
      case COMPLETION_OP_DRAIN: return this.#onDrain();
      case COMPLETION_OP_END:
        this._abort(new ServerDisconnectedError('server disconnected'));
        return;
      case COMPLETION_OP_FAILED: return this.#onFailed(words[at + COMPLETION_RESULT]!);
      case COMPLETION_OP_CLOSED:
        this._abort(new ServerDisconnectedError('server disconnected'));
        this._loop._unregister(this._handle);
        this.#owner._closed(this);
        return;
    }
  }

  #onConnect(result: number): void {
    if (this.connected.done()) return;
    if (result < 0) this._abort(errnoError(result, 'connect', this.#address));
    else this.connected.setResult(undefined);
  }

  #onHead(chunk: HeadChunk, record: number): void {
    this.#lastRead = this._loop.time();
    const status = chunk.words[record + HEAD_STATUS]!;
    const waiter = this.#head;
    if (waiter === null || status === 101) {
      this._abort(new ClientConnectionError('the server sent a response that was not asked for'));
      return;
    }
    if (status < 200) return;
    this.#head = null;
    const flags = chunk.words[record + HEAD_FLAGS]!;
    this.#keep = (flags & HEAD_KEEP_ALIVE) !== 0;
    const body = new IncomingBody(this);
    if ((flags & HEAD_HAS_BODY) !== 0) this.#body = body;
    else body._end();
    if (waiter.done()) {
      // Whoever asked has left.
      this._abort(null);
      return;
    }
    waiter.setResult({ chunk, record, body });
    if (this.#body === null) this.#finish();
  }

  #onBody(slot: number, offset: number, length: number): void {
    if (this.#readTimer !== null) this.#lastRead = this._loop.time();
    this.#body?._push(headChunk(this._loop._chunk(slot)).bytes.subarray(offset, offset + length));
  }

  #onMessageEnd(): void {
    const body = this.#body;
    if (body === null) return;
    this.#body = null;
    body._end();
    this.#finish();
  }

  #onFailed(result: number): void {
    const cause = errnoError(result, 'read', this.#address);
    this._abort(new ClientConnectionError(`connection broke: ${cause.message}`, { cause }));
  }

  /** The response is complete. */
  #finish(): void {
    this.#readTimer?.cancel();
    this.#readTimer = null;
    this.#busy = false;
    this.#done();
    const reusable = this.#keep && this.#upload === null && !this.#aborted;
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
    this.#submit(SUBMISSION_OP_ABORT);
    this.#readTimer?.cancel();
    this.#readTimer = null;
    const reason = error ?? new ClientConnectionError('connection closed');
    for (const waiter of [this.connected, this.#head, this.#drainWaiter]) {
      if (waiter === null || waiter.done()) continue;
      if (error === null) waiter.cancel();
      else waiter.setException(error);
    }
    this.#head = null;
    this.#drainWaiter = null;
    const body = this.#body;
    this.#body = null;
    if (body !== null) {
      body._fail(reason instanceof ServerDisconnectedError
        ? new ClientPayloadError('server disconnected in the middle of the body') : reason);
    }
    this.#upload?.cancel();
    if (!this.#busy) return;
    this.#busy = false;
    this.#done();
    this.#owner._returned(this, false);
  }

  #done(): void {
    const done = this._onDone;
    this._onDone = null;
    done?.();
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

  /** One timer that looks when the last bytes came, instead of one that every read puts off. */
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

  #onDrain(): void {
    const waiter = this.#drainWaiter;
    this.#drainWaiter = null;
    if (waiter !== null && !waiter.done()) waiter.setResult(undefined);
  }

  _drain(): Future<void> | null {
    const { backlog, control, engine } = this._rings;
    if (backlog[this._handle]! + control[CONTROL_TRANSMIT_USED]! <= BACKLOG_HIGH) return null;
    engine.submit();
    if (backlog[this._handle]! <= BACKLOG_HIGH) return null;
    this._rings.submit(SUBMISSION_OP_NOTIFY_DRAIN, this._handle, this._generation,
      0, 0, 0, BACKLOG_LOW);
    return this.#drainWaiter = this._loop.createFuture<void>();
  }

  _resumeBody(): void {
    if (this.#reading || this.#aborted) return;
    this.#reading = true;
    this.#submit(SUBMISSION_OP_READ_START);
  }

  _pauseBody(): void {
    if (!this.#reading || this.#aborted) return;
    this.#reading = false;
    this.#submit(SUBMISSION_OP_READ_STOP);
  }

  #submit(op: number, flags = 0): void {
    this._rings.submit(op, this._handle, this._generation, flags);
  }
}
