/**
 * Heads of responses. The usual head, with no header but Content-Type, is made once a second for
 * each status and type; from then on it is copied.
 */
import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Headers } from '../message/headers.ts';
import { HttpDate } from './http-date.ts';
import type { Response } from './response.ts';
import { REASONS } from '../message/status.ts';

/** Fields that the server writes itself, from what it knows about the body and the connection. */
const FRAMING = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding']);

/** Statuses times types: more than this is no longer a cache. */
const CACHE_MAX = 256;

export class ResponseHeads {
  #cache = new Map<string | null, Map<number, Buffer>>();
  #cached = 0;
  #lastType: string | null = null;
  #lastStatus = 0;
  #last: Buffer | null = null;
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

  /** The bytes of a plain head, up to and with `content-length: `. */
  plain(status: number, type: string | null): Buffer {
    if (this.#last !== null && status === this.#lastStatus && type === this.#lastType) {
      return this.#last;
    }
    let byStatus = this.#cache.get(type);
    let head = byStatus?.get(status);
    if (head === undefined) {
      const text = `${statusLine(status, '')}${typeLine(type)}${this.dateLine()}content-length: `;
      head = Buffer.from(text, 'latin1');
      if (this.#cached === CACHE_MAX) {
        this.#cache.clear();
        this.#cached = 0;
        byStatus = undefined;
      }
      if (byStatus === undefined) this.#cache.set(type, byStatus = new Map());
      byStatus.set(status, head);
      this.#cached += 1;
    }
    this.#lastStatus = status;
    this.#lastType = type;
    return this.#last = head;
  }

  /** A whole head but for the empty line. `framing` are the lines that the caller knows. */
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
  return `HTTP/1.1 ${status} ${reason === '' ? REASONS[status] ?? '' : reason}\r\n`;
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
