// Bodies that are read whole: large ones are received into their own memory, and what is there in
// the end is what was sent, wherever it was cut, and no more memory than was promised by what came.
import { CancelledError, createTask, sleep, TimeoutError, timeout } from 'oxbow';
import { bodyLimit, ClientPayloadError, ClientSession, Response, serve } from 'oxbow/http';
import type { Request } from 'oxbow/http';
import { runVirtual } from 'oxbow/testing';

import { authority, serverCertificate } from '../support/certificates.ts';
import type { Issued } from '../support/certificates.ts';
import { collectGarbage } from '../support/garbage.ts';
import { bothHalves } from '../tls/halves.ts';
import { withNode, withRaw } from './client-support.ts';
import { ask, Peer, withServer } from './serve-support.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** Bytes of which no part looks like another. */
function patterned(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0, state = 1; at < size; at++) {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    bytes[at] = state >>> 16;
  }
  return bytes;
}

const PATTERN = patterned(3 * MIB + 1);
/** Around where a body begins to be received into its own memory, and where that grows. */
const SIZES = [0, 1, 32 * KIB, 96 * KIB, 128 * KIB + 1, 200_000, MIB, MIB + 1, 3 * MIB];

const isPattern = (bytes: Uint8Array, size: number): boolean =>
  bytes.length === size && PATTERN.subarray(0, size).equals(bytes);

/** What each way to read a body gives, as bytes. */
const READERS: Array<[string, (request: Request) => PromiseLike<Uint8Array>]> = [
  ['bytes()', (request) => request.bytes()],
  ['arrayBuffer()', async (request) => new Uint8Array(await request.arrayBuffer())],
  ['blob()', async (request) => new Uint8Array(await (await request.blob()).arrayBuffer())],
];

describe.each(READERS)('a request, %s', (_name, read) => {
  test.each(SIZES)('of %i bytes', (size) =>
    withServer(
      {
        async fetch(request) {
          const bytes = await read(request);
          const whole = bytes.byteLength === bytes.buffer.byteLength;
          return new Response(`${isPattern(bytes, size)} ${whole}`);
        },
      },
      async (server) => {
        const body = PATTERN.subarray(0, size);
        for (const headers of [{ 'content-length': size }, { 'transfer-encoding': 'chunked' }]) {
          const options = { method: 'POST', headers, agent: false };
          const { text } = await ask(server, '/', options, body);
          // Bytes of a length that was not told may have room behind them, which is empty.
          expect(text).toMatch('content-length' in headers ? 'true true' : /^true /);
        }
      },
    ),
  );
});

test('text and JSON, in the generator lane', () =>
  withServer(
    {
      *fetch(request) {
        if (request.path === '/text') return new Response(yield* request.text());
        const value: string[] = yield* request.json();
        return Response.json(value.length);
      },
    },
    async (server) => {
      const text = 'grüße '.repeat(40_000);
      const post = { method: 'POST' };
      expect((await ask(server, '/text', post, text)).text).toBe(text);
      const names = Array.from({ length: 50_000 }, (_, n) => `name ${n}`);
      expect((await ask(server, '/json', post, JSON.stringify(names))).text).toBe('50000');
    },
  ));

test('requests that follow at once are requests', () =>
  withServer(
    {
      async fetch(request) {
        const bytes = await request.bytes();
        return new Response(`[${request.path} ${isPattern(bytes, bytes.length)} ${bytes.length}]`);
      },
    },
    async (server) => {
      const peer = new Peer(server.port);
      const sizes = [300_000, 70_000, 3, 150_000];
      const requests = sizes.map(
        (size, n) =>
          `POST /${n} HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n` +
          PATTERN.toString('latin1', 0, size),
      );
      const all = `${requests.join('')}GET /last HTTP/1.1\r\nHost: a\r\n\r\n`;
      // Cut where a read may end: in a head, behind it, before the last byte of a body, behind it.
      const cuts = [10, 60, 300_055, 300_057, 300_058, 370_100, all.length];
      for (let n = 0, from = 0; n < cuts.length; from = cuts[n++]!) {
        await peer.send(all.slice(from, cuts[n]));
        await new Promise(setImmediate);
      }
      const told = await peer.until((text) => text.includes('[/last'));
      const answers = told.match(/\[[^\]]*\]/g);
      expect(answers).toEqual([
        ...sizes.map((size, n) => `[/${n} true ${size}]`),
        '[/last true 0]',
      ]);
    },
  ));

