// The middleware that is ready: each does what it says, and refuses what it cannot do.
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import zlib from 'node:zlib';

import { getRunningLoop, sleep } from 'oxbow';
import {
  accessLog,
  bodyLimit,
  cancelOnDisconnect,
  compression,
  cors,
  etag,
  group,
  HttpError,
  rateLimit,
  REQUEST_ID,
  requestId,
  requestTimeout,
  Response,
  securityHeaders,
  toNodeHandler,
  websocket,
} from 'oxbow/http';
import type { AccessRecord, CorsOptions, Middleware, RateLimitOptions } from 'oxbow/http';
import { runVirtual, testClient } from 'oxbow/testing';
import { ask, Peer, withServer } from './serve-support.ts';
import { upgradeHead } from './websocket-support.ts';

const ok: () => Response = () => new Response('ok');

test('requestId: a new id each, or the one that was brought, in the answer and for handlers', async () => {
  let n = 0;
  const generate = (): string => `id-${++n}`;
  await using client = testClient({
    middleware: [requestId({ generate, trust: true })],
    fetch: (request) => new Response(request.get(REQUEST_ID)),
  });
  for (const [given, expected] of [
    [undefined, 'id-1'],
    ['abc-1', 'abc-1'],
    ['a b"', 'id-2'],
    ['x'.repeat(200), 'id-3'],
  ] as const) {
    const headers: Record<string, string> = given === undefined ? {} : { 'x-request-id': given };
    const response = await client.get('/', { headers });
    expect([await response.text(), response.headers.get('x-request-id')]).toEqual([
      expected,
      expected,
    ]);
  }
  await using plain = testClient({ middleware: [requestId({ header: 'X-Id' })], fetch: ok });
  const response = await plain.get('/', { headers: { 'x-id': 'mine' } });
  expect(response.headers.get('x-id')).toMatch(/^[\da-f]{8}-[\da-f-]{27}$/);
});

test('securityHeaders: on whatever is sent; what a handler has set stays', async () => {
  await using client = testClient({
    middleware: [securityHeaders({ xFrameOptions: false, permissionsPolicy: 'camera=()' })],
    routes: {
      '/': ok,
      '/own': () => new Response('', { headers: { 'referrer-policy': 'origin' } }),
      '/error': () => {
        throw new HttpError(403);
      },
    },
  });
  for (const path of ['/', '/error', '/none']) {
    const { headers } = await client.get(path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'self'/);
    expect(headers.get('permissions-policy')).toBe('camera=()');
    expect(headers.has('x-frame-options')).toBe(false);
    expect(headers.has('strict-transport-security')).toBe(false);
  }
  expect((await client.get('/own')).headers.get('referrer-policy')).toBe('origin');
  expect(() => securityHeaders({ xFrame: 'DENY' } as never)).toThrow(/no option 'xFrame'/);
  expect(() => securityHeaders({ referrerPolicy: 'a\r\nb' })).toThrow(/invalid character/);
});

const PREFLIGHT = {
  origin: 'https://a.example',
  'access-control-request-method': 'PUT',
  'access-control-request-headers': 'x-own, content-type',
};

/** The fields of CORS of the answers to a preflight and to a GET of an origin. */
async function corsOf(options: CorsOptions | undefined, origin: string): Promise<object[]> {
  await using client = testClient({
    middleware: [cors(options)],
    routes: { '/': { GET: ok, PUT: ok } },
  });
  const fields: object[] = [];
  for (const response of [
    await client.options('/', { headers: { ...PREFLIGHT, origin } }),
    await client.get('/', { headers: { origin } }),
  ]) {
    fields.push(
      Object.fromEntries(
        [...response.headers]
          .filter(([name]) => /^access|^vary/.test(name))
          .map(([name, value]) => [name.replace('access-control-', ''), value]),
      ),
    );
  }
  return fields;
}

