// Connections that leave HTTP for an application of node:http: the event `upgrade`.
import { once } from 'node:events';
import http from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

import { WebSocket, WebSocketServer } from 'ws';
import { getRunningLoop, run, sleep } from 'oxbow';
import { Response, serve, toNodeHandler } from 'oxbow/http';
import type { NodeHandlerOptions, NodeServer } from 'oxbow/http';

import { authority, serverCertificate } from '../support/certificates.ts';
import { ask, conversation, Peer, withServer } from './serve-support.ts';

const hello = (_request: IncomingMessage, response: http.ServerResponse): void =>
  void response.end('hello');

/** Echoes what a client of `ws` sends, and gives what came back. */
async function echoed(socket: WebSocket, messages: readonly string[]): Promise<string[]> {
  await once(socket, 'open');
  const received: string[] = [];
  for (const message of messages) {
    socket.send(message);
    received.push(String((await once(socket, 'message'))[0]));
  }
  socket.close(1000, 'bye');
  const [code, reason] = await once(socket, 'close');
  return [...received, `${code} ${String(reason)}`];
}

function echo(server: WebSocketServer): WebSocketServer {
  return server.on('connection', (socket) => {
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
}

const MESSAGES = ['one', 'two'.repeat(50_000), ''];

test('a WebSocketServer of ws that is attached to a server of node:http', () => {
  const attached = http.createServer(hello);
  const sockets = echo(new WebSocketServer({ server: attached, path: '/chat' }));
  return withServer({ fetch: toNodeHandler(attached) }, async (server) => {
    expect((await ask(server, '/')).text).toBe('hello');
    const url = server.url.replace('http', 'ws');
    expect(await echoed(new WebSocket(`${url}chat`), MESSAGES)).toEqual([...MESSAGES, '1000 bye']);
    const [refused] = await once(new WebSocket(`${url}other`), 'error');
    expect(String(refused)).toMatch(/400/);
    expect(server.connections).toBeGreaterThanOrEqual(0);
    sockets.close();
  });
});

test('one without a server, by `upgrade`, beside a route of ours and over TLS', async () => {
  const sockets = echo(new WebSocketServer({ noServer: true }));
  const seen: unknown[] = [];
  const options: NodeHandlerOptions = {
    upgrade(request, socket, head) {
      seen.push(request.url, request.headers.upgrade, head.length, socket.encrypted);
      seen.push(request.socket === (socket as unknown), socket.remoteAddress !== undefined);
      sockets.handleUpgrade(request, socket as Duplex, head, (opened) =>
        sockets.emit('connection', opened, request),
      );
    },
  };
  const root = await authority('root');
  const { chain, key } = await serverCertificate(root);
  await withServer(
    {
      tls: { cert: chain, key },
      hostname: 'localhost',
      routes: { '/ours': new Response('ours'), '/node': toNodeHandler(hello, options) },
    },
    async (server) => {
      const url = server.url.replace('https', 'wss');
      const client = new WebSocket(`${url}node`, { ca: root.cert });
      expect(await echoed(client, MESSAGES)).toEqual([...MESSAGES, '1000 bye']);
    },
  );
  expect(seen).toEqual(['/node', 'websocket', 0, true, true, true]);
});

test('what came behind the request is read first, in pieces or with its end', () =>
  withServer(
    {
      fetch: toNodeHandler(hello, {
        upgrade(_request, socket) {
          socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n');
          socket.pipe(socket);
        },
      }),
    },
    async (server) => {
      const head = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n';
      const websocket = head.replace('echo', 'websocket');
      for (const text of [head, websocket]) {
        const peer = new Peer(server.port, { allowHalfOpen: true });
        await peer.send(`${text}early`);
        await peer.until((all) => all.endsWith('early'));
        await peer.send('late');
        await peer.until((all) => all.endsWith('earlylate'));
        peer.socket.end();
        expect(await peer.untilClosed()).toMatch(/^HTTP\/1\.1 101 [^]*\r\n\r\nearlylate$/);
      }
      const large = 'x'.repeat(1_000_000);
      const peer = new Peer(server.port, { allowHalfOpen: true });
      peer.socket.end(`${websocket}${large}`, 'latin1');
      expect((await peer.untilClosed()).split('\r\n\r\n')[1]).toBe(large);
    },
  ));

test('a peer that floods a stream that nobody reads waits, and loses nothing', async () => {
  const streams: Duplex[] = [];
  const upgrade = (_request: IncomingMessage, socket: unknown): void =>
    void streams.push(socket as Duplex);
  await withServer(
    { routes: { '/': toNodeHandler(hello, { upgrade }), '/ours': new Response('ours') } },
    async (server) => {
      const flood = Array.from({ length: 2_000_000 }, (_, n) => `${n},`).join('');
      const peer = new Peer(server.port, { allowHalfOpen: true });
      peer.socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
      peer.socket.end(flood, 'latin1');
      // Others are served meanwhile.
      for (let n = 0; n < 20 || streams.length === 0; n++) {
        expect((await ask(server, '/ours')).text).toBe('ours');
      }
      const stream = streams[0]!;
      expect(peer.socket.writableLength).toBeGreaterThan(0);
      expect(stream.readableLength).toBeLessThan(1 << 20);
      const pieces: Buffer[] = [];
      for await (const piece of stream) pieces.push(piece as Buffer);
      expect(Buffer.concat(pieces).toString('latin1') === flood).toBe(true);
      stream.destroy();
      await peer.untilClosed();
    },
  );
});

test('without a listener, and with a body, it is a request like any other', () =>
  withServer({ fetch: toNodeHandler(http.createServer(hello)) }, async (server) => {
    const asks = 'Host: a\r\nConnection: Upgrade, close\r\nUpgrade: foo\r\n';
    expect(await conversation(server.port, `GET / HTTP/1.1\r\n${asks}\r\n`)).toMatch(/hello$/);
    const post = `POST / HTTP/1.1\r\n${asks}Content-Length: 4\r\n\r\nbody`;
    expect(await conversation(server.port, post)).toMatch(/hello$/);
  }));

test('errors end the connection and are reported; an end of the server ends it, too', async () => {
  const errors: unknown[] = [];
  const kinds: Record<string, () => unknown> = {
    '/throw': () => {
      throw new Error('thrown');
    },
    '/reject': () => Promise.reject(new Error('rejected')),
    '/stay': () => {},
  };
  await run(async () => {
    getRunningLoop().setExceptionHandler((_loop, { exception }) => void errors.push(exception));
    const server = await serve({
      fetch: toNodeHandler(hello, { upgrade: (request) => kinds[request.url!]!() }),
    });
    const head = 'Host: a\r\nConnection: Upgrade\r\nUpgrade: foo\r\n\r\n';
    for (const path of ['/throw', '/reject']) {
      expect(await conversation(server.port, `GET ${path} HTTP/1.1\r\n${head}`)).toBe('');
    }
    expect(errors.map((error) => (error as Error).message)).toEqual(['thrown', 'rejected']);
    const peer = new Peer(server.port);
    await peer.send(`GET /stay HTTP/1.1\r\n${head}`);
    while (server.counters.requests < 3 || server.pending > 0) await sleep(0.001);
    expect(server.connections).toBe(1);
    await server.shutdown({ timeout: 0.01 });
    await peer.untilClosed();
    expect(server.connections).toBe(0);
  });
});

test('what is neither a function nor a server, and options that there are not', () => {
  for (const wrong of [undefined, null, {}, 'app', { emit() {} }]) {
    expect(() => toNodeHandler(wrong as never as NodeServer)).toThrow(
      /a function or a server of node:http was expected, not/,
    );
  }
  expect(() => toNodeHandler(hello, { upgrade: 5 } as never)).toThrow(
    /upgrade must be a function, not 5/,
  );
  expect(() => toNodeHandler(hello, { upgrad: () => {} } as never)).toThrow(/'upgrade'/);
});
