/**
 * A lighter replacement of the global Response, for frameworks that make one for each request.
 * Node's takes some ten microseconds to make, since it makes a stream for each body, and as long
 * again to read. This one keeps what it was made from, which is what a server sends; a stream or a
 * Response of Node's is made only when it is needed.
 */
import type { ReadableByteStreamController } from 'node:stream/web';

import { TOKEN, FIELD_VALUE } from '../message/grammar.ts';
import { Headers } from '../message/headers.ts';
import { IncomingBody } from '../message/incoming-body.ts';
import { isBodyless } from '../message/status.ts';
import { webStream } from '../message/web-body.ts';
import { Response } from './response.ts';

type NativeResponse = globalThis.Response;
type NativeResponseClass = typeof globalThis.Response;
type NativeHeaders = globalThis.Headers;

/** Node's own classes. */
interface Natives {
  readonly Response: NativeResponseClass;
  readonly Headers: typeof globalThis.Headers;
}

let natives: Natives;

/** The body from which a stream was made. */
interface Source {
  readonly bytes: string | Uint8Array;
  /** Whether the stream was read, cancelled or sent. */
  isUsed: boolean;
}

/** The sources of streams that were made from a whole body. */
const sources = new WeakMap<object, Source>();

const TEXT = 'text/plain;charset=UTF-8';
const JSON_TYPE = 'application/json';
const REASON = /^[\t\x20-\x7e\x80-\xff]*$/;
const SURROGATE = /[\ud800-\udfff]/;

/** The head of a response. */
interface Head {
  readonly status: number;
  readonly statusText: string;
  /** The content type, if there is no other header. */
  readonly type: string | null;
  readonly fields: Headers | null;
}

/**
 * What the global Response makes in the usual case: the body is a string or bytes, and the headers
 * are valid.
 */
export class WebResponse {
  readonly #head: Head;
  readonly #body: string | Uint8Array | null;
  /** Made when first used; from then on they replace those in the head. */
  #headers: NativeHeaders | null = null;
  #stream: ReadableStream<Uint8Array> | null;
  #native: NativeResponse | null = null;
  /** Whether the body was used without a stream. */
  #isTaken = false;

  constructor(
    body: string | Uint8Array | null,
    stream: ReadableStream<Uint8Array> | null,
    head: Head,
  ) {
    this.#head = head;
    this.#body = body;
    this.#stream = stream;
  }