test('cors: all origins, named ones, by a function, and with credentials', async () => {
  const methods = 'GET, HEAD, PUT, PATCH, POST, DELETE';
  expect(await corsOf(undefined, 'https://a.example')).toEqual([
    {
      'allow-origin': '*',
      'allow-methods': methods,
      'allow-headers': 'x-own, content-type',
      vary: 'access-control-request-headers',
    },
    { 'allow-origin': '*' },
  ]);
  const named: CorsOptions = {
    origin: ['https://a.example', 'https://b.example'],
    credentials: true,
    methods: ['PUT'],
    allowedHeaders: ['x-own'],
    exposedHeaders: ['x-total', 'etag'],
    maxAge: '10m',
  };
  expect(await corsOf(named, 'https://b.example')).toEqual([
    {
      'allow-origin': 'https://b.example',
      'allow-credentials': 'true',
      'allow-methods': 'PUT',
      'allow-headers': 'x-own',
      'max-age': '600',
      vary: 'origin',
    },
    {
      'allow-origin': 'https://b.example',
      'allow-credentials': 'true',
      'expose-headers': 'x-total, etag',
      vary: 'origin',
    },
  ]);
  expect(await corsOf(named, 'https://evil.example')).toEqual([
    { vary: 'origin' },
    { vary: 'origin' },
  ]);
  const chosen: CorsOptions = { origin: (origin) => origin.endsWith('.example') };
  expect(await corsOf(chosen, 'https://c.example')).toMatchObject([
    { 'allow-origin': 'https://c.example' },
    { 'allow-origin': 'https://c.example' },
  ]);
});

test('cors of a group answers preflights of its routes, also beside other middleware', async () => {
  const refuse: Middleware = () => new Response('who?', { status: 401 });
  await using client = testClient({
    routes: { '/api': group({ middleware: [cors(), refuse], routes: { '/x': { PUT: ok } } }) },
  });
  const preflight = await client.options('/api/x', { headers: PREFLIGHT });
  expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([
    204,
    '*',
  ]);
  const refused = await client.put('/api/x', { headers: { origin: 'https://a.example' } });
  expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, '*']);
});

test.each([
  [{ credentials: true }, /credentials go to no origin '\*'/],
  [{ origin: 'a.example' }, /like 'https:\/\/example.com', not 'a.example'/],
  [{ origin: ['https://a.example/'] }, /not 'https:\/\/a.example\/'/],
  [{ methods: ['G T'] }, /methods must be/],
  [{ allowedHeaders: 'x' }, /allowedHeaders must be an array/],
  [{ maxAge: 'long' }, /maxAge/],
  [{ credentials: 'yes' }, /credentials must be true or false/],
  [{ origins: [] }, /did you mean 'origin'/],
])('cors(%j) is refused', (options, message) => {
  expect(() => cors(options as never)).toThrow(message);
});

