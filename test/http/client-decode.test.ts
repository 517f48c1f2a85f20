// Packed responses: what is taken off, how much may come out, that the loop goes on meanwhile, and
// what can be passed on.
import type http from 'node:http';
import zlib from 'node:zlib';

import { AbortError, createTask, getRunningLoop, runSync, sleep } from 'oxbow';
import { ClientPayloadError, ClientSession, Response, serve } from 'oxbow/http';
import type { ClientSessionOptions } from 'oxbow/http';
import { withNode } from './client-support.ts';

const failure = (awaitable: PromiseLike<unknown>): Promise<any> =>
  Promise.resolve(awaitable).then(
    () => undefined,
    (error) => error,
  );

const pack = (data: string | Uint8Array, ...codings: string[]): Buffer =>
  codings.reduce(
    (packed: Buffer, coding) =>
      ({
        gzip: zlib.gzipSync,
        'x-gzip': zlib.gzipSync,
        deflate: zlib.deflateSync,
        raw: zlib.deflateRawSync,
        br: zlib.brotliCompressSync,
        zstd: (zlib as any).zstdCompressSync,
      })[coding]!(packed),
    Buffer.from(data as string),
  );

interface Packed {
  bytes: Uint8Array;
  encoding: string;
}

/** A server that answers each path with packed bytes. */
const serving = (
  answers: Record<string, Packed>,
  body: (session: ClientSession, url: string) => Promise<void>,
  options: ClientSessionOptions = {},
): Promise<void> =>
  withNode(
    (request: http.IncomingMessage, response: http.ServerResponse) => {
      const { bytes, encoding } = answers[request.url!] ?? {
        bytes: Buffer.from('ok'),
        encoding: '',
      };
      if (encoding !== '') response.setHeader('content-encoding', encoding);
      response.setHeader('content-length', bytes.length);
      response.end(bytes);
    },
    async (url) => {
      const session = new ClientSession({ baseUrl: url, limit: 1, timeout: '20s', ...options });
      await body(session, url);
      expect(await (await session.get('/ok')).text()).toBe('ok');
      await session.close();
      expect(session.connections).toBe(0);
    },
  );

const LARGE = Buffer.alloc(3_000_000, 'abcdefghij');

/** Node 22 has zstd, too, but takes a body that was cut off for a whole one. */
const hasZstd = Number.parseInt(process.versions.node, 10) >= 24;
const zstd = hasZstd ? ['zstd'] : [];

const packings: Array<[codings: string[]]> = [
  [['gzip']],
  [['x-gzip']],
  [['deflate']],
  [['raw']],
  [['br']],
  [['br', 'gzip']],
  [['gzip', 'deflate', 'raw', 'br', 'gzip']],
  ...zstd.map((coding): [string[]] => [[coding, 'gzip']]),
];

test.each(packings)('small and large, whole and in pieces: %s', (codings) => {
  const encoding = codings.join(', ').replace(/raw/g, 'deflate');
  return serving(
    {
      '/small': { bytes: pack('hello', ...codings), encoding },
      '/large': { bytes: pack(LARGE, ...codings), encoding },
      '/empty': { bytes: Buffer.alloc(0), encoding },
      '/nothing': { bytes: pack('', ...codings), encoding },
      '/packed-empty': { bytes: pack(Buffer.alloc(0), 'br'), encoding: `${encoding}, br` },
    },
    async (session) => {
      for (const [path, expected] of [
        ['/small', 'hello'],
        ['/large', LARGE.toString()],
        ['/empty', ''],
        ['/nothing', ''],
        ...(codings.length < 5 ? [['/packed-empty', ''] as const] : []),
      ] as const) {
        const response = await session.get(path);
        expect((await response.text()) === expected).toBe(true);
        expect(Buffer.from(await response.bytes()).toString() === expected).toBe(true);
        let pieces = '';
        for await (const piece of (await session.get(path)).body) {
          pieces += Buffer.from(piece).toString('latin1');
        }
        expect(pieces === expected).toBe(true);
        const isAsync = await createTask(function* () {
          let all = '';
          const { body } = yield* session.get(path);
          for (let piece; (piece = yield* body.read()) !== null;) {
            all += Buffer.from(piece).toString('latin1');
          }
          expect(yield* body.read()).toBe(null);
          return all;
        });
        expect(isAsync === expected).toBe(true);
      }
    },
  );
});

