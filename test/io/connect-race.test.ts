/** One race for every client: an address that does not answer does not hold up the others. */
import net from 'node:net';

import { createConnection, createServer, getRunningLoop, Protocol, run, sleep } from 'oxbow';
import { ClientSession, Response, serve } from 'oxbow/http';

interface Address {
  address: string;
  port: number;
  family: 4;
}

/** Lets a name have these addresses. */
function name(addresses: readonly Address[]): void {
  const loop = getRunningLoop() as unknown as { _resolve(): PromiseLike<Address[]> };
  loop._resolve = () => {
    const found = getRunningLoop().createFuture<Address[]>();
    found.setResult([...addresses]);
    return found;
  };
}

/** 127.0.0.2 takes connections on this port until its queue is full: the next ones hear nothing. */
async function silent(port: number): Promise<{ close(): void }> {
  const server = await createServer(() => new Protocol(), '127.0.0.2', port, {
    startServing: false,
    backlog: 1,
  });
  const sockets = Array.from({ length: 8 }, () => net.connect(port, '127.0.0.2'));
  for (const socket of sockets) socket.on('error', () => {});
  // Two fit; the kernel drops what the others send.
  for (const socket of sockets.slice(0, 2)) {
    await new Promise<void>((resolve) => socket.on('connect', () => resolve()));
  }
  return {
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

test('HTTP: refused by the first address, answered by the second', () =>
  run(async () => {
    const server = await serve({ fetch: () => new Response('here') });
    const { port } = server;
    name([
      { address: '127.0.0.3', port, family: 4 },
      { address: '127.0.0.1', port, family: 4 },
    ]);
    const session = new ClientSession();
    const response = await session.get(`http://two-addresses.test:${port}/`);
    expect(await response.text()).toBe('here');
    await session.close();
    server.close();
  }));

test('slow (a quarter of a second): HTTP and TCP go on while one address is silent', () =>
  run(async () => {
    const server = await serve({ fetch: () => new Response('here') });
    const { port } = server;
    const blocked = await silent(port);
    name([
      { address: '127.0.0.2', port, family: 4 },
      { address: '127.0.0.1', port, family: 4 },
    ]);
    const session = new ClientSession();
    const response = await session.get(`http://two-addresses.test:${port}/`);
    expect(await response.text()).toBe('here');
    const [transport] = await createConnection(() => new Protocol(), 'two-addresses.test', port);
    expect(transport.getExtraInfo('peername')).toEqual(['127.0.0.1', port]);
    transport.abort();
    await session.close();
    server.close();
    blocked.close();
  }));

test('a session that is closed ends what is still connecting', () =>
  run(async () => {
    const server = await serve({ fetch: () => new Response('here') });
    const { port } = server;
    const blocked = await silent(port);
    name([{ address: '127.0.0.2', port, family: 4 }]);
    const session = new ClientSession();
    const request = session.get(`http://one-address.test:${port}/`);
    const failed = request.then(
      () => null,
      (error: unknown) => error,
    );
    await sleep(0.01);
    await session.close();
    expect(String(await failed)).toMatch(/closed/);
    server.close();
    blocked.close();
  }));