test('bodyLimit: 413 by the declared length, and by what comes', () =>
  withServer(
    {
      routes: {
        '/small': group({
          middleware: [bodyLimit(10)],
          fetch: async (request) => new Response(await request.text()),
        }),
        '/large': async (request) => new Response(await request.text()),
      },
    },
    async (server) => {
      const post = (path: string, body: string, headers = {}): Promise<{ status: number }> =>
        ask(server, path, { method: 'POST', headers: { connection: 'close', ...headers } }, body);
      const chunked = { 'transfer-encoding': 'chunked' };
      expect((await post('/small', '0123456789')).status).toBe(200);
      expect((await post('/small', '0123456789x')).status).toBe(413);
      expect((await post('/small', '0123456789x', chunked)).status).toBe(413);
      expect((await post('/large', '0123456789x', chunked)).status).toBe(200);
      const peer = new Peer(server.port);
      await peer.send('POST /small HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
      while (server.pending === 0) await sleep(0);
      await peer.send('5\r\nabcde\r\n6\r\nfghijk\r\n');
      expect(await peer.untilClosed()).toMatch(/^HTTP\/1.1 413 /);
      expect(() => bodyLimit(-1)).toThrow(/bodyLimit\(\) must be an integer/);
    },
  ));

test('requestTimeout: 504 in virtual time, and cancelled', () =>
  runVirtual(function* () {
    let cancelled = false;
    const client = testClient({
      routes: {
        '/g': group({
          middleware: [requestTimeout('30s')],
          routes: {
            *'/slow'() {
              try {
                yield* sleep('1h');
              } finally {
                cancelled = true;
              }
              return ok();
            },
            *'/quick'() {
              yield* sleep(29);
              return ok();
            },
          },
        }),
      },
    });
    const loop = getRunningLoop();
    const began = loop.time();
    expect((yield* client.get('/g/slow')).status).toBe(504);
    expect(loop.time() - began).toBeCloseTo(30, 1);
    expect(cancelled).toBe(true);
    expect((yield* client.get('/g/quick')).status).toBe(200);
    yield* client.close();
    expect(() => requestTimeout(0)).toThrow(/more than 0/);
  }));

test('cancelOnDisconnect as middleware', async () => {
  let ended = '';
  await withServer(
    {
      middleware: [cancelOnDisconnect()],
      *fetch() {
        try {
          yield* sleep('1h');
        } finally {
          ended = 'ended';
        }
        return ok();
      },
    },
    async (server) => {
      const peer = new Peer(server.port);
      await peer.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      while (server.pending === 0) await sleep(0);
      peer.close();
      while (ended === '') await sleep(0.001);
      expect(ended).toBe('ended');
    },
  );
});

test('what is decided later is no decision', async () => {
  const errors: string[] = [];
  const later = (async () => true) as never;
  const noted = (middleware: Middleware): Parameters<typeof testClient>[0] => ({
    middleware: [middleware],
    fetch: () => new Response('x'.repeat(10_000), { headers: { 'content-type': 'text/plain' } }),
    error: (error) => {
      errors.push((error as Error).message);
      return new Response('', { status: 500 });
    },
  });
  for (const middleware of [
    cors({ origin: later }),
    rateLimit({ limit: 1, window: 1, key: later }),
    requestId({ generate: later }),
    compression({ types: later }),
  ]) {
    await using client = testClient(noted(middleware));
    const headers = { origin: 'https://example.com', 'accept-encoding': 'gzip' };
    const response = await client.get('/', { headers });
    expect(response.status).toBe(500);
    expect(response.headers.get('access-control-allow-origin')).toBe(null);
  }
  expect(errors).toEqual([
    expect.stringMatching(/^cors\(\): origin must answer at once, and not with/),
    expect.stringMatching(/^rateLimit\(\): key must answer at once/),
    expect.stringMatching(/^requestId\(\): generate must answer at once/),
    expect.stringMatching(/^compression\(\): types must answer at once/),
  ]);
});

test('rateLimit: a bucket for each client, which fills up evenly, in virtual time', () =>
  runVirtual(async () => {
    const options: RateLimitOptions = {
      limit: 3,
      window: '30s',
      key: (request) => request.headers.get('x-client'),
    };
    const client = testClient({ middleware: [rateLimit(options)], fetch: ok });
    const ask = async (name?: string): Promise<unknown[]> => {
      const headers: Record<string, string> = name === undefined ? {} : { 'x-client': name };
      const { status, headers: got } = await client.get('/', { headers });
      return [status, got.get('ratelimit-remaining'), got.get('retry-after')];
    };
    expect(await ask('a')).toEqual([200, '2', null]);
    expect(await ask('a')).toEqual([200, '1', null]);
    expect(await ask('a')).toEqual([200, '0', null]);
    expect(await ask('a')).toEqual([429, '0', '10']);
    expect(await ask('b')).toEqual([200, '2', null]);
    expect(await ask()).toEqual([200, null, null]);
    await sleep(10);
    expect(await ask('a')).toEqual([200, '0', null]);
    expect((await ask('a'))[0]).toBe(429);
    await sleep(60);
    expect(await ask('a')).toEqual([200, '2', null]);
    await client.close();
  }));

test('rateLimit remembers so many clients and no more', () =>
  runVirtual(async () => {
    const key = (request: { path: string }): string => request.path;
    const limiting = rateLimit({ limit: 1, maxClients: 2, key });
    const client = testClient({ middleware: [limiting], fetch: ok });
    const statuses: number[] = [];
    for (const path of ['/1', '/2', '/1', '/3', '/1', '/2']) {
      statuses.push((await client.get(path)).status);
    }
    // The second was the one that came longest ago when the third came.
    expect(statuses).toEqual([200, 200, 429, 200, 429, 200]);
    await client.close();
    expect(() => rateLimit({} as never)).toThrow(/limit must be a number/);
    expect(() => rateLimit({ limit: 0 })).toThrow(/limit must be an integer/);
    expect(() => rateLimit({ limit: 1, key: 5 as never })).toThrow(/key must be a function/);
  }));

test('etag: a tag of the bytes, 304 for who has them, nothing for streams and others', async () => {
  await using client = testClient({
    middleware: [etag()],
    routes: {
      '/text': () => new Response('hello', { headers: { 'cache-control': 'max-age=5' } }),
      '/bytes': () => new Response(Buffer.from('hello')),
      '/own': () => new Response('x', { headers: { etag: '"mine"' } }),
      '/stream': () => new Response(['a'].values()),
      '/missing': () => new Response('', { status: 404 }),
      '/post': { POST: ok },
    },
  });
  const tag = (await client.get('/text')).headers.get('etag')!;
  expect(tag).toMatch(/^"[\w-]{27}"$/);
  expect((await client.get('/bytes')).headers.get('etag')).toBe(tag);
  for (const [path, given, status] of [
    ['/text', tag, 304],
    ['/text', `"other", W/${tag}`, 304],
    ['/text', '*', 304],
    ['/text', '"other"', 200],
    ['/own', '"mine"', 304],
    ['/own', tag, 200],
    ['/missing', '*', 404],
  ] as const) {
    const response = await client.get(path, { headers: { 'if-none-match': given } });
    expect([path, given, response.status]).toEqual([path, given, status]);
    if (status !== 304) continue;
    expect(await response.text()).toBe('');
    expect(response.headers.has('content-type')).toBe(false);
    if (path === '/text') expect(response.headers.get('cache-control')).toBe('max-age=5');
  }
  expect((await client.head('/text')).headers.get('etag')).toBe(tag);
  for (const path of ['/stream', '/missing']) {
    expect((await client.get(path)).headers.has('etag')).toBe(false);
  }
  expect((await client.post('/post')).headers.has('etag')).toBe(false);
  await using weak = testClient({ middleware: [etag({ weak: true })], fetch: () => ok() });
  expect((await weak.get('/')).headers.get('etag')).toMatch(/^W\/"/);
});

const LONG = 'hello, compression! '.repeat(200);
/** More than is packed at once. */
const LONGER = LONG.repeat(20);

const packing = {
  middleware: [etag(), compression()],
  routes: {
    '/long': () => new Response(LONG),
    '/longer': () => new Response(LONGER),
    '/short': () => new Response('short'),
    '/image': () => new Response(LONG, { headers: { 'content-type': 'image/png' } }),
    '/packed': () => new Response(LONG, { headers: { 'content-encoding': 'x-own' } }),
    '/fixed': () => new Response(LONG, { headers: { 'cache-control': 'no-transform' } }),
    '/untyped': () => new Response(Buffer.from(LONG)),
    '/tagged': () => new Response(LONG, { headers: { etag: '"t"', vary: 'origin' } }),
    *'/generator'() {
      yield* sleep(0);
      return new Response(
        (function* () {
          for (let i = 0; i < 200; i++) {
            yield 'hello, compression! ';
            if (i % 50 === 0) yield* sleep(1);
          }
        })(),
        { headers: { 'content-type': 'text/plain' } },
      );
    },
    '/blob': () => new Response(new Blob([LONG], { type: 'text/css' })),
  },
};

const UNPACK: Record<string, (bytes: Uint8Array) => Uint8Array> = {
  gzip: (bytes) => zlib.gunzipSync(bytes),
  br: (bytes) => zlib.brotliDecompressSync(bytes),
  zstd: (bytes) => (zlib as any).zstdDecompressSync(bytes),
};

test('compression: as the client takes it, and what shrinks only', async () => {
  const best = 'zstdCompressSync' in zlib ? 'zstd' : 'br';
  await using client = testClient(packing);
  const get = async (path: string, accept: string | null) => {
    const headers: Record<string, string> = accept === null ? {} : { 'accept-encoding': accept };
    const response = await client.get(path, { headers, autoDecompress: false } as never);
    const coding = response.headers.get('content-encoding');
    const bytes = await response.bytes();
    const text = Buffer.from(UNPACK[coding ?? '']?.(bytes) ?? bytes).toString();
    return { coding, text, size: bytes.length, headers: response.headers };
  };
  for (const [path, accept, coding] of [
    ['/long', 'gzip', 'gzip'],
    ['/long', 'gzip, br, zstd', best],
    ['/long', 'gzip;q=1, br;q=0.5', 'gzip'],
    ['/long', '*', best],
    ['/long', 'br;q=0, gzip', 'gzip'],
    ['/long', 'identity', null],
    ['/long', 'deflate', null],
    ['/long', 'identity;q=1, gzip;q=0.5', null],
    ['/long', '', null],
    ['/longer', 'gzip', 'gzip'],
    ['/longer', 'br', 'br'],
    ['/longer', 'zstd, gzip;q=0.5', best === 'zstd' ? 'zstd' : 'gzip'],
    ['/generator', 'gzip', 'gzip'],
    ['/generator', 'br', 'br'],
    ['/blob', 'gzip', 'gzip'],
    ['/short', 'gzip', null],
    ['/image', 'gzip', null],
    ['/packed', 'gzip', 'x-own'],
    ['/fixed', 'gzip', null],
    ['/untyped', 'gzip', null],
  ] as const) {
    const answer = await get(path, accept);
    expect([path, accept, answer.coding]).toEqual([path, accept, coding]);
    expect(answer.text).toBe(path === '/longer' ? LONGER : path === '/short' ? 'short' : LONG);
    if (coding !== null && coding !== 'x-own') expect(answer.size).toBeLessThan(2500);
    const varies = /^\/(long|longer|generator|blob)$/.test(path);
    expect([path, answer.headers.get('vary')]).toEqual([path, varies ? 'accept-encoding' : null]);
  }
  const tagged = await get('/tagged', 'gzip');
  expect(tagged.headers.get('vary')).toBe('origin, accept-encoding');
  expect(tagged.headers.get('etag')).toBe('W/"t"');
  const head = await client.head('/long', { headers: { 'accept-encoding': 'gzip' } });
  expect(head.headers.get('content-encoding')).toBe('gzip');
  expect(() => compression({ encodings: ['deflate' as never] })).toThrow(/'deflate' is none of/);
  expect(() => compression({ threshold: -1 })).toThrow(/threshold/);
});

test('compression: what a stream says arrives when it is said', async () => {
  const codings = 'zstdCompressSync' in zlib ? ['gzip', 'br', 'zstd'] : ['gzip', 'br'];
  for (const coding of codings) {
    let release!: () => void;
    const released = new Promise<void>((resolve) => (release = resolve));
    await withServer(
      {
        middleware: [compression()],
        fetch: () =>
          new Response(
            (async function* () {
              yield 'first';
              await released;
              yield 'second';
            })(),
            { headers: { 'content-type': 'text/event-stream' } },
          ),
      },
      async (server) => {
        const peer = new Peer(server.port);
        await peer.send(
          `GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept-Encoding: ${coding}\r\n\r\n`,
        );
        const body = (text: string): Buffer => {
          const chunks = text.slice(text.indexOf('\r\n\r\n') + 4);
          return Buffer.from(
            chunks.replace(
              /([\da-f]+)\r\n([^]*?)\r\n(?=[\da-f]+\r\n|$)/g,
              (_all, _size, piece) => piece,
            ),
            'latin1',
          );
        };
        const unzip =
          coding === 'gzip'
            ? zlib.createGunzip()
            : coding === 'br'
              ? zlib.createBrotliDecompress()
              : (zlib as any).createZstdDecompress();
        await peer.until((text) => body(text).length > 4);
        const first = new Promise((resolve) => unzip.once('data', resolve));
        unzip.write(body(peer.received));
        expect(String(await first)).toBe('first');
        unzip.destroy();
        release();
        expect(await peer.untilClosed()).toMatch(/\r\n0\r\n\r\n$/);
      },
    );
  }
});

test('accessLog: a line for each answer, in the common format, combined, or JSON', async () => {
  const logs: Record<string, string> = { common: '', combined: '', json: '' };
  let line!: (text: string) => void;
  await withServer(
    {
      middleware: [
        requestId({ generate: () => 'id-1' }),
        ...(['common', 'combined', 'json'] as const).map((format) =>
          accessLog({
            format,
            to: (text) => {
              logs[format] += text;
              if (format === 'json') line?.(text);
            },
          }),
        ),
      ],
      routes: { '/a': ok, '/stream': () => new Response(['x'].values()) },
    },
    async (server) => {
      for (const [path, headers] of [
        ['/a?b=c', { 'user-agent': 'it says "hi"\\', referer: 'http://x/' }],
        ['/none', {}],
        ['/stream', {}],
      ] as const) {
        const written = new Promise<string>((resolve) => (line = resolve));
        await ask(server, path, { headers });
        await written;
      }
    },
  );
  const lines = logs.common!.split('\n');
  expect(lines[0]).toMatch(
    /^127\.0\.0\.1 - - \[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000\] "GET \/a\?b=c HTTP\/1\.1" 200 2$/,
  );
  expect(lines[1]).toMatch(/"GET \/none HTTP\/1\.1" 404 9$/);
  expect(lines[2]).toMatch(/"GET \/stream HTTP\/1\.1" 200 -$/);
  expect(logs.combined!.split('\n')[0]).toMatch(/ "http:\/\/x\/" "it says \\"hi\\"\\\\"$/);
  const record = JSON.parse(logs.json!.split('\n')[0]!);
  expect(record).toMatchObject({
    ip: '127.0.0.1',
    method: 'GET',
    target: '/a?b=c',
    httpVersion: '1.1',
    status: 200,
    bytes: 2,
    referer: 'http://x/',
    id: 'id-1',
  });
  expect(new Date(record.time).getTime()).toBeGreaterThan(0);
  expect(record.duration).toBeGreaterThanOrEqual(0);
});

test('accessLog: what leaves HTTP is logged then, and what an application of Node answers', async () => {
  const lines: string[] = [];
  let told!: () => void;
  const logging = accessLog({
    format: ({ target, status, bytes }: AccessRecord) => `${target} ${status} ${bytes}`,
    to: (text) => {
      lines.push(...text.trimEnd().split('\n'));
      told();
    },
  });
  const node = toNodeHandler(
    (_request, response) => {
      response.statusCode = 404;
      response.end('none');
    },
    {
      upgrade: (_request, socket) =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n'),
    },
  );
  await withServer(
    { middleware: [logging], routes: { '/ours': websocket({ message() {} }), '/node': node } },
    async (server) => {
      const next = (): Promise<void> => new Promise((resolve) => (told = resolve));
      for (const path of ['/ours', '/node']) {
        const logged = next();
        const peer = new Peer(server.port);
        await peer.send(upgradeHead(path));
        expect(await peer.until((all) => all.includes('\r\n\r\n'))).toMatch(/^HTTP\/1.1 101 /);
        await logged;
        peer.close();
      }
      const logged = next();
      expect((await ask(server, '/node')).status).toBe(404);
      await logged;
    },
  );
  expect(lines).toEqual(['/ours 101 0', '/node 101 0', '/node 404 null']);
});

test('accessLog: a sink that is slow holds up no answer, and costs so much memory and no more', async () => {
  const written: string[] = [];
  let release!: () => void;
  let begun!: () => void;
  const writing = new Promise<void>((resolve) => (begun = resolve));
  const logging = accessLog({
    format: ({ target }: AccessRecord) => target,
    maxPending: 3,
    to: (lines) => {
      written.push(lines);
      if (written.length > 1) return release();
      begun();
      return new Promise<void>((resolve) => (release = resolve));
    },
  });
  await withServer({ middleware: [logging], fetch: ok }, async (server) => {
    await ask(server, '/0');
    await writing;
    for (let i = 1; i <= 5; i++) expect((await ask(server, `/${i}`)).status).toBe(200);
    const rest = new Promise<void>((resolve) => {
      const first = release;
      release = resolve;
      first();
    });
    await rest;
    expect(written).toEqual(['/0\n', '/1\n/2\n/3\n(2 lines were dropped)\n']);
  });
});

test('accessLog into a file; what is no option', async () => {
  const file = join(tmpdir(), `oxbow-access-${process.pid}.log`);
  rmSync(file, { force: true });
  await withServer({ middleware: [accessLog({ to: file })], fetch: ok }, async (server) => {
    await ask(server, '/x');
    await ask(server, '/y');
  });
  for (let text = ''; !text.includes('/y');) {
    await new Promise(setImmediate);
    try {
      text = readFileSync(file, 'utf8');
    } catch {}
  }
  expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(3);
  rmSync(file);
  expect(() => accessLog({ format: 'apache' as never })).toThrow(/format must be common/);
  expect(() => accessLog({ to: 5 as never })).toThrow(/to must be a path or a function/);
  expect(() => accessLog({ file: 'x' } as never)).toThrow(/no option 'file'/);
});
