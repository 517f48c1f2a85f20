/** Server-sent events that continue over as many connections as needed. */
import { checkSignal, listenToAbort } from '../../core/support/abort-listeners.ts';
import { runningTask } from '../../core/context/running.ts';
import { AbortError, CancelledError, isA } from '../../core/errors/errors.ts';
import { failedFuture } from '../../core/future/done-future.ts';
import type { Future } from '../../core/future/future.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import { describe } from '../../core/support/describe.ts';
import type { Duration } from '../../core/support/duration.ts';
import { toSeconds } from '../../core/support/duration.ts';
import { checkOptions } from '../../core/support/options.ts';
import { showsText } from '../../core/support/shows-text.ts';
import type { Coro } from '../../core/support/types.ts';
import type { Task } from '../../core/task/task.ts';
import { abortable, abortedFirst, NO_OPTIONS } from '../../tasks/abort.ts';
import type { SignalOptions } from '../../tasks/abort.ts';
import { BodyPieces } from '../message/body-pieces.ts';
import { Headers } from '../message/headers.ts';
import { integer } from '../message/option-values.ts';
import { ClientPayloadError, ClientResponseError, isPassingFailure } from './errors.ts';
import type { EventStream, ServerSentEvent } from './event-stream.ts';
import type { RequestOptions } from './options.ts';
import { REPEATED_OPTIONS } from './repeated-request.ts';
import type { RepeatedRequestOptions } from './repeated-request.ts';
import type { ClientResponse } from './response.ts';
import { lineLimit } from './response-lines.ts';
import type { ClientTimeout, ClientTimeoutInit } from './timeout.ts';

/** Options of `session.sse`, in addition to those of a request. */
export interface EventFeedOptions extends RepeatedRequestOptions {
  /**
   * Timeout of each connection; default: no limit except 60 s to connect. With `sockRead`, a server
   * that is silent for that long counts as disconnected.
   */
  timeout?: ClientTimeout | ClientTimeoutInit | Duration | null;
  /** Aborting it ends the feed: reads fail with an AbortError. */
  signal?: AbortSignal | null;
  /** The id of the last event received by an earlier feed; default ''. */
  lastEventId?: string;
  /** The wait before reconnecting; default 3 s, until the server sends `retry:`. */
  retry?: Duration;
  /** The longest wait, including one that the server asks for; default 5 minutes. */
  maxRetry?: Duration;
  /**
   * How many connections in a row may end without an event; default 10, Infinity for no limit. The
   * wait doubles from the second one on.
   */
  attempts?: number;
  /** Largest event in bytes; default 1 MiB. A larger one is a ClientPayloadError. */
  limit?: number;
}

const OWN = ['lastEventId', 'retry', 'maxRetry', 'attempts', 'limit'];

const TIMEOUT = { total: null, connect: 60 };
/** Shortest base, in seconds, of the doubling waits: the server may ask for 0. */
const PAUSE = 0.5;

/** Sends one request for the feed. */
type Ask = (options: RequestOptions) => Task<ClientResponse>;

/**
 * The events of a URL, like WHATWG's EventSource: when the connection ends or breaks it reconnects
 * and sends the id of the last event (`Last-Event-ID`). It ends when the server answers 204. A
 * response that is not an event stream is an error, and so are `attempts` connections in a row
 * without an event.
 *
 * @example
 * const feed = session.sse('/events');
 * for (let event; (event = yield* feed.read()) !== null;) console.log(event.event, event.data);
 * for await (const { data } of session.sse('/events')) console.log(data);
 */
export class EventFeed {
  readonly #loop: EventLoop;
  readonly #ask: Ask;
  readonly #request: RequestOptions;
  readonly #limit: number;
  readonly #attempts: number;
  readonly #maxRetry: number;
  #retry: number;
  #lastEventId: string;
  /** Connections, and attempts to connect, that ended without an event since the last event. */
  #fruitless = 0;
  #hadEvent = false;
  /** When it may reconnect, in seconds of the loop's time. */
  #notBefore = 0;
  #asking: Task<ClientResponse> | null = null;
  #events: EventStream | null = null;
  #response: ClientResponse | null = null;
  #reading = false;
  #closed = false;
  /**
   * Why it ended; every later read throws it. Null when it was closed or the server answered 204.
   */
  #error: unknown = null;
  #unfollow: () => void = () => {};
  /** Ends the wait before reconnecting. */
  #wake: () => void = () => {};