test('five codings at most', () => {
  const six = Array<string>(6).fill('gzip');
  return serving(
    {
      '/six': { bytes: pack('x', ...six), encoding: six.join(', ') },
      '/many': { bytes: LARGE, encoding: Array<string>(500).fill('br').join() },
    },
    async (session) => {
      for (const path of ['/six', '/many']) {
        for (const read of [
          async () => (await session.get(path)).text(),
          async () => (await session.get(path)).body.read(),
          async () => {
            for await (const _piece of (await session.get(path)).body);
          },
        ]) {
          const error = await failure(read());
          expect(error).toBeInstanceOf(ClientPayloadError);
          expect(error.message).toMatch(/^(6|500) content codings .* where 5 are taken off$/);
        }
      }
      const response = await session.get('/six');
      expect(response.status).toBe(200);
      response.release();
    },
  );
});

test('what may come out is bounded, after every coding; the loop goes on meanwhile', () => {
  const zeros = Buffer.alloc(6 * 2 ** 20);
  return serving(
    {
      '/bomb': { bytes: pack(zeros, 'gzip', 'gzip', 'gzip'), encoding: 'gzip, gzip, gzip' },
      '/br': { bytes: pack(zeros, 'br'), encoding: 'br' },
      // Small at the end, large in between.
      '/between': { bytes: pack(pack(pack('x', 'gzip'), 'gzip'), 'gzip'), encoding: 'gzip, gzip' },
    },
    async (session) => {
      let turns = 0;
      const loop = getRunningLoop();
      const count = (): void => {
        turns += 1;
        handle = loop.callSoon(count);
      };
      let handle = loop.callSoon(count);
      for (const path of ['/bomb', '/br']) {
        turns = 0;
        const error = await failure((await session.get(path)).bytes());
        expect(error).toBeInstanceOf(ClientPayloadError);
        expect(error.message).toMatch(/unpacks to more than 2000000 bytes \(maxDecodedSize\)/);
        expect(turns).toBeGreaterThan(30);
        const { body } = await session.get(path);
        let size = 0;
        const streamed = await failure(
          (async () => {
            for await (const piece of body) size += piece.length;
          })(),
        );
        expect(streamed).toBeInstanceOf(ClientPayloadError);
        expect(size).toBeLessThanOrEqual(2_000_000);
      }
      handle.cancel();
      const free = new ClientSession({ maxDecodedSize: Infinity });
      const { url } = await session.get('/ok');
      expect((await (await free.get(new URL('/br', url))).bytes()).length).toBe(zeros.length);
      await free.close();
    },
    { maxDecodedSize: 2_000_000 },
  );
});

test('small bounds, also between two codings', () =>
  serving(
    {
      '/two': { bytes: pack(pack(Buffer.alloc(5000), 'gzip'), 'gzip'), encoding: 'gzip, gzip' },
      '/one': { bytes: pack('12345', 'gzip'), encoding: 'gzip' },
      '/none': { bytes: pack('', 'gzip'), encoding: 'gzip' },
    },
    async (session) => {
      const read = async (path: string): Promise<string> => (await session.get(path)).text();
      expect(await failure(read('/two'))).toBeInstanceOf(ClientPayloadError);
      expect(await read('/one')).toBe('12345');
      const none = new ClientSession({ maxDecodedSize: 0 });
      const { url } = await session.get('/ok');
      expect(await failure((await none.get(new URL('/one', url))).text())).toBeInstanceOf(
        ClientPayloadError,
      );
      expect(await (await none.get(new URL('/none', url))).text()).toBe('');
      await none.close();
    },
    { maxDecodedSize: 5 },
  ));

test.each(['gzip', 'deflate', 'br', ...zstd])('broken and cut off: %s', (coding) => {
  const noise = Buffer.from(Array.from({ length: 200_000 }, (_, n) => (n * n * 31) >>> (n % 7)));
  const whole = pack(noise, coding);
  return serving(
    {
      '/cut': { bytes: pack('hello', coding).subarray(0, -3), encoding: coding },
      '/largecut': { bytes: whole.subarray(0, whole.length >> 1), encoding: coding },
      '/noise': { bytes: noise, encoding: coding },
      '/inner': { bytes: pack('not packed', coding), encoding: `${coding}, ${coding}` },
    },
    async (session) => {
      for (const path of ['/cut', '/largecut', '/noise', '/inner']) {
        const error = await failure((async () => (await session.get(path)).text())());
        expect(error).toBeInstanceOf(ClientPayloadError);
        expect(error.message).toMatch(new RegExp(`^${coding} body is broken: `));
        const streamed = await failure(
          (async () => {
            for await (const _piece of (await session.get(path)).body);
          })(),
        );
        expect(streamed).toBeInstanceOf(ClientPayloadError);
      }
    },
  );
});

