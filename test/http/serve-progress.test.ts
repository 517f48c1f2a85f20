// What ends a connection: bytes that do not move. However slow a client reads, it gets everything;
// and an answer is not lost because the request was not read.
import { getRunningLoop, openConnection, sleep } from 'oxbow';
import { Response } from 'oxbow/http';
import type { HttpServer, Request } from 'oxbow/http';
import { descriptors, testWith } from '../support/needs.ts';
import { conversation, Peer, withServer, withVirtualServer } from './serve-support.ts';

const SIZE = 6_000_000;
const BODY = Buffer.alloc(SIZE, 'x');

/**
 * Takes what comes in small helpings, with pauses that are longer than the server's limits.
 *
 * @param begun - called when the answer has begun
 * @returns bytes of the body that came
 */
async function download(
  server: HttpServer,
  head: string,
  begun: () => void = () => {},
): Promise<number> {
  const [reader, writer] = await openConnection('127.0.0.1', server.port, { limit: 30_000 });
  writer.write(head);
  await reader.readuntil('\r\n\r\n');
  begun();
  let taken = 0;
  while (taken < SIZE) {
    const piece = await reader.read(60_000);
    if (piece.length === 0) break;
    taken += piece.length;
    await sleep(0.05);
  }
  writer.close();
  return taken;
}

const whole = (): Response => new Response(BODY);
const pieces = (): Response =>
  new Response(
    (function* () {
      for (let at = 0; at < SIZE; at += 60_000) yield BODY.subarray(at, at + 60_000);
    })(),
    { headers: { 'content-length': String(SIZE) } },
  );

