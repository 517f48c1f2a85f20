/** WHATWG's WebSocket, for libraries written for browsers. */
import { describe } from '../../core/support/describe.ts';
import { CancelledError, isA } from '../../core/errors/errors.ts';
import { showsText } from '../../core/support/shows-text.ts';
import type { Task } from '../../core/task/task.ts';
import { bytesOf } from '../../io/data.ts';
import { TOKEN } from '../message/grammar.ts';
import type { WebSocketConnection, WebSocketMessage } from '../websocket/connection.ts';
import { ABNORMAL, checkReason, NO_CODE, NORMAL } from '../websocket/close-codes.ts';
import type { CloseWords } from '../websocket/closing.ts';
import { NO_CALLBACKS } from '../websocket/settings.ts';
import { connectWith } from './connect-websocket.ts';

/** CloseEvent, which older versions of Node lack. */
class Closed extends Event {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;

  constructor(code: number, reason: string, wasClean: boolean) {
    super('close');
    this.code = code;
    this.reason = reason;
    this.wasClean = wasClean;
  }
}

/** ErrorEvent, which older versions of Node lack too. */
class Failed extends Event {
  readonly error: unknown;
  readonly message: string;

  constructor(error: unknown) {
    super('error');
    this.error = error;
    this.message = error instanceof Error ? error.message : '';
  }
}

type Listener = ((event: any) => unknown) | null;

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;

/** Messages that wait because the first of them is a Blob being read. */
type Waiting = Array<string | Uint8Array | Blob>;

/**
 * A WebSocket with the browsers' API, over a connection of the running loop. For new code prefer
 * `connectWebSocket`: it can be awaited and cancelled, and supports backpressure.
 *
 * @throws SyntaxError (DOMException) for an invalid URL or invalid protocols; RuntimeError outside
 *   a running loop
 * @example
 * const socket = new WebSocket('ws://localhost:8080/chat');
 * socket.onmessage = ({ data }) => console.log(data);
 * socket.onopen = () => socket.send('hello');
 */
export class WebSocket extends EventTarget {
  static readonly CONNECTING: number = CONNECTING;
  static readonly OPEN: number = OPEN;
  static readonly CLOSING: number = CLOSING;
  static readonly CLOSED: number = CLOSED;
  readonly CONNECTING: number = CONNECTING;
  readonly OPEN: number = OPEN;
  readonly CLOSING: number = CLOSING;
  readonly CLOSED: number = CLOSED;

  /** The URL it connects to. */
  readonly url: string;
  #state = CONNECTING;
  #socket: WebSocketConnection | null = null;
  #connecting: Task<WebSocketConnection>;
  #binaryType: 'blob' | 'arraybuffer' = 'blob';
  /** Whether sub-protocols were asked for. */
  readonly #asks: boolean;
  #lost = 0;
  #waiting: Waiting | null = null;
  #closing: CloseWords | null = null;
  #handlers = new Map<string, NonNullable<Listener>>();

  /** @param protocols - one sub-protocol, or several, the preferred one first */
  constructor(url: string | URL, protocols: string | readonly string[] = []) {
    super();
    const names = namesOf(protocols);
    this.url = addressOf(url);
    this.#asks = names.length !== 0;
    if (new Set(names).size !== names.length || !names.every((name) => TOKEN.test(name))) {
      throw new DOMException(`invalid sub-protocols: ${names.join(', ')}`, 'SyntaxError');
    }
    const callbacks = {
      ...NO_CALLBACKS,
      message: (_socket: WebSocketConnection, message: WebSocketMessage) =>
        this.#onMessage(message),
      close: (socket: WebSocketConnection, _code: number, reason: string) =>
        this.#onClosed(socket._agreed, reason),
    };
    // `send` returns nothing, so it must not drop messages; `bufferedAmount` shows how much waits.
    const options = { protocols: names, maxBackpressure: Number.MAX_SAFE_INTEGER };
    this.#connecting = connectWith('new WebSocket()', this.url, options, callbacks);
    this.#connecting.addDoneCallback((task) => this.#onConnected(task));
  }

