/**
 * Heads of responses. The usual head, with no header but Content-Type, is made once per second for
 * each status and type, and then copied. So are whole tiny responses that repeat.
 */
import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Headers } from '../message/headers.ts';
import { HttpDate } from './http-date.ts';
import type { Response } from './response.ts';
import { REASONS } from '../message/status.ts';

/** Fields that the server sets itself, according to the body and the connection. */
const FRAMING = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding']);

/** The most heads that are cached: combinations of status and type. */
const CACHE_MAX = 256;

/** How many different tiny bodies are kept for each head. */
const ANSWERS_MAX = 4;
/**
 * After this many unknown bodies in a row, a head stops looking for known ones until it is made
 * anew.
 */
const STRANGERS_MAX = 64;

/** A tiny response, complete. */
interface WholeAnswer {
  readonly body: string;
  /** Null until the body occurs a second time, as many occur only once. */
  bytes: Uint8Array | null;
}

/** A head with no header but Content-Type, and the tiny responses that begin with it. */
export class PlainHead {
  /** The head up to and including `content-length: `. */
  readonly bytes: Buffer;
  #answers: WholeAnswer[] = [];
  #next = 0;
  #strangers = 0;

  constructor(text: string) {
    this.bytes = Buffer.from(text, 'latin1');
  }

  /** The whole response with this body, if it is known. */
  answer(body: string): Uint8Array | null {
    for (const answer of this.#answers) {
      if (answer.body !== body) continue;
      this.#strangers = 0;
      return answer.bytes;
    }
    return null;
  }

  /** Records the response in these bytes, and keeps it if its body has occurred before. */
  note(body: string, from: Uint8Array, start: number, end: number): void {
    for (const answer of this.#answers) {
      if (answer.body === body) {
        // A copy: the `slice` of a Buffer would be a view.
        answer.bytes = new Uint8Array(from.subarray(start, end));
        return;
      }
    }
    if (this.#strangers === STRANGERS_MAX) return;
    if (++this.#strangers === STRANGERS_MAX) {
      this.#answers = [];
      return;
    }
    this.#answers[this.#next] = { body, bytes: null };
    this.#next = (this.#next + 1) % ANSWERS_MAX;
  }
}

export class ResponseHeads {
  #cache = new Map<string | null, Map<number, PlainHead>>();
  #cached = 0;
  #lastType: string | null = null;
  #lastStatus = 0;
  #last: PlainHead | null = null;
  #date: HttpDate;
  #dateLine = '';

  constructor(loop: EventLoop) {
    this.#date = new HttpDate(loop, () => {
      this.#dateLine = '';
      this.#last = null;
      this.#cache.clear();
      this.#cached = 0;
    });
  }

  plain(status: number, type: string | null): PlainHead {
    if (this.#last !== null && status === this.#lastStatus && type === this.#lastType) {
      return this.#last;
    }
    let byStatus = this.#cache.get(type);
    let head = byStatus?.get(status);
    if (head === undefined) {
      const text = `${statusLine(status, '')}${typeLine(type)}${this.dateLine()}content-length: `;
      head = new PlainHead(text);
      if (this.#cached === CACHE_MAX) {
        this.#cache.clear();
        this.#cached = 0;
        byStatus = undefined;
      }
      if (byStatus === undefined) this.#cache.set(type, (byStatus = new Map()));
      byStatus.set(status, head);
      this.#cached += 1;
    }
    this.#lastStatus = status;
    this.#lastType = type;
    return (this.#last = head);
  }

  /**
   * A whole head without the empty line. `framing` has the lines about the body and the connection.
   */
  full(response: Response, framing: string): string {
    const { status, statusText, _type, _headers } = response;
    const lines = _headers === null ? typeLine(_type) : ownLines(_headers);
    const date = _headers !== null && _headers.has('date') ? '' : this.dateLine();
    return statusLine(status, statusText) + lines + date + framing;
  }

  dateLine(): string {
    if (this.#dateLine === '') this.#dateLine = `date: ${this.#date.make()}\r\n`;
    return this.#dateLine;
  }
}

function statusLine(status: number, reason: string): string {
  return `HTTP/1.1 ${status} ${reason === '' ? (REASONS[status] ?? '') : reason}\r\n`;
}

function typeLine(type: string | null): string {
  return type === null ? '' : `content-type: ${type}\r\n`;
}

function ownLines(headers: Headers): string {
  let lines = '';
  for (const [name, value] of headers) {
    if (!FRAMING.has(name)) lines += `${name}: ${value}\r\n`;
  }
  return lines;
}
