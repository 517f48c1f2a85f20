// What may be sent as a body, by the server and by the client, and what is refused at once.
import http from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import zlib from 'node:zlib';

import { createTask, currentTask, getRunningLoop, promise, sleep } from 'oxbow';
import type { Coro } from 'oxbow';
import { ClientSession, Headers, Response } from 'oxbow/http';
import type { BodyInit, HttpServer, Request } from 'oxbow/http';
import { ask, Peer, withServer } from './serve-support.ts';

const REFUSED: Array<[name: string, body: unknown]> = [
  ['Map', new Map([['a', 'b']])],
  ['empty Map', new Map()],
  ['Set', new Set(['a'])],
  ['array of numbers', [1]],
  ['array of texts', ['a', 'b']],
  ['empty array', []],
  ['Headers of ours', new Headers({ a: 'b' })],
  ['Headers', new globalThis.Headers({ a: 'b' })],
  ['entries of a Map', new Map().entries()],
  ['number', 5],
  ['true', true],
  ['function', () => 'x'],
  ['symbol', Symbol('x')],
  ['Date', new Date(0)],
  ['object without a prototype', Object.create(null)],
];

test.each(REFUSED)('%s is no body: a TypeError at once, on both sides', async (_name, body) => {
  expect(() => new Response(body as BodyInit)).toThrow(TypeError);
  let asked = 0;
  await withServer(
    {
      fetch() {
        asked += 1;
        return new Response('');
      },
    },
    async (server) => {
      const session = new ClientSession();
      // A plain object is a form for the client.
      const given = Object.getPrototypeOf(body) === null ? new Date(0) : body;
      await expect(
        (async () => session.post(server.url, { body: given as BodyInit }))(),
      ).rejects.toThrow(TypeError);
      await session.close();
      expect(asked).toBe(0);
    },
  );
});

const bytes = new Uint8Array([0x61, 0x62, 0x63, 0x64]);

const BYTES: Array<[name: string, body: BodyInit, text: string]> = [
  ['Uint8Array', bytes, 'abcd'],
  ['part of one', bytes.subarray(1, 3), 'bc'],
  ['ArrayBuffer', bytes.buffer, 'abcd'],
  ['DataView', new DataView(bytes.buffer, 1, 2), 'bc'],
  ['Uint16Array', new Uint16Array(bytes.buffer), 'abcd'],
  ['Float32Array', new Float32Array(bytes.buffer), 'abcd'],
  ['Uint8ClampedArray', new Uint8ClampedArray(bytes.buffer), 'abcd'],
];

test.each(BYTES)('%s is bytes, whole and as a piece, on both sides', (_name, body, text) =>
  withServer(
    {
      async fetch(request) {
        if (request.method === 'POST') return new Response(await request.bytes());
        return new Response(request.path === '/whole' ? body : [body as Uint8Array].values());
      },
    },
    async (server) => {
      expect(await ask(server, '/whole')).toMatchObject({
        text,
        headers: { 'content-length': String(text.length) },
      });
      expect((await ask(server, '/piece')).text).toBe(text);
      const session = new ClientSession();
      expect(await (await session.post(server.url, { body })).text()).toBe(text);
      await session.close();
    },
  ),
);

test('a Blob keeps its type and its length, and may be sent again', () => {
  const blob = new Blob(['hello ', 'blob'], { type: 'text/x-blob' });
  return withServer(
    {
      routes: {
        '/static': new Response(blob),
        '/own': new Response(blob, { headers: { 'content-type': 'text/own' } }),
        '/echo': async (request) =>
          Response.json([
            request.headers.get('content-type'),
            request.headers.get('content-length'),
            await request.text(),
          ]),
      },
    },
    async (server) => {
      for (let n = 0; n < 2; n++) {
        expect(await ask(server, '/static')).toMatchObject({
          text: 'hello blob',
          headers: { 'content-length': '10', 'content-type': 'text/x-blob' },
        });
      }
      expect(await ask(server, '/static', { method: 'HEAD' })).toMatchObject({
        text: '',
        headers: { 'content-length': '10' },
      });
      expect((await ask(server, '/own')).headers['content-type']).toBe('text/own');
      const session = new ClientSession({ baseUrl: server.url });
      expect(await (await session.post('/echo', { body: blob })).json()).toEqual([
        'text/x-blob',
        '10',
        'hello blob',
      ]);
      await session.close();
    },
  );
});

