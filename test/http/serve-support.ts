// What the tests of the server share: a server for the length of a test, and raw peers.
import http from 'node:http';
import net from 'node:net';

import { run } from 'oxbow';
import { serve } from 'oxbow/http';
import type { HttpServer, ServeOptions } from 'oxbow/http';
import { runVirtual } from 'oxbow/testing';

/** The sockets of peers that are open. */
const open = new Set<net.Socket>();

/** A socket of a peer, which goes with the server. */
export function onOpen(socket: net.Socket): void {
  open.add(socket);
  socket.on('close', () => open.delete(socket));
}

/**
 * Runs `body` beside a server that is closed afterwards. So are all peers: what a failing test left
 * open would be missing to the next ones, whose process may have few descriptors.
 */
export function withServer(
  options: ServeOptions,
  body: (server: HttpServer) => Promise<void>,
): Promise<void> {
  return run(async () => {
    const server = await serve(options);
    try {
      await body(server);
    } finally {
      for (const socket of open) socket.destroy();
      server.close();
      await server.waitClosed();
    }
  });
}

/**
 * The same in simulated time, with peers in the same loop: a short limit is reached by what the
 * test does, and not because the machine had paused.
 */
export function withVirtualServer(
  options: ServeOptions,
  body: (server: HttpServer) => Promise<void>,
): Promise<void> {
  return runVirtual(async () => {
    const server = await serve(options);
    await body(server);
    server.close();
    await server.waitClosed();
  });
}

/** A raw peer, which says exactly what it is told to say. */
export class Peer {
  readonly socket: net.Socket;
  received = '';
  closed = false;
  #wake: (() => void) | null = null;

  constructor(port: number, options: { allowHalfOpen?: boolean } = {}) {
    this.socket = net.connect({ port, host: '127.0.0.1', noDelay: true, ...options });
    open.add(this.socket);
    this.socket.setEncoding('latin1');
    this.socket.on('data', (text) => {
      this.received += String(text);
      this.#wake?.();
    });
    this.socket.on('error', () => {});
    this.socket.on('close', () => {
      open.delete(this.socket);
      this.closed = true;
      this.#wake?.();
    });
  }

  /** Done once everything is in the kernel's hands. */
  send(text: string): Promise<void> {
    return new Promise((resolve) => this.socket.write(text, 'latin1', () => resolve()));
  }

  /** Each byte alone, in a write of its own. */
  async sendBytewise(text: string): Promise<void> {
    for (const byte of text) {
      await this.send(byte);
      await new Promise(setImmediate);
    }
  }

  /** Waits until the condition holds or the connection is closed. */
  async until(condition: (received: string) => boolean): Promise<string> {
    while (!condition(this.received) && !this.closed) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return this.received;
  }

  untilClosed(): Promise<string> {
    return this.until(() => false);
  }

  close(): void {
    this.socket.destroy();
  }
}

/** Says something and gives everything that comes back until the server closes. */
export async function conversation(port: number, text: string): Promise<string> {
  const peer = new Peer(port);
  await peer.send(text);
  return peer.untilClosed();
}

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

/** One request by Node's own client. */
export function ask(
  server: HttpServer,
  path: string,
  options: http.RequestOptions = {},
  body?: string | Buffer,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(new URL(path, server.url), options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece) => (text += piece));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          text,
        }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}
