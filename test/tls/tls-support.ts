import type { AddressInfo } from 'node:net';
import * as nodeTls from 'node:tls';

import { promise } from 'oxbow';
import type { Coro, StreamReader, StreamWriter } from 'oxbow';

import { authority, serverCertificate } from '../support/certificates.ts';
import type { Issued } from '../support/certificates.ts';

/** Who is who in a test: an authority, and a server it has signed for. */
export interface People {
  root: Issued;
  server: Issued;
  /** What a server takes. */
  mine: { cert: string; key: string };
  /** Whom a client trusts. */
  trust: { ca: string };
}

export async function people(): Promise<People> {
  const root = await authority('root');
  const server = await serverCertificate(root);
  return {
    root,
    server,
    mine: { cert: server.chain, key: server.key },
    trust: { ca: root.cert },
  };
}

/** Sends back what comes. */
export function* echo(reader: StreamReader, writer: StreamWriter): Coro<void> {
  for (let data; (data = yield* reader.read(65536)).length > 0;) {
    writer.write(data);
    yield* writer.drain();
  }
  writer.close();
}

/** Node's own server, which sends back what comes; errors of clients go to `errors`. */
export async function nodeServer(
  options: nodeTls.TlsOptions,
  errors: Error[] = [],
): Promise<{ port: number; close(): Promise<void>; server: nodeTls.Server }> {
  const server = nodeTls.createServer(options, (socket) => {
    socket.on('error', (error) => errors.push(error));
    socket.pipe(socket);
  });
  server.on('tlsClientError', (error) => errors.push(error));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
    server,
  };
}

/** What Node's own client hears when it says `text` and ends, or its error. */
export function nodeClient(
  options: nodeTls.ConnectionOptions,
  text: string,
): Promise<{ heard: string; socket: nodeTls.TLSSocket; error: NodeJS.ErrnoException | null }> {
  return new Promise((resolve) => {
    const socket = nodeTls.connect({ host: '127.0.0.1', servername: 'localhost', ...options });
    let heard = '';
    let error: NodeJS.ErrnoException | null = null;
    socket.on('secureConnect', () => socket.end(text));
    socket.on('data', (data) => (heard += String(data)));
    socket.on('error', (exception) => (error = exception));
    socket.on('close', () => resolve({ heard, socket, error }));
  });
}

/** The code and message of what a coroutine fails with. */
export function* failure(body: Coro<unknown> | PromiseLike<unknown>): Coro<string> {
  try {
    yield* Symbol.iterator in body ? body : promise(body);
    return 'nothing';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}