  /**
   * Converts it to a Response of `oxbow/http` to be sent. @throws TypeError when the body was
   * already used
   */
  static toOurs(web: WebResponse): Response {
    const { status, statusText, type, fields } = WebResponse.head(web);
    const isPlain = status === 200 && statusText === '';
    const response = new Response(web.#take(), isPlain ? undefined : { status, statusText });
    // Set directly: the constructor would add a type to a string, which was perhaps a stream and
    // has none.
    response._type = type;
    response._headers = fields;
    return response;
  }

  /** A copy of the head for another response. */
  static head(web: WebResponse): Head {
    if (web.#headers !== null) return headOf(web.#head, web.#headers);
    const { fields } = web.#head;
    return fields === null ? web.#head : { ...web.#head, fields: fields._copy() };
  }

  #take(): string | Uint8Array | null {
    if (this.#body === null) return null;
    if (this.bodyUsed || this.#stream?.locked === true) {
      throw new TypeError('body of the response was already used');
    }
    this.#isTaken = true;
    // Marks the stream as used as well, for whoever holds it.
    if (this.#stream !== null) sources.get(this.#stream)!.isUsed = true;
    return this.#body;
  }

  get type(): string {
    return 'default';
  }

  get url(): string {
    return '';
  }

  get redirected(): boolean {
    return false;
  }

  get status(): number {
    return this.#head.status;
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  get statusText(): string {
    return this.#head.statusText;
  }

  get headers(): NativeHeaders {
    if (this.#headers !== null) return this.#headers;
    const { type, fields } = this.#head;
    const headers = new natives.Headers();
    if (type !== null) headers.set('content-type', type);
    if (fields !== null) for (const [name, value] of fields) headers.append(name, value);
    return (this.#headers = headers);
  }

  get body(): ReadableStream<Uint8Array> | null {
    if (this.#stream === null && this.#body !== null) {
      this.#stream = streamOf(this.#body, this.#isTaken);
    }
    return this.#stream;
  }

  get bodyUsed(): boolean {
    return this.#isTaken || (this.#stream !== null && sources.get(this.#stream)!.isUsed);
  }

  async text(): Promise<string> {
    const body = this.#body;
    if (this.#stream !== null || typeof body !== 'string' || SURROGATE.test(body)) {
      return this.#unused().text();
    }
    return this.#take() as string;
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#unused().arrayBuffer();
  }

  async blob(): Promise<Blob> {
    return this.#unused().blob();
  }

  async bytes(): Promise<Uint8Array> {
    return new Uint8Array(await this.arrayBuffer());
  }

  async formData(): Promise<FormData> {
    return this.#unused().formData();
  }

  clone(): WebResponse {
    if (this.bodyUsed || this.#stream?.locked === true) {
      throw new TypeError('Response.clone: Body has already been consumed.');
    }
    return new WebResponse(this.#body, null, WebResponse.head(this));
  }

  /** A Response of Node's with the same body. */
  #unused(): NativeResponse {
    const { status, statusText, headers, body } = this;
    if (this.#isTaken) throw new TypeError('Body is unusable: Body has already been read');
    return (this.#native ??= new natives.Response(body as never, { status, statusText, headers }));
  }
}

/** A stream of a whole body, whose source is remembered. */
function streamOf(bytes: string | Uint8Array, isUsed: boolean): ReadableStream<Uint8Array> {
  const source: Source = { bytes, isUsed };
  const use = (): void => void (source.isUsed = true);
  const stream = new globalThis.ReadableStream<Uint8Array>(
    {
      type: 'bytes' as never,
      pull(controller) {
        use();
        const all = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
        // A copy in a buffer of its own, since the reader may transfer it.
        if (all.length !== 0) controller.enqueue(new Uint8Array(all));
        controller.close();
        (controller as ReadableByteStreamController).byobRequest?.respond(0);
      },
      cancel: use,
    },
    { highWaterMark: 0 },
  );
  sources.set(stream, source);
  return stream;
}

/** The head with these headers. */
function headOf({ status, statusText }: Head, headers: NativeHeaders): Head {
  let type: string | null = null;
  let fields: Headers | null = null;
  for (const [name, value] of headers) {
    if (fields === null && type === null && name === 'content-type') {
      type = value;
      continue;
    }
    if (fields === null) {
      fields = new Headers();
      if (type !== null) fields.append('content-type', type);
      type = null;
    }
    fields.append(name, value);
  }
  return { status, statusText, type, fields };
}

const NO_INIT = Object.freeze({ status: 200, statusText: '', type: null, fields: null });
const OF_TEXT: Head = Object.freeze({ ...NO_INIT, type: TEXT });

/**
 * Makes a response; null for unusual arguments, which are left to Node's class, and so are invalid
 * ones.
 */
function made(body: unknown, init: unknown, type: string = TEXT): WebResponse | null {
  const whole = wholeBody(body);
  if (whole === undefined) return null;
  let head = headIn(init);
  if (head === null || (whole !== null && isBodyless(head.status))) return null;
  if (typeof body === 'string' && head.type === null) {
    if (head.fields === null)
      head = head === NO_INIT && type === TEXT ? OF_TEXT : { ...head, type };
    else if (!head.fields.has('content-type')) head.fields.append('content-type', type);
  }
  return new WebResponse(
    whole,
    sources.has(body as object) ? (body as ReadableStream) : null,
    head,
  );
}

/** The text or bytes of a body that is not an arbitrary stream; undefined for everything else. */
function wholeBody(body: unknown): string | Uint8Array | null | undefined {
  if (typeof body === 'string') return body;
  if (body === null || body === undefined) return null;
  if (body instanceof Uint8Array || body instanceof ArrayBuffer) return new Uint8Array(body);
  const source = sources.get(body as object);
  return source === undefined || source.isUsed || (body as ReadableStream).locked
    ? undefined
    : source.bytes;
}

function headIn(init: unknown): Head | null {
  if (init === undefined || init === null) return NO_INIT;
  if (init instanceof WebResponse) return WebResponse.head(init);
  if (typeof init !== 'object') return null;
  const { status = 200, statusText = '', headers } = init as Record<string, unknown>;
  if (!Number.isInteger(status) || (status as number) < 200 || (status as number) > 599)
    return null;
  if (typeof statusText !== 'string' || !REASON.test(statusText)) return null;
  const head = { status: status as number, statusText, type: null, fields: null };
  if (headers === undefined) return head;
  if (headers instanceof natives.Headers) return headOf(head, headers);
  return typeof headers === 'object' && headers !== null ? withFields(head, headers) : null;
}

function withFields(head: Head, given: object): Head | null {
  const prototype: unknown = Object.getPrototypeOf(given);
  if ((prototype !== Object.prototype && prototype !== null) || Symbol.iterator in given)
    return null;
  const fields = new Headers();
  const all = Object.entries(given) as [string, unknown][];
  for (const [name, value] of all) {
    if (typeof value !== 'string' || !TOKEN.test(name) || !FIELD_VALUE.test(value)) return null;
    if (all.length === 1 && name.toLowerCase() === 'content-type') {
      return { ...head, type: value.trim() };
    }
    fields.append(name, value);
  }
  return { ...head, fields };
}

/** The class that replaces Node's Response. */
export function lighterResponse(Native: NativeResponseClass): NativeResponseClass {
  natives ??= { Response: Native, Headers: globalThis.Headers };
  const Lighter = function Response(body: unknown, init: unknown): object {
    const target = new.target as unknown;
    if (target === undefined) {
      throw new TypeError("Class constructor Response cannot be invoked without 'new'");
    }
    if (target === Lighter) {
      const web = made(body, init);
      if (web !== null) return web;
    }
    const args = [body instanceof IncomingBody ? webStream(body) : body, init];
    return Reflect.construct(Native, args, target === Lighter ? Native : (target as Function));
  } as unknown as NativeResponseClass;
  const json = (data: unknown, init?: ResponseInit): object => {
    const text = JSON.stringify(data);
    const web = text === undefined ? null : made(text, init, JSON_TYPE);
    return web ?? Native.json(data, init);
  };
  Object.setPrototypeOf(Lighter, Native);
  Object.defineProperty(Lighter, 'length', { value: 0 });
  Object.defineProperty(Lighter, 'prototype', { value: Native.prototype, writable: false });
  Object.defineProperty(Lighter, 'json', { value: json, writable: true, configurable: true });
  Object.setPrototypeOf(WebResponse.prototype, Native.prototype);
  Object.defineProperty(WebResponse.prototype, 'constructor', { value: Lighter, writable: true });
  return Lighter;
}