test('what is taken off is what is asked for', () =>
  withNode(
    (request, response) => response.end(request.headers['accept-encoding']),
    async (url) => {
      await using session = new ClientSession();
      const all = ['gzip', 'deflate', 'br', ...zstd];
      expect(await (await session.get(url)).text()).toBe(all.join(', '));
    },
  ));

test('zstd: a window of up to 8 MiB; as it came where Node has none', () => {
  const { zstdCompressSync, constants } = zlib as any;
  const noise = Buffer.alloc(9 * 2 ** 20, 'abc');
  const windowed = (log: number): Buffer =>
    hasZstd
      ? zstdCompressSync(noise, { params: { [constants.ZSTD_c_windowLog]: log } })
      : Buffer.from('zstd');
  return serving(
    {
      '/most': { bytes: windowed(23), encoding: 'zstd' },
      '/more': { bytes: windowed(27), encoding: 'zstd' },
    },
    async (session) => {
      if (!hasZstd) {
        const response = await session.get('/most');
        expect([await response.text(), response.headers.get('content-encoding')]).toEqual([
          'zstd',
          'zstd',
        ]);
        return;
      }
      expect((await (await session.get('/most')).bytes()).length).toBe(noise.length);
      const error = await failure((async () => (await session.get('/more')).bytes())());
      expect(error.message).toMatch(/^zstd body is broken: /);
    },
  );
});

test('a cut connection is no fault of the coding', () =>
  withNode(
    (_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': 1000 });
      response.write(pack(LARGE, 'gzip').subarray(0, 500), () => response.destroy());
    },
    async (url) => {
      const session = new ClientSession();
      const error = await failure((await session.get(url)).text());
      expect(error.message).toMatch(/got 500 of 1000 bytes|connection broke/);
      await session.close();
    },
  ));

test('a signal ends what is being unpacked, also when all has arrived', () =>
  serving(
    {
      '/large': { bytes: pack(LARGE, 'gzip'), encoding: 'gzip' },
    },
    async (session) => {
      const stop = new AbortController();
      const response = await session.get('/large', { signal: stop.signal });
      while (!response.body.complete) await sleep(0);
      expect(await response.body.read()).not.toBe(null);
      stop.abort('enough');
      expect(
        await failure(
          (async () => {
            while ((await response.body.read()) !== null);
          })(),
        ),
      ).toBeInstanceOf(AbortError);
      const late = new AbortController();
      const unread = await session.get('/large', { signal: late.signal });
      while (!unread.body.complete) await sleep(0);
      late.abort();
      expect(await failure(unread.text())).toBeInstanceOf(AbortError);
    },
  ));

test('a cancelled read loses nothing; who leaves early gives the connection back', () =>
  serving(
    {
      '/large': { bytes: pack(LARGE, 'gzip'), encoding: 'gzip' },
    },
    async (session) => {
      const { body } = await session.get('/large');
      let size = 0;
      for (let turn = 0; ; turn++) {
        const read = body.read();
        if (turn % 2 === 0) read.cancel();
        const piece = await Promise.resolve(read).catch(() => undefined);
        if (piece === null) break;
        size += piece?.length ?? 0;
        await sleep(0);
      }
      expect(size).toBe(LARGE.length);
      for await (const piece of (await session.get('/large')).body) {
        expect(piece.length).toBeGreaterThan(0);
        break;
      }
      const cancelled = (await session.get('/large')).text();
      await sleep(0);
      cancelled.cancel();
      await failure(cancelled);
    },
  ));

