import { showsText } from '../../core/support/shows-text.ts';
import { checkOptions } from '../../core/support/options.ts';
import { FIELD_VALUE } from '../message/grammar.ts';
import { checkValue, Headers } from '../message/headers.ts';
import type { HeadersInit, ReadonlyHeaders } from '../message/headers.ts';
import {
  canSendAgain,
  checkBody,
  describe,
  isUnpacked,
  sizeOfBody,
  typeOfBody,
} from '../message/outgoing-body.ts';
import type { BodyInit, OutgoingBody } from '../message/outgoing-body.ts';
import { isBodyless } from '../message/status.ts';

/** What a Response has beside its body. */
export interface ResponseInit {
  /** 200 unless said otherwise; 200 to 599. */
  status?: number;
  /** The reason phrase; the registered one unless said otherwise. */
  statusText?: string;
  headers?: HeadersInit | ReadonlyHeaders;
}

const TEXT = typeOfBody('');
const OPTIONS = ['status', 'statusText', 'headers'];
const JSON_TYPE = 'application/json';

/**
 * What a handler answers: a status, headers and a body. It is a light version of the WHATWG class
 * of the same name (which `serve` takes too): nothing is made that is not asked for. A response
 * with a string, bytes or no body may be sent any number of times. Bytes are not copied: what a
 * slow client has not taken yet of more than 64 KiB is sent from where it stands, so it must not be
 * changed, and its buffer not be transferred, until then.
 *
 * @throws TypeError for a header that would break the head, or a body that cannot be sent
 * @throws RangeError for a status outside 200 to 599, or a body with a status that has none
 * @example
 * new Response('hello');
 * new Response(generateRows(), { headers: { 'content-type': 'text/csv' } });
 * Response.json({ ok: true }, { status: 201 });
 */
export class Response {
  readonly status: number = 200;
  /** '' stands for the registered phrase. */
  readonly statusText: string = '';
  _body: OutgoingBody;
  /** The content type, while it is the only header; most responses have no other. */
  _type: string | null;
  _headers: Headers | null = null;
  /** The body is a stream that is under way or gone. */
  _sent = false;

  constructor(body?: BodyInit, init?: ResponseInit) {
    this._body = typeof body === 'string' ? body : checkBody(body);
    this._type = typeof body === 'string' ? TEXT : typeOfBody(body);
    if (init === undefined) return;
    checkInit(init);
    if (init.status !== undefined) {
      this.status = checkStatus(init.status);
      if (this._body !== null && isBodyless(this.status)) {
        throw new RangeError(`a response of status ${this.status} has no body`);
      }
    }
    if (init.statusText !== undefined) this.statusText = checkReason(init.statusText);
    if (init.headers !== undefined) this.#take(init.headers);
    if (isUnpacked(body) && this._headers !== null) leavePacking(this._headers);
  }

  /** A response with the value as JSON. */
  static json(value: unknown, init?: ResponseInit): Response {
    const text = JSON.stringify(value);
    if (text === undefined) throw new TypeError('value cannot be written as JSON');
    const response = new Response(text, init);
    if (response._type === TEXT) response._type = JSON_TYPE;
    else if (response._headers?.get('content-type') === TEXT) {
      response._headers.set('content-type', JSON_TYPE);
    }
    return response;
  }

  /** A redirection; 302 unless said otherwise. */
  static redirect(url: string | URL, status = 302): Response {
    if (![301, 302, 303, 307, 308].includes(status)) {
      throw new RangeError(`${status} is no status of a redirection`);
    }
    return new Response(null, { status, headers: { location: String(url) } });
  }

  /** The headers, which may still be changed. */
  get headers(): Headers {
    if (this._headers === null) {
      this._headers = new Headers();
      if (this._type !== null) this._headers.set('content-type', this._type);
      this._type = null;
    }
    return this._headers;
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  /** Whether the body can be sent only once. */
  get _streams(): boolean {
    return !canSendAgain(this._body);
  }

  toString(): string {
    const size = sizeOfBody(this._body);
    const type = this._type ?? this._headers?.get('content-type') ?? null;
    const body = size === 0 ? 'no body' : size === null ? 'a stream' : `${size} bytes`;
    return `Response { ${this.status}, ${body}${type === null ? '' : ` of ${type}`} }`;
  }

  #take(init: HeadersInit | ReadonlyHeaders): void {
    if (typeof init !== 'object' || init === null) {
      throw new TypeError(`headers must be an object or pairs, not ${describe(init)}`);
    }
    const type = soleContentType(init);
    if (type !== null) {
      this._type = checkValue('content-type', type);
      return;
    }
    const headers = new Headers(init);
    if (this._type !== null && !headers.has('content-type')) {
      headers.set('content-type', this._type);
    }
    this._type = null;
    this._headers = headers;
  }
}

showsText(Response);

/** A response may stand for its options, as in `new Response(text, response)`. */
function checkInit(init: object | null): void {
  if (typeof init === 'object' && init !== null && 'body' in init && !Object.hasOwn(init, 'body'))
    return;
  checkOptions('Response', init, OPTIONS);
}

/** Takes away what describes a packed body, of an answer that goes out unpacked. */
export function leavePacking(headers: Headers): void {
  headers.delete('content-encoding');
  headers.delete('content-length');
}

/** The value, when the only header given is Content-Type. */
function soleContentType(init: object): unknown {
  if (Symbol.iterator in init) return null;
  const names = Object.keys(init);
  if (names.length !== 1 || names[0]!.toLowerCase() !== 'content-type') return null;
  return (init as Record<string, unknown>)[names[0]!];
}

function checkStatus(status: unknown): number {
  if (Number.isInteger(status) && (status as number) >= 200 && (status as number) <= 599) {
    return status as number;
  }
  throw new RangeError(`status must be an integer from 200 to 599, not ${String(status)}`);
}

function checkReason(reason: unknown): string {
  if (typeof reason === 'string' && FIELD_VALUE.test(reason)) return reason;
  throw new TypeError(`invalid statusText: ${JSON.stringify(reason)}`);
}