test('the body of a function* may wait between its pieces, on both sides', () =>
  withServer(
    {
      async fetch(request) {
        if (request.method === 'POST') return new Response(await request.text());
        return new Response(
          (function* () {
            yield 'a';
            yield* sleep(0.001);
            yield;
            const task = currentTask();
            yield (yield* sleep(0, 'b')) as string;
            yield task !== null ? 'c' : '';
          })(),
        );
      },
    },
    async (server) => {
      expect((await ask(server, '/')).text).toBe('abc');
      const session = new ClientSession();
      const body = (function* () {
        yield '1';
        yield* sleep(0);
        yield '2';
      })();
      expect(await (await session.post(server.url, { body })).text()).toBe('12');
      await session.close();
    },
  ));

test('a body that waits is told of what it waited for, and may go on', () =>
  withServer(
    {
      fetch: () =>
        new Response(
          (function* () {
            yield 'a';
            try {
              const future = getRunningLoop().createFuture<string>();
              getRunningLoop().callSoon(() => future.setException(new Error('not today')));
              yield yield* future;
            } catch (error) {
              yield (error as Error).message;
            }
          })(),
        ),
    },
    async (server) => {
      expect((await ask(server, '/')).text).toBe('anot today');
    },
  ));

test('a body that waits runs its finally, with a wait in it, when its reader leaves', () => {
  const steps: string[] = [];
  return withServer(
    {
      fetch: () =>
        new Response(
          (function* () {
            try {
              yield 'a';
              yield* sleep(100);
            } finally {
              steps.push('finally');
              yield* sleep(0);
              steps.push('after a wait');
              left.setResult(undefined);
            }
          })(),
        ),
    },
    async (server) => {
      left = getRunningLoop().createFuture<undefined>();
      const peer = new Peer(server.port);
      await peer.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      await peer.until((text) => text.endsWith('a\r\n'));
      peer.socket.resetAndDestroy();
      await left;
      expect(steps).toEqual(['finally', 'after a wait']);
    },
  );
});

/** zstd's frame of one raw block around the text packed by gzip. */
function zstdOfGzip(text: string): Buffer {
  const packed = zlib.gzipSync(text);
  const block = (packed.length << 3) | 1;
  const head = [0x28, 0xb5, 0x2f, 0xfd, 0x20, packed.length, block & 255, block >> 8, 0];
  return Buffer.concat([Buffer.from(head), packed]);
}