const head = (size: number): string =>
  `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`;

test.each([
  // [bytes that come, what may be kept of each]
  [1, KIB],
  [16 * KIB, 128 * KIB],
  [100 * KIB, MIB + 512 * KIB],
])('of 1 GiB that was promised and %i bytes that came, %i are kept', (sent, most) => {
  const COUNT = 20;
  let requests: Request[] = [];
  return withServer(
    {
      maxBodySize: 2 ** 31,
      async fetch(request) {
        requests.push(request);
        return new Response(String((await request.bytes()).length));
      },
    },
    async (server) => {
      // What is made once, at first use.
      await ask(server, '/', { method: 'POST' }, PATTERN);
      requests = [];
      collectGarbage();
      const before = process.memoryUsage().arrayBuffers;
      const peers = Array.from({ length: COUNT }, () => new Peer(server.port));
      for (const peer of peers) await peer.send(head(2 ** 30) + 'x'.repeat(sent));
      const isThere = ({ body }: Request): boolean => body.received === sent;
      while (requests.length < COUNT || !requests.every(isThere)) await sleep(0.001);
      collectGarbage();
      const kept = process.memoryUsage().arrayBuffers - before;
      // The receive chunks that are under way, for all together.
      expect(kept).toBeLessThan(COUNT * most + MIB);
      for (const peer of peers) peer.close();
    },
  );
});

test('a handler that gives up leaves a connection that goes on', () =>
  withServer(
    {
      async fetch(request) {
        if (request.method === 'GET') return new Response('still here');
        try {
          await timeout(0.05, async () => void (await request.bytes()));
        } catch (error) {
          expect(error).toBeInstanceOf(TimeoutError);
        }
        return new Response('gave up');
      },
    },
    async (server) => {
      const peer = new Peer(server.port);
      await peer.send(head(400_000) + 'x'.repeat(200_000));
      await peer.until((text) => text.includes('gave up'));
      await peer.send(`${'x'.repeat(200_000)}GET / HTTP/1.1\r\nHost: a\r\n\r\n`);
      expect(await peer.until((text) => text.includes('still'))).toContain('still here');
    },
  ));

test('a client that leaves in the middle, and one that sends nothing more', async () => {
  const errors: unknown[] = [];
  let ended = (): void => {};
  const fetch = async (request: Request): Promise<Response> => {
    try {
      await request.bytes();
    } catch (error) {
      errors.push((error as { code?: string }).code ?? (error as { status?: number }).status);
      ended();
    }
    return new Response('over');
  };
  await withServer({ fetch }, async (server) => {
    for (const leave of [(peer: Peer) => peer.close(), (peer: Peer) => peer.socket.end()]) {
      const over = new Promise<void>((resolve) => (ended = resolve));
      const peer = new Peer(server.port, { allowHalfOpen: true });
      await peer.send(head(MIB) + 'x'.repeat(200_000));
      leave(peer);
      await over;
    }
  });
  await withServer({ bodyTimeout: 0.2, fetch }, async (server) => {
    const peer = new Peer(server.port);
    await peer.send(head(MIB) + 'x'.repeat(200_000));
    expect(await peer.until((text) => text.includes('over'))).toContain('over');
  });
  expect(errors).toEqual(['ECONNRESET', 'ECONNRESET', 408]);
});

