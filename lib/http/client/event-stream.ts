import { failedFuture } from '../../core/future/done-future.ts';
import type { Future } from '../../core/future/future.ts';
import { showsText } from '../../core/support/shows-text.ts';
import type { Coro } from '../../core/support/types.ts';
import { abortable, abortedFirst, NO_OPTIONS } from '../../tasks/abort.ts';
import type { SignalOptions } from '../../tasks/abort.ts';
import { BodyPieces } from '../message/body-pieces.ts';
import { ClientPayloadError } from './errors.ts';
import type { LineSource } from './response-lines.ts';

/** An event sent by a server. */
export interface ServerSentEvent {
  /** The type; `'message'` unless the server names another. */
  readonly event: string;
  /** The data; several `data` lines are joined with newlines. */
  readonly data: string;
  /** The last id sent by the server, '' for none; to be sent as `Last-Event-ID`. */
  readonly id: string;
}

const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The events of a `text/event-stream`, parsed as WHATWG specifies. Read with `read()`, in both
 * lanes, or with `for await`.
 *
 * @example
 * const response = yield* session.get('/events', { timeout: null });
 * const events = response.sse();
 * for (let event; (event = yield* events.read()) !== null;) console.log(event.event, event.data);
 */
export class EventStream {
  readonly #source: LineSource;
  readonly #limit: number;
  #first = true;
  #event = '';
  #data: string[] = [];
  #size = 0;
  /** The id as of the last event, and as of the event being read. */
  #id: string;
  #nextId: string;
  #retry: number | null = null;

  /** Created by the response only. */
  constructor(source: LineSource, limit: number, lastEventId = '') {
    this.#source = source;
    this.#limit = limit;
    this.#id = lastEventId;
    this.#nextId = lastEventId;
  }

  /** Whether an event or a line exceeded the limit. */
  get _isTooLarge(): boolean {
    return this.#source.isTooLong;
  }

  /** The last id sent by the server; '' for none. */
  get lastEventId(): string {
    return this.#id;
  }

  /** Seconds to wait before reconnecting, as asked by the server; null when it has not. */
  get retry(): number | null {
    return this.#retry;
  }

  /**
   * The next event, or null after the last. Cancel-safe: a cancelled read loses nothing.
   * @throws (awaited) ClientPayloadError for an event that is too large; AbortError when `signal`
   *   aborts, with nothing lost; otherwise as `body.read()`
   */
  read(options: SignalOptions = NO_OPTIONS): Future<ServerSentEvent | null> {
    const { loop } = this.#source;
    const aborted = abortedFirst('read()', options);
    if (aborted !== null) return failedFuture({ loop }, aborted);
    const reading = loop._startTask(this.#read());
    return options.signal == null ? reading : abortable(loop, reading, options.signal);
  }

  *#read(): Coro<ServerSentEvent | null> {
    for (let bytes; (bytes = yield* this.#source.next()) !== null;) {
      const text = UTF8.decode(bytes);
      const line = this.#first && text.startsWith('\uFEFF') ? text.slice(1) : text;
      this.#first = false;
      if (line === '') {
        const event = this.#finish();
        if (event !== null) return event;
      } else {
        this.#size += bytes.length;
        if (this.#size > this.#limit) {
          this.#source.isTooLong = true;
          this.#source.leave();
          throw new ClientPayloadError(`an event has more than ${this.#limit} bytes (limit)`);
        }
        this.#field(line);
      }
    }
    // Fields that no empty line follows may be incomplete, so they are dropped.
    return null;
  }

  #field(line: string): void {
    const colon = line.indexOf(':');
    const name = colon === -1 ? line : line.slice(0, colon);
    const rest = colon === -1 ? '' : line.slice(colon + 1);
    const value = rest.startsWith(' ') ? rest.slice(1) : rest;
    if (name === 'data') this.#data.push(value);
    else if (name === 'event') this.#event = value;
    else if (name === 'id' && !value.includes('\0')) this.#nextId = value;
    else if (name === 'retry' && /^\d{1,15}$/.test(value)) this.#retry = Number(value) / 1000;
  }

  #finish(): ServerSentEvent | null {
    const event = this.#event === '' ? 'message' : this.#event;
    const data = this.#data;
    this.#event = '';
    this.#id = this.#nextId;
    this.#data = [];
    this.#size = 0;
    return data.length === 0 ? null : { event, data: data.join('\n'), id: this.#id };
  }

  /** Leaving the loop early discards the rest, like `release()` of the response. */
  [Symbol.asyncIterator](): AsyncIterableIterator<ServerSentEvent> {
    return new BodyPieces(
      () => this.read(),
      () => this.#source.leave(),
    );
  }

  toString(): string {
    return `<EventStream${this.#id === '' ? '' : ` after ${JSON.stringify(this.#id)}`}>`;
  }
}

showsText(EventStream);
