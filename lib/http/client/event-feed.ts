/** Server-sent events that go on over as many connections as it takes. */
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
import {
  ClientConnectionError,
  ClientConnectorCertificateError,
  ClientPayloadError,
  ClientResponseError,
} from './errors.ts';
import type { EventStream, ServerSentEvent } from './event-stream.ts';
import type { RequestOptions } from './options.ts';
import { REPEATED_OPTIONS } from './repeated-request.ts';
import type { RepeatedRequestOptions } from './repeated-request.ts';
import type { ClientResponse } from './response.ts';
import { lineLimit } from './response-lines.ts';
import type { ClientTimeout, ClientTimeoutInit } from './timeout.ts';

/** What `session.sse` takes besides the options of a request. */
export interface EventFeedOptions extends RepeatedRequestOptions {
  /**
   * Of each connection: by default there is no limit but 60 s to get one. With `sockRead` a server
   * that is silent for so long counts as gone.
   */
  timeout?: ClientTimeout | ClientTimeoutInit | Duration | null;
  /** Aborting it ends the feed: reads fail with an AbortError. */
  signal?: AbortSignal | null;
  /** The id of the last event that an earlier feed has had; '' by default. */
  lastEventId?: string;
  /** The wait before the next connection; 3 s by default, until the server says `retry:`. */
  retry?: Duration;
  /** The longest wait, also of those that a server asks for; 5 minutes by default. */
  maxRetry?: Duration;
  /**
   * How many connections may follow each other without an event; 10 by default, Infinity for no
   * limit. The wait doubles from the second one on.
   */
  attempts?: number;
  /** Bytes of an event; 1 MiB by default. More is a ClientPayloadError. */
  limit?: number;
}

const OWN = ['lastEventId', 'retry', 'maxRetry', 'attempts', 'limit'];

const TIMEOUT = { total: null, connect: 60 };
/** Seconds of the second wait, at least: a server may say 0. */
const PAUSE = 0.5;

/** Sends one request for the feed. */
type Ask = (options: RequestOptions) => Task<ClientResponse>;

/**
 * The events of a URL, as WHATWG's EventSource has them: when the connection ends or breaks it asks
 * again, and says which event was the last (`Last-Event-ID`). It ends when the server answers 204;
 * an answer that is not a stream of events is an error, and so are `attempts` connections without
 * one.
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
  /** Connections, and attempts to make one, that ended without an event since the last event. */
  #fruitless = 0;
  #hadEvent = false;
  /** When it may ask again, in the loop's time. */
  #notBefore = 0;
  #asking: Task<ClientResponse> | null = null;
  #events: EventStream | null = null;
  #response: ClientResponse | null = null;
  #reading = false;
  #closed = false;
  /** What has ended it; the same for every read from then on. */
  #error: unknown = null;
  #unfollow: () => void = () => {};
  /** Ends the wait before the next connection. */
  #wake: () => void = () => {};

  /**
   * Made by the session only.
   * @param check - throws when a request could not be made
   * @throws TypeError, RangeError for wrong options
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

  /** Seconds that it waits before it asks again. */
  get retry(): number {
    return Math.min(this.#events?.retry ?? this.#retry, this.#maxRetry);
  }

  /** Whether no more events will come. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * The next event, or null after the last: the server has answered 204, or the feed was closed.
   * Cancel-safe: a read that is cancelled, or whose `signal` aborts, loses nothing, and the
   * connection stays.
   * @throws (awaited) ClientResponseError for another status than 200; ContentTypeError;
   * ClientConnectionError and ClientPayloadError after `attempts` without an event; TypeError when
   * another read waits; AbortError
   */
  read(options: SignalOptions = NO_OPTIONS): Future<ServerSentEvent | null> {
    const loop = this.#loop;
    const aborted = abortedFirst('read()', options);
    if (aborted !== null) return failedFuture({ loop }, aborted);
    const reading = loop._startTask(this.#read());
    return options.signal == null ? reading : abortable(loop, reading, options.signal);
  }

  /** Ends it, and gives its connection up. A read that waits gets null. May be repeated. */
  close(): void {
    this.#end(null);
  }

  /** Leaving the loop early closes it. */
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

  /** An event; null when there may be one at the next step. */
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
      // Closed meanwhile, which is how the wait has ended.
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

  /** A read that is cancelled leaves the request alone: the next one waits for the same answer. */
  *#answer(asking: Task<ClientResponse>): Coro<ClientResponse> {
    const answered = this.#loop.createFuture<void>();
    asking.addDoneCallback(() => {
      // Looked at here, so that an error that comes while nobody reads is not reported as lost.
      if (!asking.cancelled()) asking.exception();
      if (!answered.done()) answered.setResult(undefined);
    });
    yield* answered;
    return asking.result();
  }

  /** Those of the next request. */
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

  /** Whether another connection may do better. */
  #isPassing(error: unknown): boolean {
    if (error instanceof ClientConnectionError) {
      return !(error instanceof ClientConnectorCertificateError);
    }
    return error instanceof ClientPayloadError && this.#events?._isTooLarge !== true;
  }

  /** The connection has ended, or was none: another one, later. */
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
