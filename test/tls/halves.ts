// What the tests of TLS share: both halves that do it, and servers of Node's to talk to.
import tls from 'node:tls';
import type { AddressInfo } from 'node:net';

import { run, startServer } from 'oxbow';
import type { ServerOptions, StreamReader, StreamWriter } from 'oxbow';
import { useNodeTls } from '#lib/tls/use-node-tls.js';

/** One way in which TLS is done. */
export interface Half {
  readonly use: () => void;
  readonly restore: () => void;
}

/** For `describe.each`: our own library on Node's OpenSSL, and node:tls where that cannot load. */
export function bothHalves(): [name: string, half: Half][] {
  const restore = (): void => useNodeTls(null);
  return [
    ['OpenSSL', { use: () => useNodeTls(false), restore }],
    ['node:tls', { use: () => useNodeTls(true), restore }],
  ];
}

/** A server of node:tls that sends back what it gets, and remembers it. */
export class NodeServer {
  received = '';
  readonly server: tls.Server;
  readonly #sockets: Set<tls.TLSSocket> = new Set();

  private constructor(options: tls.TlsOptions) {
    this.server = tls.createServer(options, (socket) => {
      this.#sockets.add(socket);
      socket.on('data', (data: Buffer) => {
        this.received += data.toString('latin1');
        socket.write(data);
      });
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
    });
    // Clients that refuse it are not its fault.
    this.server.on('tlsClientError', () => {});
  }

  static async start(options: tls.TlsOptions): Promise<NodeServer> {
    const made = new NodeServer(options);
    await new Promise<void>((resolve) => made.server.listen(0, resolve));
    return made;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Runs `body` beside a server of ours, which is shut down afterwards. */
export function withServer(
  connected: (reader: StreamReader, writer: StreamWriter) => unknown,
  options: ServerOptions,
  body: (port: number) => Promise<void>,
): Promise<void> {
  return run(async () => {
    const server = await startServer(connected as never, '127.0.0.1', 0, options);
    try {
      await body(server.sockets[0]!.getsockname()[1] as number);
    } finally {
      server.close();
      server.abortClients();
      await server.waitClosed();
    }
  });
}