test("a bound that is lower than the server's counts", () =>
  withServer(
    {
      routes: {
        '/': {
          POST: async (request: Request) => new Response(String((await request.bytes()).length)),
        },
      },
      middleware: [bodyLimit(100_000)],
    },
    async (server) => {
      const post = { method: 'POST', agent: false };
      expect((await ask(server, '/', post, PATTERN.subarray(0, 100_000))).text).toBe('100000');
      const chunked = { ...post, headers: { 'transfer-encoding': 'chunked' } };
      expect((await ask(server, '/', chunked, PATTERN.subarray(0, 200_000))).status).toBe(413);
    },
  ));

test('two readers of one body', () =>
  withServer(
    {
      async fetch(request) {
        const clone = request.clone();
        const [one, other] = [await request.bytes(), await clone.bytes()];
        return new Response(`${isPattern(one, 300_000)} ${isPattern(other, 300_000)}`);
      },
    },
    async (server) => {
      const { text } = await ask(server, '/', { method: 'POST' }, PATTERN.subarray(0, 300_000));
      expect(text).toBe('true true');
    },
  ));

describe('a response', () => {
  test.each(SIZES)('of %i bytes', (size) =>
    withNode(
      (request, response) => {
        if (request.url === '/sized') response.setHeader('content-length', size);
        response.end(PATTERN.subarray(0, size));
      },
      async (url) => {
        const session = new ClientSession();
        for (const path of ['sized', 'chunked', 'sized']) {
          const response = await session.get(url + path);
          expect(isPattern(await response.bytes(), size)).toBe(true);
        }
        expect(session.connections).toBe(1);
        await session.close();
      },
    ),
  );

  test('that is cut off says how much came', () =>
    withRaw(
      (socket) =>
        socket.once('data', () => {
          socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n${'x'.repeat(400_000)}`);
        }),
      async (url) => {
        const session = new ClientSession();
        const reading = (await session.get(url)).bytes();
        await expect(reading).rejects.toThrow(/got 400000 of 1000000 bytes/);
        await expect(reading).rejects.toBeInstanceOf(ClientPayloadError);
        await session.close();
      },
    ));

  test('that nobody waits for any more does not keep its slot', () =>
    withRaw(
      (socket) =>
        socket.on('data', () => {
          socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n${'x'.repeat(400_000)}`);
        }),
      async (url) => {
        const session = new ClientSession();
        const response = await session.get(url);
        const reading = createTask(async () => void (await response.bytes()));
        while (response.body.received < 400_000) await sleep(0.001);
        reading.cancel();
        await expect(reading).rejects.toBeInstanceOf(CancelledError);
        while (session.connections > 0) await sleep(0.001);
        await session.close();
      },
    ));
});

test('in simulated time, through pipes that hold 64 KiB', () =>
  runVirtual(function* () {
    const server = yield* serve({
      *fetch(request) {
        return new Response(yield* request.bytes());
      },
    });
    const session = new ClientSession();
    for (const size of [100_000, 3 * MIB]) {
      const response = yield* session.post(server.url, { body: PATTERN.subarray(0, size) });
      expect(isPattern(yield* response.bytes(), size)).toBe(true);
    }
    yield* session.close();
    yield* server.shutdown();
  }));

describe.each(bothHalves())('through TLS of %s', (_name, half) => {
  let root: Issued;
  let own: { cert: string; key: string };
  beforeAll(async () => {
    half.use();
    root = await authority('root');
    const issued = await serverCertificate(root);
    own = { cert: issued.chain, key: issued.key };
  });
  afterAll(half.restore);

  test('both ways, on one connection', () =>
    withServer(
      {
        hostname: 'localhost',
        tls: own,
        fetch: async (request) => new Response(await request.bytes()),
      },
      async (server) => {
        const session = new ClientSession({ tls: { ca: root.cert } });
        for (const size of SIZES) {
          const response = await session.post(server.url, { body: PATTERN.subarray(0, size) });
          expect(isPattern(await response.bytes(), size)).toBe(true);
        }
        expect(session.connections).toBe(1);
        await session.close();
      },
    ));
});