test('a body is read once: by one reader, or as a whole', () =>
  serving(
    {
      '/large': { bytes: pack(LARGE, 'gzip'), encoding: 'gzip' },
    },
    async (session) => {
      for (const path of ['/large', '/ok']) {
        const response = await session.get(path);
        expect(response.bodyUsed).toBe(false);
        const first = response.text();
        expect(response.bodyUsed).toBe(true);
        if (!first.done()) expect(() => response.text()).toThrow(/already been read/);
        if (!first.done()) expect(() => response.body.read()).toThrow(TypeError);
        await first;
        expect((await response.arrayBuffer()).byteLength).toBe((await response.bytes()).length);
        const other = await session.get(path);
        await other.body.read();
        expect(() => other.text()).toThrow(/already been read/);
        other.release();
      }
    },
  ));

test('headers tell of what is read; both are there as they came when nothing is unpacked', () => {
  const bytes = pack('hello', 'gzip');
  return serving(
    {
      '/packed': { bytes, encoding: 'gzip' },
      '/unknown': { bytes, encoding: 'zstandard, gzip' },
    },
    async (session) => {
      const { headers } = await session.get('/packed');
      for (const name of ['content-encoding', 'Content-Length']) {
        expect(headers.get(name)).toBe(null);
        expect(headers.has(name)).toBe(false);
        expect([...headers.keys()]).not.toContain(name.toLowerCase());
      }
      expect(headers.has('date')).toBe(true);
      const asCame = [
        await session.get('/packed', { autoDecompress: false }),
        await session.head('/packed'),
        await session.get('/unknown'),
      ];
      for (const response of asCame) {
        expect(response.headers.get('content-length')).toBe(String(bytes.length));
        expect(response.headers.get('content-encoding')).toMatch(/gzip$/);
      }
      expect(bytes.equals(await asCame[0]!.bytes())).toBe(true);
      expect((await asCame[2]!.bytes()).length).toBe(bytes.length);
    },
  );
});

test('an answer that is passed on, unpacked or packed', () =>
  serving(
    {
      '/small': { bytes: pack('hello '.repeat(100), 'gzip'), encoding: 'gzip' },
      '/large': { bytes: pack(LARGE, 'br'), encoding: 'br' },
    },
    async (session, url) => {
      const upstream = new ClientSession({ baseUrl: url });
      const proxy = await serve({
        fetch: async (request) => {
          const autoDecompress = !request.path.startsWith('/packed');
          const answer = await upstream.get(request.path.replace('/packed', ''), {
            autoDecompress,
          });
          return new Response(answer.body, { status: answer.status, headers: answer.headers });
        },
      });
      for (const [path, length] of [
        ['/small', 600],
        ['/large', LARGE.length],
      ] as const) {
        for (const how of ['', '/packed']) {
          const answer = await session.get(new URL(`${how}${path}`, proxy.url));
          expect((await answer.bytes()).length).toBe(length);
        }
      }
      await upstream.close();
      await proxy.shutdown();
    },
  ));

test('as fetch names things', () =>
  withNode(
    (request, response) => {
      if (request.url === '/from') response.writeHead(302, { location: '/to' }).end();
      else response.writeHead(201, 'Made', { 'content-type': 'text/x' }).end('abc');
    },
    async (url) => {
      const session = new ClientSession({ baseUrl: url });
      const response = await session.get('/from');
      expect([response.statusText, response.redirected]).toEqual(['Made', true]);
      const blob = await response.blob();
      expect([blob.type, await blob.text()]).toEqual(['text/x', 'abc']);
      expect(Buffer.from(await response.arrayBuffer()).toString()).toBe('abc');
      expect(response.bodyUsed).toBe(true);
      expect((await session.get('/to')).redirected).toBe(false);
      await session.close();
    },
  ));

test('a loop that owns the thread unpacks, too', () => {
  const packed = pack(LARGE, 'gzip', 'br');
  const size = runSync(function* () {
    const server = yield* serve({
      fetch: () => new Response(packed, { headers: { 'content-encoding': 'gzip, br' } }),
    });
    const session = new ClientSession({ baseUrl: server.url });
    const whole = yield* (yield* session.get('/')).bytes();
    const { body } = yield* session.get('/');
    let inPieces = 0;
    for (let piece; (piece = yield* body.read()) !== null;) inPieces += piece.length;
    yield* session.close();
    yield* server.shutdown();
    return [whole.length, inPieces];
  });
  expect(size).toEqual([LARGE.length, LARGE.length]);
});
