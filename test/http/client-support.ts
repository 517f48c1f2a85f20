// What the tests of the client share: servers of Node's for the length of a test.
import http from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';

import { run } from 'oxbow';

/** Runs `body` beside a server of Node's. */
export function withNode(
  listener: http.RequestListener,
  body: (url: string, server: http.Server) => Promise<void>,
): Promise<void> {
  return besideNode(listener, (url, server) => run(() => body(url, server)));
}

/** The same in the loop that is running, or in none. */
export async function besideNode(
  listener: http.RequestListener,
  body: (url: string, server: http.Server) => Promise<void>,
): Promise<void> {
  const server = http.createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    await body(`http://127.0.0.1:${port}/`, server);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Runs `body` beside a raw server, which answers what and when the test says. */
export async function withRaw(
  accept: (socket: net.Socket, connections: number) => void,
  body: (url: string) => Promise<void>,
): Promise<void> {
  const sockets = new Set<net.Socket>();
  let count = 0;
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.setEncoding('latin1');
    socket.on('error', () => {});
    accept(socket, ++count);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    await run(() => body(`http://127.0.0.1:${port}/`));
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}