describe('an answer that is passed on', () => {
  const text = 'hello '.repeat(100);
  const packed = zlib.gzipSync(text);
  const origin = http.createServer((request, response) => {
    const sized = request.url!.startsWith('/sized') ? { 'content-length': packed.length } : {};
    const coding = request.url!.endsWith('plain') ? {} : { 'content-encoding': 'gzip' };
    response.writeHead(200, { ...sized, ...coding, 'x-more': 'kept' });
    response.end(packed);
  });
  let base = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    origin.closeAllConnections();
    origin.close();
  });

  const ways = ['fetch', 'session', 'session as init', 'fetch, packed by hand'];
  const cases = ways.flatMap((way) => ['/sized', '/chunked'].map((path) => [way, path] as const));

  test.each(cases)('by %s, of %s: body and headers agree', (way, path) => {
    let session!: ClientSession;
    return withServer(
      {
        async fetch() {
          if (way === 'fetch') return globalThis.fetch(base + path);
          if (way === 'fetch, packed by hand') {
            const headers = { 'content-encoding': 'gzip', 'x-more': 'kept' };
            return new globalThis.Response(packed, { headers });
          }
          const answer = await session.get(base + path);
          return way === 'session'
            ? new Response(answer.body, { headers: answer.headers })
            : new Response(answer.body, answer);
        },
      },
      async (server) => {
        session = new ClientSession();
        const answer = await globalThis.fetch(server.url);
        expect(answer.headers.get('x-more')).toBe('kept');
        expect(await answer.text()).toBe(text);
        expect(answer.headers.get('content-encoding')).toBe(
          way === 'fetch, packed by hand' ? 'gzip' : null,
        );
        await session.close();
      },
    );
  });

  test.each(['zstd', 'ZSTD', 'gzip, zstd'])(
    '%s, whether fetch unpacks it or not',
    async (coding) => {
      // 'hello' as zstd packs it, in one raw block.
      const frame = Buffer.from('28b52ffd2005290000' + '68656c6c6f', 'hex');
      const far = http.createServer((_request, response) => {
        const headers = { 'content-encoding': coding, 'content-length': inner.length };
        response.writeHead(200, headers).end(inner);
      });
      const inner = coding === 'gzip, zstd' ? zstdOfGzip('hello') : frame;
      await new Promise<void>((resolve) => far.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(far.address() as AddressInfo).port}/`;
      const direct = await globalThis.fetch(url);
      const body = Buffer.from(await direct.arrayBuffer());
      await withServer({ fetch: () => globalThis.fetch(url) }, async (server) => {
        const answer = await new Promise<http.IncomingMessage>((resolve) =>
          http.get(server.url, resolve),
        );
        const pieces: Buffer[] = [];
        for await (const piece of answer) pieces.push(piece as Buffer);
        expect(Buffer.concat(pieces).equals(body)).toBe(true);
        const isPacked = body.equals(inner);
        expect(answer.headers['content-encoding']).toBe(isPacked ? coding : undefined);
        if (!isPacked) expect(body.toString()).toBe('hello');
      });
      far.closeAllConnections();
      far.close();
    },
  );

  test('by the session, still packed: the headers say so', () => {
    let session!: ClientSession;
    return withServer(
      { fetch: async () => (await session.get(`${base}/sized`)) as never },
      async (server) => {
        session = new ClientSession({ autoDecompress: false });
        const answer = await globalThis.fetch(server.url);
        expect(answer.headers.get('content-encoding')).toBe('gzip');
        expect(await answer.text()).toBe(text);
        await session.close();
      },
    );
  });

  test('what was not unpacked keeps its length', () => {
    let session!: ClientSession;
    return withServer(
      {
        async fetch() {
          const answer = await session.get(`${base}/sized-plain`);
          return new Response(answer.body, { headers: answer.headers });
        },
      },
      async (server) => {
        session = new ClientSession();
        const answer = await globalThis.fetch(server.url);
        expect(answer.headers.get('content-length')).toBe(String(packed.length));
        expect(Buffer.from(await answer.arrayBuffer()).equals(packed)).toBe(true);
        await session.close();
      },
    );
  });
});

describe('an answer that is passed on, of an origin that stalls', () => {
  // What ends the wait is the end of the connection to the origin.
  const ends: Array<[how: string, lane: 'async' | 'function*', method: string]> = [
    ['is not asked for', 'async', 'HEAD'],
    ['is not asked for', 'function*', 'HEAD'],
    ['loses its reader in the middle', 'async', 'GET'],
    ['loses its reader in the middle', 'function*', 'GET'],
    ['has lost its reader before', 'async', 'GET'],
    ['has lost its reader before', 'function*', 'GET'],
    ['is dropped before it has begun', 'function*', 'GET'],
  ];

  test.each(ends)('that %s (%s)', async (how, lane, method) => {
    let free!: () => void;
    const freed = new Promise<void>((resolve) => (free = resolve));
    const origin = net.createServer((socket) => {
      socket.on('error', () => {}).on('close', free);
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\nabc'));
    });
    await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(origin.address() as AddressInfo).port}/`;
    let session!: ClientSession;
    let asked!: () => void;
    const begun = new Promise<void>((resolve) => (asked = resolve));
    const early = how === 'has lost its reader before';
    function* pass(request: Request): Coro<Response> {
      const answer = yield* session.get(url);
      asked();
      const { signal } = request;
      if (early) {
        yield* promise(new Promise((resolve) => signal.addEventListener('abort', resolve)));
      }
      if (how.startsWith('is dropped')) getRunningLoop().callSoon(() => server.close());
      return new Response(answer.body, { headers: answer.headers });
    }
    let server!: HttpServer;
    await withServer(
      {
        fetch: lane === 'function*' ? pass : async (request) => createTask(pass(request)),
      },
      async (made) => {
        server = made;
        session = new ClientSession({ limit: 1 });
        const peer = new Peer(server.port);
        await peer.send(`${method} / HTTP/1.1\r\nHost: a\r\n\r\n`);
        await begun;
        if (how.includes('middle')) await peer.until((text) => text.endsWith('abc'));
        if (early || how.includes('middle')) peer.socket.resetAndDestroy();
        await freed;
        peer.close();
        await session.close();
      },
    );
    await new Promise((resolve) => origin.close(resolve));
  });
});

let left: ReturnType<ReturnType<typeof getRunningLoop>['createFuture']>;