  /** CONNECTING 0, OPEN 1, CLOSING 2 or CLOSED 3. */
  get readyState(): number {
    if (this.#state !== OPEN) return this.#state;
    return this.#closing !== null || this.#socket!._saidClose ? CLOSING : OPEN;
  }

  /** The negotiated sub-protocol, or ''. */
  get protocol(): string {
    return this.#socket?.protocol ?? '';
  }

  /** The negotiated extensions, or ''. */
  get extensions(): string {
    return this.#socket !== null && this.#socket.compressed ? 'permessage-deflate' : '';
  }

  /** Bytes passed to `send` and not yet sent. What is passed after closing began stays counted. */
  get bufferedAmount(): number {
    let waiting = 0;
    for (const one of this.#waiting ?? []) waiting += sizeOf(one);
    return this.#lost + waiting + (this.#socket?.bufferedAmount ?? 0);
  }

  /** The type of received bytes: `'blob'`, the default, or `'arraybuffer'`. */
  get binaryType(): 'blob' | 'arraybuffer' {
    return this.#binaryType;
  }

  set binaryType(type: 'blob' | 'arraybuffer') {
    if (type === 'blob' || type === 'arraybuffer') this.#binaryType = type;
  }

  get onopen(): Listener {
    return this.#handlers.get('open') ?? null;
  }

  set onopen(listener: Listener) {
    this.#handle('open', listener);
  }

  get onmessage(): Listener {
    return this.#handlers.get('message') ?? null;
  }

  set onmessage(listener: Listener) {
    this.#handle('message', listener);
  }

  get onerror(): Listener {
    return this.#handlers.get('error') ?? null;
  }

  set onerror(listener: Listener) {
    this.#handle('error', listener);
  }

  get onclose(): Listener {
    return this.#handlers.get('close') ?? null;
  }

  set onclose(listener: Listener) {
    this.#handle('close', listener);
  }

  /** Sends text or bytes. @throws InvalidStateError (DOMException) while connecting */
  send(data: string | Blob | ArrayBufferView | ArrayBuffer): void {
    if (this.#state === CONNECTING) {
      throw new DOMException('the WebSocket is still connecting', 'InvalidStateError');
    }
    const bytes = data instanceof Blob ? data : (bytesOf(data) ?? String(data));
    if (this.readyState !== OPEN) {
      this.#lost += sizeOf(bytes);
      return;
    }
    // Messages after a Blob wait until it has been read, to keep their order.
    const own = bytes instanceof Uint8Array ? new Uint8Array(bytes) : bytes;
    if (this.#waiting !== null) this.#waiting.push(own);
    else if (bytes instanceof Blob) {
      this.#waiting = [bytes];
      void this.#sendWaiting();
    } else this.#sendNow(own as string | Uint8Array);
  }

  /**
   * Starts the closing handshake; while connecting, gives up.
   * @param code - 1000, or 3000 to 4999; default: none, or 1000 if there is a reason
   * @throws InvalidAccessError, SyntaxError (DOMException) for another code, or a reason of more
   *   than 123 bytes
   */
  close(code?: number, reason = ''): void {
    const own = code === undefined ? undefined : unsignedShort(code);
    if (own !== undefined && own !== 1000 && !(own >= 3000 && own <= 4999)) {
      throw new DOMException(
        `code must be 1000 or 3000 to 4999, not ${code}`,
        'InvalidAccessError',
      );
    }
    // As it will be sent: lone surrogates become U+FFFD.
    const text = Buffer.from(String(reason)).toString();
    try {
      checkReason(text);
    } catch (error) {
      throw new DOMException((error as Error).message, 'SyntaxError');
    }
    const words = { code: own ?? (text === '' ? NO_CODE : NORMAL), reason: text };
    if (this.#state === CONNECTING) {
      this.#state = CLOSING;
      this.#connecting.cancel();
    } else if (this.#waiting !== null) this.#closing ??= words;
    else this.#socket?._closeWith(words.code, words.reason);
  }

  override toString(): string {
    const state = ['connecting', 'open', 'closing', 'closed'][this.readyState];
    return `WebSocket { ${this.url} ${state} }`;
  }

  #onConnected(task: Task<WebSocketConnection>): void {
    try {
      this.#socket = task.result();
    } catch (error) {
      this.#state = CLOSED;
      this.#dispatch(new Failed(isA(error, CancelledError) ? new Error('closed') : error));
      this.#dispatch(new Closed(1006, '', false));
      return;
    }
    if (this.#state === CLOSING) {
      this.#socket.abort();
      return;
    }
    // Browsers require a sub-protocol here; RFC 6455 does not.
    if (this.#asks && this.#socket.protocol === '') {
      this.#socket._abort('the server has taken none of the sub-protocols');
      return;
    }
    this.#state = OPEN;
    this.#dispatch(new Event('open'));
  }

  #onMessage(message: WebSocketMessage): void {
    if (typeof message === 'string') {
      this.#dispatch(new MessageEvent('message', { data: message, origin: originOf(this.url) }));
      return;
    }
    const data = this.#binaryType === 'blob' ? new Blob([message]) : new Uint8Array(message).buffer;
    this.#dispatch(new MessageEvent('message', { data, origin: originOf(this.url) }));
  }

  /** @param agreed - the close code and reason of the handshake; null when the connection broke */
  #onClosed(agreed: CloseWords | null, why: string): void {
    this.#state = CLOSED;
    if (agreed === null) {
      this.#dispatch(new Failed(new Error(why === '' ? 'connection lost' : why)));
    }
    const { code, reason } = agreed ?? { code: ABNORMAL, reason: '' };
    this.#dispatch(new Closed(code, reason, agreed !== null));
  }

  #sendNow(data: string | Uint8Array): void {
    if (this.#socket!.send(data) === 'dropped') this.#lost += sizeOf(data);
  }

  async #sendWaiting(): Promise<void> {
    const waiting = this.#waiting!;
    while (waiting.length > 0) {
      const [first] = waiting;
      let data = first!;
      if (data instanceof Blob) {
        try {
          data = new Uint8Array(await data.arrayBuffer());
        } catch (error) {
          // A Blob of a file that has changed. Sending the later messages without it would be
          // wrong.
          for (const one of waiting.splice(0)) this.#lost += sizeOf(one);
          this.#socket!._abort(`a Blob cannot be read: ${(error as Error).message}`);
          break;
        }
      }
      waiting.shift();
      this.#sendNow(data);
    }
    this.#waiting = null;
    if (this.#closing !== null) this.#socket!._closeWith(this.#closing.code, this.#closing.reason);
  }

  #dispatch(event: Event): void {
    this.dispatchEvent(event);
  }

