/**
 * A connection to the monitor, which answers requests one after the other. Both the length of a
 * request and the time that a client may stay idle, or not read its answer, are limited.
 */
import type { Socket } from 'node:net';

import { parseRequest, PROTOCOL_VERSION, REQUEST_BYTES_MAX } from './protocol.ts';
import type { ProcessInfo, Request } from './protocol.ts';

const IDLE_MS = 10_000;
const NEWLINE = 10;

export class Client {
  readonly #socket: Socket;
  readonly #describe: (request: Request) => Promise<ProcessInfo>;
  #received: Buffer = Buffer.alloc(0);
  #busy = false;

  constructor(socket: Socket, describe: (request: Request) => Promise<ProcessInfo>) {
    this.#socket = socket;
    this.#describe = describe;
    socket.on('error', () => socket.destroy());
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    socket.on('data', (data: Buffer) => {
      this.#received = Buffer.concat([this.#received, data]);
      if (!this.#busy) void this.#answerAll();
    });
  }

  /** Whether a request of this client is being answered. */
  get busy(): boolean {
    return this.#busy;
  }

  close(): void {
    this.#socket.destroy();
  }

  async #answerAll(): Promise<void> {
    const socket = this.#socket;
    this.#busy = true;
    // Stop reading until the requests received so far are answered.
    socket.pause();
    for (let line = this.#takeLine(); line !== null; line = this.#takeLine()) {
      await this.#answer(line);
      if (socket.destroyed) return;
    }
    this.#busy = false;
    if (this.#received.length <= REQUEST_BYTES_MAX) socket.resume();
    else socket.end(failure(null, `a request has at most ${REQUEST_BYTES_MAX} bytes`));
  }

  #takeLine(): string | null {
    const end = this.#received.indexOf(NEWLINE);
    if (end < 0 || end > REQUEST_BYTES_MAX) return null;
    const line = this.#received.toString('utf8', 0, end);
    this.#received = this.#received.subarray(end + 1);
    return line;
  }

  async #answer(line: string): Promise<void> {
    const socket = this.#socket;
    const text = await this.#textFor(line);
    if (socket.destroyed || socket.write(text)) return;
    // A client that does not read runs into the time limit, which destroys the socket.
    await new Promise<void>((resolve) => {
      socket.once('drain', resolve);
      socket.once('close', () => resolve());
    });
  }

  async #textFor(line: string): Promise<string> {
    const request = parseRequest(line);
    if (typeof request === 'string') return failure(null, request);
    const { id } = request;
    try {
      const process = await this.#describe(request);
      return `${JSON.stringify({ version: PROTOCOL_VERSION, id, ok: true, process })}\n`;
    } catch (error) {
      return failure(id, String(error));
    }
  }
}

function failure(id: number | null, error: string): string {
  return `${JSON.stringify({ version: PROTOCOL_VERSION, id, ok: false, error })}\n`;
}