describe.each([
  ['a whole body', whole],
  ['a stream', pieces],
])('%s', (_name, answer) => {
  test.each([
    ['keep-alive', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['Connection: close', 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
    ['HTTP/1.0', 'GET / HTTP/1.0\r\n\r\n'],
  ])('comes whole to a slow reader: %s', (_kind, head) =>
    withVirtualServer(
      { keepAliveTimeout: 0.02, headersTimeout: 0.02, fetch: answer },
      async (server) => {
        expect(await download(server, head)).toBe(SIZE);
      },
    ),
  );

  test('comes whole to a slow reader while the server shuts down', () =>
    withVirtualServer({ keepAliveTimeout: 0.02, fetch: answer }, async (server) => {
      let ended: PromiseLike<void> | undefined;
      const head = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
      expect(
        await download(server, head, () => {
          ended = server.shutdown({ timeout: '30s' });
        }),
      ).toBe(SIZE);
      await ended;
    }));

  test('a reader that has stopped is dropped after sendTimeout', () => {
    let asked = false;
    const fetch = (): Response => {
      asked = true;
      return answer();
    };
    return withServer({ sendTimeout: 0.1, fetch }, async (server) => {
      getRunningLoop().setExceptionHandler(() => {});
      const peer = new Peer(server.port);
      peer.socket.pause();
      await peer.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      while (!asked) await sleep(0.001);
      await gone(server);
    });
  });
});

test('a client that waits longer than the others for an answer is not idle', () =>
  withVirtualServer(
    {
      keepAliveTimeout: 0.02,
      headersTimeout: 0.02,
      sendTimeout: 0.02,
      bodyTimeout: 0.02,
      async fetch() {
        await sleep(0.2);
        return new Response('late');
      },
    },
    async (server) => {
      const [reader, writer] = await openConnection('127.0.0.1', server.port);
      writer.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      expect(String(await reader.read())).toMatch(/late$/);
      writer.close();
    },
  ));

/** Seconds after which the server gives up one that lingers (LINGER in server.ts). */
const LINGER = 5;

/** Waits until the server has no connection, which is sooner than it gives up one that lingers. */
async function gone(server: HttpServer): Promise<void> {
  const loop = getRunningLoop();
  const start = loop.time();
  while (server.connections > 0) await sleep(0.001);
  expect(loop.time() - start).toBeLessThan(LINGER);
}

describe('a refused connection', () => {
  const BAD = [
    'BAD\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: [\r\n\r\n',
    'CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n',
  ];

  test.each(BAD)('is closed as soon as its peer is: %j', (text) =>
    withServer({ fetch: () => new Response('x') }, async (server) => {
      const peers = Array.from({ length: 20 }, () => new Peer(server.port));
      await Promise.all(peers.map((peer) => peer.send(text)));
      for (const peer of peers) peer.socket.end();
      for (const peer of peers) expect(await peer.untilClosed()).toMatch(/^HTTP\/1\.1 [45]/);
      await gone(server);
    }),
  );

  // Three hundred connections have both their ends here.
  testWith(descriptors(700))('makes room for others when its peer stays', () =>
    withServer({ fetch: () => new Response('x') }, async (server) => {
      for (let n = 0; n < 300; n++) {
        const peer = new Peer(server.port, { allowHalfOpen: true });
        await peer.send('BAD\r\n\r\n');
        await peer.until((text) => text.includes('Bad Request'));
      }
      while (server.connections > 256) await sleep(0.001);
      expect(server.connections).toBe(256);
    }),
  );
});

describe('an answer before the body was read', () => {
  const size = 5_000_000;
  const sized = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`;
  const chunked = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
  const piece = `10000\r\n${'x'.repeat(65536)}\r\n`;
  const cases: Array<[string, number, string]> = [
    ['of a known length', 401, sized + 'x'.repeat(size)],
    ['in chunks', 401, `${chunked}${piece.repeat(80)}0\r\n\r\n`],
    ['too large, of a known length', 413, sized + 'x'.repeat(size)],
    ['too large, in chunks', 413, `${chunked}${piece.repeat(80)}0\r\n\r\n`],
    ['with a chunk that is none', 400, `${chunked}${piece}X${piece.repeat(80)}`],
  ];
  const fetch = {
    401: () => new Response('go away', { status: 401 }),
    413: async (request: Request) => new Response(await request.text()),
    400: async (request: Request) => new Response(await request.text()),
  };

  test.each(cases)('%s: the %i arrives', (_name, status, text) =>
    withServer(
      {
        maxBodySize: status === 413 ? 1_000_000 : 16_000_000,
        fetch: fetch[status as keyof typeof fetch],
      },
      async (server) => {
        const peer = new Peer(server.port, { allowHalfOpen: true });
        peer.socket.pause();
        // All of it is on its way before the peer looks for an answer.
        await peer.send(text);
        peer.socket.resume();
        await peer.until((received) => received.includes('\r\n\r\n'));
        expect(peer.received).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
        peer.socket.end();
        await gone(server);
      },
    ),
  );

  test('a small rest leaves the connection usable', () =>
    withServer({ fetch: (request) => new Response(request.path) }, async (server) => {
      const peer = new Peer(server.port);
      await peer.send(`POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n`);
      await peer.until((text) => text.endsWith('/1'));
      await peer.send(`${'x'.repeat(500_000)}GET /2 HTTP/1.1\r\nHost: a\r\n\r\n`);
      expect(await peer.until((text) => text.endsWith('/2'))).not.toContain('connection: close');
      peer.close();
    }));

  test('a large rest ends it, and says so', () =>
    withServer({ fetch: () => new Response('no') }, async (server) => {
      const peer = new Peer(server.port, { allowHalfOpen: true });
      await peer.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n`);
      expect(await peer.until((text) => text.endsWith('no'))).toContain('connection: close');
      peer.close();
    }));
});

test('what follows CONNECT is no request', () => {
  const paths: string[] = [];
  return withServer(
    {
      fetch(request) {
        paths.push(request.method + request.path);
        return new Response('x');
      },
    },
    async (server) => {
      const answer = await conversation(
        server.port,
        'GET /1 HTTP/1.1\r\nHost: a\r\n\r\n' +
          'CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n',
      );
      expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*xHTTP\/1\.1 501 Not Implemented\r\n/);
      expect(answer).toContain('connection: close');
      expect(paths).toEqual(['GET/1']);
    },
  );
});