  #handle(type: string, listener: Listener): void {
    const before = this.#handlers.get(type);
    if (before !== undefined) this.removeEventListener(type, before);
    this.#handlers.delete(type);
    if (typeof listener !== 'function') return;
    this.#handlers.set(type, listener);
    this.addEventListener(type, listener);
  }
}

showsText(WebSocket);

/** Accepts what browsers do: one name, or an iterable of names. */
function namesOf(protocols: unknown): string[] {
  if (typeof protocols === 'string') return [protocols];
  if (typeof protocols === 'object' && protocols !== null && Symbol.iterator in protocols) {
    const names = [...(protocols as Iterable<unknown>)];
    if (names.every((name) => typeof name === 'string')) return names;
  }
  throw new TypeError(
    `protocols must be a string or several in an array, not ${describe(protocols)}`,
  );
}

function addressOf(url: string | URL): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new DOMException(`invalid URL: ${describe(url)}`, 'SyntaxError');
  }
  parsed.protocol = parsed.protocol.replace(/^http/, 'ws');
  if (!/^wss?:$/.test(parsed.protocol) || parsed.href.includes('#')) {
    throw new DOMException(
      `the URL of a WebSocket has ws: or wss:, and no fragment: ${parsed.href}`,
      'SyntaxError',
    );
  }
  return parsed.href;
}

/** Converts a number as WebIDL's `[Clamp] unsigned short`. */
function unsignedShort(value: number): number {
  const number = Math.min(Math.max(Number(value), 0), 65535);
  const below = Math.floor(number);
  const rest = number - below;
  if (Number.isNaN(number)) return 0;
  return below + (rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? 1 : 0);
}

function originOf(url: string): string {
  return new URL(url).origin;
}

function sizeOf(data: string | Uint8Array | Blob): number {
  if (typeof data === 'string') return Buffer.byteLength(data);
  return data instanceof Blob ? data.size : data.length;
}