  /**
   * Created by the session only.
   * @param check - throws for an invalid request
   * @throws TypeError, RangeError for invalid options
   */
  constructor(
    loop: EventLoop,
    ask: Ask,
    check: (options: RequestOptions) => void,
    options: EventFeedOptions,
  ) {
    checkOptions('sse()', options, [...OWN, ...REPEATED_OPTIONS]);
    const { lastEventId = '', retry = 3, maxRetry = 300, attempts = 10, ...rest } = options;
    const { limit, signal, ...request } = rest;
    if (typeof lastEventId !== 'string' || /[\0\r\n]/.test(lastEventId)) {
      const given =
        typeof lastEventId === 'string' ? 'one of several lines' : describe(lastEventId);
      throw new TypeError(`sse(): lastEventId must be a string of one line, not ${given}`);
    }
    this.#loop = loop;
    this.#ask = ask;
    this.#request = request;
    this.#limit = lineLimit('sse()', limit === undefined ? {} : { limit });
    this.#attempts = attempts === Infinity ? attempts : integer('attempts', attempts, 1, 2 ** 31);
    this.#retry = seconds('retry', retry);
    this.#maxRetry = seconds('maxRetry', maxRetry);
    this.#lastEventId = lastEventId;
    check(this.#options());
    if (signal != null) this.#follow(signal);
  }

  /** The id of the last event; '' for none. */
  get lastEventId(): string {
    return this.#events?.lastEventId ?? this.#lastEventId;
  }

  /** Seconds until it reconnects after a connection ends. */
  get retry(): number {
    return Math.min(this.#events?.retry ?? this.#retry, this.#maxRetry);
  }

  /** Whether no more events will come. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * The next event, or null after the last: the server answered 204, or the feed was closed.
   * Cancel-safe: when a read is cancelled or its `signal` aborts, nothing is lost and the
   * connection stays open.
   * @throws (awaited) ClientResponseError for a status other than 200; ContentTypeError;
   *   ClientConnectionError and ClientPayloadError after `attempts` connections without an event;
   *   TypeError when another read is waiting; AbortError
   */
  read(options: SignalOptions = NO_OPTIONS): Future<ServerSentEvent | null> {
    const loop = this.#loop;
    const aborted = abortedFirst('read()', options);
    if (aborted !== null) return failedFuture({ loop }, aborted);
    const reading = loop._startTask(this.#read());
    return options.signal == null ? reading : abortable(loop, reading, options.signal);
  }

  /** Ends the feed and drops its connection. A waiting read returns null. Idempotent. */
  close(): void {
    this.#end(null);
  }

  /** Leaving the loop early closes the feed. */
  [Symbol.asyncIterator](): AsyncIterableIterator<ServerSentEvent> {
    return new BodyPieces(
      () => this.read(),
      () => this.close(),
    );
  }

  [Symbol.dispose](): void {
    this.close();
  }

  toString(): string {
    const state = this.#closed ? 'closed' : this.#events === null ? 'connecting' : 'open';
    return `<EventFeed ${state}>`;
  }

  *#read(): Coro<ServerSentEvent | null> {
    if (this.#reading)
      throw new TypeError('the events are already being read by another coroutine');
    this.#reading = true;
    try {
      while (!this.#closed) {
        const event = yield* this.#step();
        if (event === null) continue;
        this.#hadEvent = true;
        return event;
      }
      if (this.#error !== null) throw this.#error;
      return null;
    } finally {
      this.#reading = false;
    }
  }

  /** One step: an event, or null when another step is needed. */
  *#step(): Coro<ServerSentEvent | null> {
    try {
      if (this.#events === null) {
        yield* this.#connect();
        return null;
      }
      const event = yield* this.#events.read();
      if (event === null) this.#lost(null);
      return event;
    } catch (error) {
      if (isA(error, CancelledError) && (runningTask()?._requests ?? 0) > 0) throw error;
      // The feed was closed, which ended the wait.
      if (this.#closed) return null;
      if (!this.#isPassing(error)) this.#end(error);
      else this.#lost(error);
      return null;
    }
  }

  *#connect(): Coro<void> {
    const wait = this.#notBefore - this.#loop.time();
    if (wait > 0) {
      yield* this.#pause(wait);
      if (this.#closed) return;
    }
    this.#asking ??= this.#ask(this.#options());
    const response = yield* this.#answer(this.#asking);
    this.#asking = null;
    this.#response = response;
    if (response.status === 204) {
      response.release();
      this.#end(null);
      return;
    }
    if (response.status !== 200) throw new ClientResponseError(response, response.reason);
    this.#events = response._events(this.#limit, this.#lastEventId);
  }

  *#pause(seconds: number): Coro<void> {
    const over = this.#loop.createFuture<void>();
    this.#wake = () => over.done() || over.setResult(undefined);
    const timer = this.#loop.callLater(seconds, this.#wake);
    try {
      yield* over;
    } finally {
      timer.cancel();
    }
  }

  /**
   * Waits for the request without owning it: a cancelled read does not cancel the request, and the
   * next read waits for the same response.
   */
  *#answer(asking: Task<ClientResponse>): Coro<ClientResponse> {
    const answered = this.#loop.createFuture<void>();
    asking.addDoneCallback(() => {
      // Marks the error as seen: it may come while nobody reads.
      if (!asking.cancelled()) asking.exception();
      if (!answered.done()) answered.setResult(undefined);
    });
    yield* answered;
    return asking.result();
  }

  /** The options of the next request. */
  #options(): RequestOptions {
    const headers = new Headers(this.#request.headers);
    if (!headers.has('accept')) headers.set('accept', 'text/event-stream');
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
    if (this.#lastEventId !== '') {
      const bytes = Buffer.from(this.#lastEventId, 'utf8').toString('latin1');
      headers.set('last-event-id', bytes);
    }
    return { timeout: TIMEOUT, ...this.#request, headers, raiseForStatus: false };
  }

  /** Whether reconnecting may help. */
  #isPassing(error: unknown): boolean {
    if (isPassingFailure(error)) return true;
    return error instanceof ClientPayloadError && this.#events?._isTooLarge !== true;
  }

  /** The connection ended or could not be made: schedules the next one, or ends the feed. */
  #lost(error: unknown): void {
    this.#lastEventId = this.lastEventId;
    this.#retry = this.#events?.retry ?? this.#retry;
    this.#events = null;
    this.#response?.close();
    this.#response = null;
    this.#asking = null;
    this.#fruitless = this.#hadEvent ? 0 : this.#fruitless + 1;
    this.#hadEvent = false;
    if (this.#fruitless >= this.#attempts) {
      this.#end(error ?? new ClientPayloadError(`${this.#fruitless} connections without an event`));
      return;
    }
    const wait =
      this.#fruitless < 2
        ? this.#retry
        : Math.max(this.#retry, PAUSE) * 2 ** Math.min(this.#fruitless - 2, 30);
    this.#notBefore = this.#loop.time() + Math.min(wait, this.#maxRetry);
  }

  #end(error: unknown): void {
    if (this.#closed) return;
    this.#lastEventId = this.lastEventId;
    this.#closed = true;
    this.#error = error;
    this.#unfollow();
    this.#wake();
    this.#asking?.cancel();
    this.#asking = null;
    this.#events = null;
    this.#response?.close();
    this.#response = null;
  }

  #follow(signal: AbortSignal): void {
    checkSignal(signal);
    const end = (): void => this.#end(new AbortError(signal.reason));
    if (signal.aborted) end();
    else this.#unfollow = listenToAbort(signal, end);
  }
}

showsText(EventFeed);

function seconds(name: string, value: Duration): number {
  const given = toSeconds(value, name);
  if (given >= 0) return given;
  throw new RangeError(`sse(): ${name} must be 0 or more, not ${given}`);
}
