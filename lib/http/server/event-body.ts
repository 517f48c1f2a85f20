/** Server-sent events: a text that goes on, of which each paragraph is an event. */
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
  /** A string as it is, anything else as JSON; without it nothing is dispatched in the browser. */
  data?: unknown;
  /** Its type; 'message' unless said otherwise. */
  event?: string;
  /** What a browser that connects again says it has seen last (`Last-Event-ID`). */
  id?: string;
  /** How long a browser waits until it connects again: seconds or a string with a unit. */
  retry?: Duration;
  /** What no browser looks at. */
  comment?: string;
}

type Source = AsyncIterable<unknown> | Iterable<unknown>;

/** Where events come from: a generator of either lane, which may wait between them, or its like. */
export type EventSource = Source | Generator<unknown, unknown, any> | (() => Source);

const FIELDS = ['data', 'event', 'id', 'retry', 'comment'];

/** Seconds without an event after which a line of no meaning shows that the connection lives. */
const HEARTBEAT = 15;

/** The body of a response of events: as its source, but that events become text. */
export abstract class EventBody {
  protected readonly source: Source;
  /** Seconds; null for no sign of life. */
  readonly heartbeat: number | null;

  /** @throws TypeError, RangeError for what gives no events */
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

/** Those of a `function*`, which may wait, or of a list. */
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
  // A `function*` that waits, for something or for a turn.
  if (step === AWAITING || step.done === true || (step.value ?? null) === null) return step;
  return { done: false, value: eventText(step.value) };
}

/** @throws TypeError, RangeError for anything but an event, or one that would become two */
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

/** Shows that a connection lives on which no event has been sent for a while. */
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
      // One whose peer takes nothing needs no more.
      if (quiet && this.#outlet._unsent() === 0) this.#outlet._writeLatin1(this.#text);
      this.#timer = this.#arm();
    });
  }
}
