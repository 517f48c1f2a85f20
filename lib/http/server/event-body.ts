/** Server-sent events: an unending text in which each paragraph is an event. */
import type { Duration } from '../../core/support/duration.ts';
import { toSeconds, toTimeout } from '../../core/support/duration.ts';
import { describe } from '../../core/support/describe.ts';
import { checkOptions } from '../../core/support/options.ts';
import { AWAITING } from '../../core/future/future.ts';
import type { TimerHandle } from '../../core/loop/handle.ts';
import type { MessageStream } from '../message/message-stream.ts';
import type { BodyStream, PieceIterator } from '../message/outgoing-body.ts';
import { piecesOf } from '../message/outgoing-body.ts';

/** One event. */
export interface OutgoingEvent {
  /**
   * The event's data: a string as it is, anything else as JSON. Without it browsers dispatch no
   * event.
   */
  data?: unknown;
  /** The event's type; 'message' by default. */
  event?: string;
  /** The event's id: a browser that reconnects sends the last one that it saw (`Last-Event-ID`). */
  id?: string;
  /** How long a browser waits before it reconnects: seconds or a string with a unit. */
  retry?: Duration;
  /** A comment, which browsers ignore. */
  comment?: string;
}

type Source = AsyncIterable<unknown> | Iterable<unknown>;

/**
 * The source of events: an iterable or async iterable, such as a `function*`, which may wait
 * between events, or an async generator; or a function that returns one.
 */
export type EventSource = Source | Generator<unknown, unknown, any> | (() => Source);

const FIELDS = ['data', 'event', 'id', 'retry', 'comment'];

/** Seconds without an event after which a comment is sent, to show that the connection is alive. */
const HEARTBEAT = 15;

/** The body of an event response: like its source, but with events converted to text. */
export abstract class EventBody {
  protected readonly source: Source;
  /** The interval of the heartbeat in seconds; null for none. */
  readonly heartbeat: number | null;

  /**
   * @throws TypeError when the source is not iterable; RangeError unless the heartbeat is above 0
   */
  static from(source: unknown, heartbeat: Duration | null | undefined): BodyStream {
    const events = typeof source === 'function' ? (source as () => unknown)() : source;
    if (
      typeof events !== 'object' ||
      events === null ||
      !(Symbol.asyncIterator in events || Symbol.iterator in events)
    ) {
      throw new TypeError(`sse(): source must be an iterable of events, not ${describe(events)}`);
    }
    const seconds = heartbeat === undefined ? HEARTBEAT : toTimeout(heartbeat, 'heartbeat');
    if (seconds !== null && !(seconds > 0)) {
      throw new RangeError('sse(): heartbeat must be more than 0, or null');
    }
    return Symbol.asyncIterator in events
      ? new AsyncEvents(events as Source, seconds)
      : new Events(events as Source, seconds);
  }

  constructor(source: Source, heartbeat: number | null) {
    this.source = source;
    this.heartbeat = heartbeat;
  }
}

/** Events of a `function*`, which may wait in between, or of a list. */
class Events extends EventBody implements Iterable<string> {
  [Symbol.iterator](): Iterator<string> {
    return new EventPieces(piecesOf(this.source as BodyStream)) as unknown as Iterator<string>;
  }
}

class AsyncEvents extends EventBody implements AsyncIterable<string> {
  [Symbol.asyncIterator](): AsyncIterator<string> {
    return new EventPieces(piecesOf(this.source as BodyStream)) as unknown as AsyncIterator<string>;
  }
}

class EventPieces implements PieceIterator {
  readonly #events: PieceIterator;

  constructor(events: PieceIterator) {
    this.#events = events;
  }

  next(): ReturnType<PieceIterator['next']> {
    return textOf(this.#events.next());
  }

  throw(error: unknown): ReturnType<PieceIterator['next']> {
    if (this.#events.throw === undefined) throw error;
    return textOf(this.#events.throw(error));
  }

  return(): ReturnType<PieceIterator['next']> {
    return this.#events.return?.() ?? { done: true, value: undefined };
  }
}

type Step = ReturnType<PieceIterator['next']>;

function textOf(step: Step): Step {
  if (step instanceof Promise) return step.then((one) => textOf(one) as IteratorResult<unknown>);
  // AWAITING: a `function*` is waiting; null or undefined: it gives up one turn.
  if (step === AWAITING || step.done === true || (step.value ?? null) === null) return step;
  return { done: false, value: eventText(step.value) };
}

/**
 * The text of one event. @throws TypeError or RangeError for anything but an event, or for a field
 * with a line break, which would start another event
 */
export function eventText(event: unknown): string {
  if (typeof event === 'string') return `${dataLines(event)}\n`;
  checkOptions('an event', event, FIELDS);
  const { data, event: type, id, retry, comment } = event as OutgoingEvent;
  let text = '';
  if (comment !== undefined) text += lines(': ', String(comment));
  if (type !== undefined) text += `event: ${oneLine('event', type)}\n`;
  if (id !== undefined) text += `id: ${oneLine('id', id)}\n`;
  if (retry !== undefined) text += `retry: ${milliseconds(retry)}\n`;
  if (data !== undefined) {
    const written = typeof data === 'string' ? data : JSON.stringify(data);
    if (written === undefined) throw new TypeError('data of an event cannot be written as JSON');
    text += dataLines(written);
  }
  return `${text}\n`;
}

function dataLines(text: string): string {
  return lines('data: ', text);
}

function lines(before: string, text: string): string {
  return `${before}${text.replace(/\r\n?|\n/g, `\n${before}`)}\n`;
}

function oneLine(name: string, text: unknown): string {
  if (typeof text === 'string' && !/[\r\n\0]/.test(text)) return text;
  const given = typeof text === 'string' ? JSON.stringify(text) : describe(text);
  throw new TypeError(`${name} of an event must be a string of one line, not ${given}`);
}

function milliseconds(retry: Duration): number {
  const value = Math.round(toSeconds(retry, 'retry') * 1000);
  if (value >= 0 && Number.isSafeInteger(value)) return value;
  throw new RangeError(`retry of an event must be a duration of 0 or more, not ${retry}`);
}

/** Sends a comment on a connection on which no event was sent for a while. */
export class Heartbeat {
  readonly #outlet: MessageStream;
  readonly #seconds: number;
  readonly #text: string;
  #timer: TimerHandle;
  #written: number;

  constructor(outlet: MessageStream, seconds: number, chunked: boolean) {
    this.#outlet = outlet;
    this.#seconds = seconds;
    this.#text = chunked ? '3\r\n:\n\n\r\n' : ':\n\n';
    this.#written = outlet._piecesWritten;
    this.#timer = this.#arm();
  }

  stop(): void {
    this.#timer.cancel();
  }

  #arm(): TimerHandle {
    return this.#outlet._loop.callLater(this.#seconds, () => {
      const quiet = this.#written === this.#outlet._piecesWritten;
      this.#written = this.#outlet._piecesWritten;
      // A peer that does not read needs no more.
      if (quiet && this.#outlet._unsent() === 0) this.#outlet._writeLatin1(this.#text);
      this.#timer = this.#arm();
    });
  }
}
