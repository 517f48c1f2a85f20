// What the tests of WebSockets share: a peer that says exactly the frames it is told to say.
import { createHash } from 'node:crypto';
import net from 'node:net';
import type { AddressInfo } from 'node:net';

import { createTask, openConnection } from 'oxbow';
import type { StreamReader, StreamWriter } from 'oxbow';
import type { HttpServer } from 'oxbow/http';

import { onOpen } from './serve-support.ts';

export const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

export function upgradeHead(path = '/', lines: Record<string, string | null> = {}): string {
  const headers: Record<string, string | null> = {
    host: 'h',
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': KEY,
    ...lines,
  };
  const all = Object.entries(headers).filter(([, value]) => value !== null);
  return `GET ${path} HTTP/1.1\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

export interface FrameShape {
  fin?: boolean;
  rsv?: number;
  masked?: boolean;
}

export function frame(
  opcode: number,
  data: string | Uint8Array = '',
  { fin = true, rsv = 0, masked = true }: FrameShape = {},
): Buffer {
  const payload = Buffer.from(data as string);
  const { length } = payload;
  const mask = masked ? 0x80 : 0;
  const head =
    length < 126
      ? Buffer.from([0, mask | length])
      : length < 65536
        ? Buffer.from([0, mask | 126, length >> 8, length & 255])
        : Buffer.alloc(10);
  if (length >= 65536) {
    head[1] = mask | 127;
    head.writeUInt32BE(length, 6);
  }
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  if (!masked) return Buffer.concat([head, payload]);
  const key = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);
  const hidden = Buffer.from(payload);
  for (let n = 0; n < length; n++) hidden[n]! ^= key[n & 3]!;
  return Buffer.concat([head, key, hidden]);
}

export function closeFrame(code: number, reason: string | Uint8Array = '', masked = true): Buffer {
  const payload = Buffer.concat([
    Buffer.from([code >> 8, code & 255]),
    Buffer.from(reason as string),
  ]);
  return frame(8, payload, { masked });
}

export interface Heard {
  opcode: number;
  fin: boolean;
  packed: boolean;
  payload: Buffer;
}

/** Reads the frames of one side, and whether they are masked as they must be. */
export class FrameReader {
  #bytes = Buffer.alloc(0);
  #waiting: Buffer[] = [];
  #size = 0;
  /** Bytes without which there is no next frame. */
  #needed = 2;
  readonly #masked: boolean;

  constructor(masked: boolean) {
    this.#masked = masked;
  }

  add(bytes: Buffer): void {
    this.#waiting.push(bytes);
    this.#size += bytes.length;
  }

  next(): Heard | null {
    if (this.#bytes.length + this.#size < this.#needed) return null;
    if (this.#size > 0) this.#bytes = Buffer.concat([this.#bytes, ...this.#waiting]);
    this.#waiting = [];
    this.#size = 0;
    const bytes = this.#bytes;
    if (bytes.length < 2) return null;
    this.#needed = bytes.length + 1;
    if ((bytes[1]! & 0x80) !== (this.#masked ? 0x80 : 0)) throw new Error('wrongly masked');
    let length = bytes[1]! & 0x7f;
    let at = 2;
    if (length === 126) {
      if (bytes.length < 4) return null;
      length = bytes.readUInt16BE(2);
      at = 4;
    } else if (length === 127) {
      if (bytes.length < 10) return null;
      length = Number(bytes.readBigUInt64BE(2));
      at = 10;
    }
    const key = this.#masked ? bytes.subarray(at, (at += 4)) : null;
    this.#needed = at + length;
    if (bytes.length < at + length) return null;
    this.#needed = 2;
    const payload = Buffer.from(bytes.subarray(at, at + length));
    if (key !== null) for (let n = 0; n < length; n++) payload[n]! ^= key[n & 3]!;
    this.#bytes = bytes.subarray(at + length);
    return {
      opcode: bytes[0]! & 15,
      fin: (bytes[0]! & 0x80) !== 0,
      packed: (bytes[0]! & 0x40) !== 0,
      payload,
    };
  }
}

/** A frame in short: `text hello`, `ping x`, `close 1000 bye`, `binary <bytes>`. */
export function shown({ opcode, payload }: Heard): string {
  if (opcode === 8) {
    const code = payload.length === 0 ? '' : ` ${payload.readUInt16BE(0)}`;
    return `close${code}${payload.length > 2 ? ` ${payload.toString('utf8', 2)}` : ''}`;
  }
  const name = { 1: 'text', 2: 'binary', 9: 'ping', 10: 'pong' }[opcode] ?? `opcode ${opcode}`;
  if (payload.length > 100) return `${name} of ${payload.length}`;
  return `${name} ${payload.toString(opcode === 1 ? 'utf8' : 'latin1')}`.trim();
}

/** One end of a WebSocket that says exactly what it is told to say. */
export abstract class Talker {
  readonly heard: Heard[] = [];
  closed = false;
  #waiting: Array<() => void> = [];

  /** Done once everything is in the kernel's hands, or nobody wants it. */
  abstract send(...bytes: Uint8Array[]): Promise<void>;

  protected wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition() && !this.closed) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** What was heard, once there are so many frames. */
  async hear(count: number): Promise<string[]> {
    await this.until(() => this.heard.length >= count);
    return this.heard.map(shown);
  }

  /** What was heard until the other end has closed. */
  async hearAll(): Promise<string[]> {
    await this.until(() => false);
    return this.heard.map(shown);
  }
}

/** A server for one client that is under test. It ends the connection behind the close frame. */
export class HostPeer extends Talker {
  readonly #server: net.Server;
  readonly #frames = new FrameReader(true);
  #socket: net.Socket | null = null;

  private constructor(server: net.Server) {
    super();
    this.#server = server;
    server.on('connection', (socket: net.Socket) => this.#take(socket));
  }

  /** @param more - further lines of the answer, each with its end */
  static async start(more = ''): Promise<HostPeer> {
    const server = net.createServer({ noDelay: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const made = new HostPeer(server);
    made.#more = more;
    return made;
  }

  #more = '';

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  #take(socket: net.Socket): void {
    onOpen(socket);
    let head = '';
    socket.on('error', () => {});
    socket.on('close', () => {
      this.closed = true;
      this.wake();
    });
    socket.on('data', (bytes: Buffer) => {
      if (head.endsWith('\r\n\r\n')) {
        this.#frames.add(bytes);
        for (let one; (one = this.#frames.next()) !== null;) {
          this.heard.push(one);
          if (one.opcode === 8) socket.end();
        }
        this.wake();
        return;
      }
      head += bytes.toString('latin1');
      if (!head.endsWith('\r\n\r\n')) return;
      socket.write(granted(acceptOf(head), this.#more));
      this.#socket = socket;
      this.wake();
    });
  }

  async send(...bytes: Uint8Array[]): Promise<void> {
    await this.until(() => this.#socket !== null);
    const socket = this.#socket!;
    if (socket.writable) await new Promise((done) => socket.write(Buffer.concat(bytes), done));
  }

  close(): void {
    this.#socket?.destroy();
    this.#server.close();
  }
}

/** What answers the key in the head of a handshake. */
export function acceptOf(head: string): string {
  const key = /sec-websocket-key: (.*)\r\n/i.exec(head)![1]!;
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

export const granted = (accept: string, more = ''): string =>
  'HTTP/1.1 101 Switching Protocols\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n' +
  `Sec-WebSocket-Accept: ${accept}\r\n${more}\r\n`;

/** A client of a server under test. */
export class WebSocketPeer extends Talker {
  readonly socket: net.Socket;
  head = '';
  readonly #frames = new FrameReader(false);

  constructor(port: number) {
    super();
    this.socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    onOpen(this.socket);
    this.socket.on('data', (bytes) => {
      this.#take(bytes);
      this.wake();
    });
    this.socket.on('error', () => {});
    this.socket.on('close', () => {
      this.closed = true;
      this.wake();
    });
  }

  /** A peer whose WebSocket is open. */
  static async open(
    server: HttpServer,
    path = '/',
    lines: Record<string, string | null> = {},
  ): Promise<WebSocketPeer> {
    const peer = new WebSocketPeer(server.port);
    await peer.send(Buffer.from(upgradeHead(path, lines)));
    await peer.until(() => peer.head.endsWith('\r\n\r\n'));
    if (!peer.head.startsWith('HTTP/1.1 101 ')) throw new Error(peer.head);
    return peer;
  }

  #take(bytes: Buffer): void {
    let rest = bytes;
    if (!this.head.endsWith('\r\n\r\n')) {
      const whole = this.head + bytes.toString('latin1');
      const end = whole.indexOf('\r\n\r\n');
      this.head = end < 0 ? whole : whole.slice(0, end + 4);
      if (end < 0) return;
      rest = Buffer.from(whole.slice(end + 4), 'latin1');
    }
    this.#frames.add(rest);
    for (let one; (one = this.#frames.next()) !== null;) this.heard.push(one);
  }

  /** Done once everything is in the kernel's hands. */
  send(...bytes: Uint8Array[]): Promise<void> {
    return new Promise((resolve) => this.socket.write(Buffer.concat(bytes), () => resolve()));
  }

  close(): void {
    this.socket.destroy();
  }
}

/** A client of a server in simulated time (`withVirtualServer`), whose WebSocket is open. */
export class VirtualPeer extends Talker {
  readonly #writer: StreamWriter;
  readonly #frames = new FrameReader(false);

  private constructor(writer: StreamWriter) {
    super();
    this.#writer = writer;
  }

  static async open(server: HttpServer): Promise<VirtualPeer> {
    const [reader, writer] = await openConnection('127.0.0.1', server.port);
    writer.write(upgradeHead());
    await reader.readuntil('\r\n\r\n');
    const peer = new VirtualPeer(writer);
    createTask(() => peer.#listen(reader));
    return peer;
  }

  async #listen(reader: StreamReader): Promise<void> {
    for (let bytes; (bytes = await reader.read(65_536)).length > 0;) {
      this.#frames.add(bytes);
      for (let one; (one = this.#frames.next()) !== null;) this.heard.push(one);
      this.wake();
    }
    this.closed = true;
    this.wake();
  }

  async send(...bytes: Uint8Array[]): Promise<void> {
    this.#writer.write(Buffer.concat(bytes));
  }

  close(): void {
    this.#writer.close();
  }
}
