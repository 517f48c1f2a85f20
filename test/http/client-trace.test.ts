// traceConfigs: what a program is told of the steps of a request, in order.
import { createTask, gather, sleep } from 'oxbow';
import { ClientSession, Response, serve, TraceConfig } from 'oxbow/http';
import type { ClientSessionOptions, TraceConfigOptions } from 'oxbow/http';
import { runVirtual } from 'oxbow/testing';

const NAMES = [
  'onRequestStart',
  'onRequestHeadersSent',
  'onRequestChunkSent',
  'onResponseChunkReceived',
  'onRequestEnd',
  'onRequestException',
  'onRequestRedirect',
  'onConnectionQueuedStart',
  'onConnectionQueuedEnd',
  'onConnectionCreateStart',
  'onConnectionCreateEnd',
  'onConnectionReuseconn',
  'onDnsResolvehostStart',
  'onDnsResolvehostEnd',
  'onDnsCacheHit',
  'onDnsCacheMiss',
] as const;

const failure = (awaitable: PromiseLike<unknown>): Promise<any> =>
  Promise.resolve(awaitable).then(
    () => undefined,
    (error) => error,
  );

/** What a request was told of, in short: names without `on`, and what belongs to them. */
function recorder(): { config: TraceConfig; lines: string[]; events: any[] } {
  const lines: string[] = [];
  const all: any[] = [];
  const options: TraceConfigOptions = {};
  for (const name of NAMES) {
    options[name] = (event: any): void => {
      all.push({ name, ...event });
      const text = event.chunk === undefined ? undefined : Buffer.from(event.chunk).toString();
      const words = [
        name.slice(2),
        event.method,
        event.url === undefined ? undefined : new URL(event.url).pathname,
        event.response?.status,
        event.exception?.name,
        text,
        event.host,
      ];
      lines.push(words.filter((word) => word !== undefined).join(' '));
    };
  }
  return { config: new TraceConfig(options), lines, events: all };
}

function beside(
  options: ClientSessionOptions,
  body: (session: ClientSession, told: ReturnType<typeof recorder>) => Promise<void>,
): Promise<void> {
  return runVirtual(async () => {
    const server = await serve({
      routes: {
        '/ok': () => new Response('ok'),
        '/moved': Response.redirect('/ok', 307),
        '/echo': async (request) => new Response(await request.text()),
        '/slow': async () => {
          await sleep('1h');
          return new Response('');
        },
      },
    });
    const told = recorder();
    const session = new ClientSession({
      baseUrl: server.url,
      traceConfigs: [told.config],
      ...options,
    });
    await body(session, told);
    await session.close();
    server.close();
  });
}

const ANSWERED = [
  'RequestHeadersSent GET /ok',
  'RequestEnd GET /ok 200',
  'ResponseChunkReceived GET /ok ok',
];
const CREATED = ['ConnectionCreateStart', 'ConnectionCreateEnd'];

test('the steps of a request, on a new connection and on one that is kept, in both lanes', () =>
  beside({}, async (session, { lines, events }) => {
    const ctx = { id: 7 };
    await (await session.get('/ok', { traceRequestCtx: ctx })).text();
    const start = 'RequestStart GET /ok';
    // The body may come before the response is handed out.
    expect([...lines].sort()).toEqual([start, ...CREATED, ...ANSWERED].sort());
    expect(lines.slice(0, 4)).toEqual([start, ...CREATED, ANSWERED[0]]);
    expect(events.every((event) => event.session === session)).toBe(true);
    expect(events.every((event) => event.traceRequestCtx === ctx)).toBe(true);
    expect(new Set(events.map((event) => event.context)).size).toBe(1);
    expect(events.at(-1).headers?.get('user-agent') ?? 'oxbow').toBe('oxbow');
    lines.length = 0;
    await createTask(function* () {
      yield* (yield* session.get('/ok')).text();
    });
    expect([...lines].sort()).toEqual([start, 'ConnectionReuseconn', ...ANSWERED].sort());
    expect(events.at(-1).traceRequestCtx).toBeUndefined();
    expect(events.at(-1).context).not.toBe(events[0].context);
  }));

test('bodies that go: whole, in pieces, and from a Blob; and redirections', () =>
  beside({}, async (session, { lines }) => {
    const pieces = async function* () {
      yield 'a';
      yield Buffer.from('b');
    };
    for (const [body, told] of [
      ['text', ['text']],
      [Buffer.from('bytes'), ['bytes']],
      [pieces(), ['a', 'b']],
      [new Blob(['blob']), ['blob']],
    ] as const) {
      lines.length = 0;
      const response = await session.post('/echo', { body });
      expect(await response.text()).toBe(told.join(''));
      expect(lines.filter((line) => line.startsWith('RequestChunkSent'))).toEqual(
        told.map((piece) => `RequestChunkSent POST /echo ${piece}`),
      );
    }
    lines.length = 0;
    await (await session.get('/moved')).text();
    expect(lines.filter((line) => !/Connection|Chunk/.test(line))).toEqual([
      'RequestStart GET /moved',
      'RequestHeadersSent GET /moved',
      'RequestRedirect GET /moved 307',
      'RequestHeadersSent GET /ok',
      'RequestEnd GET /moved 200',
    ]);
  }));

test('what fails, and what is cancelled', () =>
  beside({}, async (session, { lines }) => {
    await failure(session.get('http://127.0.0.1:9/'));
    expect(lines).toEqual([
      'RequestStart GET /',
      'ConnectionCreateStart',
      'RequestException GET / ClientConnectorError',
    ]);
    lines.length = 0;
    await failure(session.get('/slow', { timeout: '1s' }));
    const task = session.get('/slow');
    await sleep(1);
    task.cancel();
    await failure(task);
    expect(lines.filter((line) => /Exception/.test(line))).toEqual([
      'RequestException GET /slow ServerTimeoutError',
      'RequestException GET /slow CancelledError',
    ]);
  }));

test('those that wait for their turn', () =>
  beside({ limit: 1 }, async (session, { lines }) => {
    await gather([1, 2].map(() => session.get('/ok').then((response) => response.text())));
    const turns = lines.filter((line) => line.startsWith('Connection'));
    expect(turns).toEqual([
      'ConnectionCreateStart',
      'ConnectionQueuedStart',
      'ConnectionCreateEnd',
      'ConnectionQueuedEnd',
      'ConnectionReuseconn',
    ]);
  }));

test('names: who is asked, and what a cache knew', async () => {
  const cache = {
    hits: 0,
    misses: 0,
    known: false,
    *later() {
      yield* sleep(1);
      return [{ address: '127.0.0.1', family: 4 as const }];
    },
    resolve() {
      if (cache.known) cache.hits += 1;
      else cache.misses += 1;
      const known = cache.known;
      cache.known = true;
      return known ? [{ address: '127.0.0.1', family: 4 as const }] : cache.later();
    },
  };
  await beside({ resolver: cache, keepAliveTimeout: 0 }, async (session, { lines }) => {
    const { port } = new URL(String((await session.get('/ok')).url));
    const dns = (): string[] => lines.filter((line) => line.startsWith('Dns'));
    expect(dns()).toEqual([]);
    await (await session.get(`http://name.test:${port}/ok`)).text();
    const asked = ['DnsCacheMiss', 'DnsResolvehostStart', 'DnsResolvehostEnd'];
    expect(dns()).toEqual(asked.map((name) => `${name} name.test`));
    lines.length = 0;
    await (await session.get(`http://name.test:${port}/ok`)).text();
    expect(dns()).toEqual(['DnsCacheHit name.test']);
  });
});

test("handlers of either lane; their errors are the loop's and not the request's", () =>
  runVirtual(async () => {
    const loop = (await import('oxbow')).getRunningLoop();
    const reported: string[] = [];
    loop.setExceptionHandler((_loop, { exception }) => {
      reported.push((exception as Error).message);
    });
    const done: string[] = [];
    const server = await serve({ fetch: () => new Response('ok') });
    const traceConfigs = [
      new TraceConfig<{ n: number }>({
        context: (given) => ({ n: given as number }),
        onRequestStart: async ({ context }) => {
          await sleep(1);
          done.push(`async ${context.n}`);
        },
        *onRequestEnd({ context }) {
          yield* sleep(2);
          done.push(`generator ${context.n}`);
        },
      }),
      new TraceConfig({
        onRequestStart() {
          throw new Error('at once');
        },
        async onRequestEnd() {
          await sleep(1);
          throw new Error('later');
        },
      }),
      new TraceConfig({}),
    ];
    const session = new ClientSession({ baseUrl: server.url, traceConfigs });
    expect(await (await session.get('/', { traceRequestCtx: 5 })).text()).toBe('ok');
    expect(done).toEqual([]);
    await sleep(5);
    expect(done).toEqual(['async 5', 'generator 5']);
    expect(reported).toEqual(['at once', 'later']);
    const broken = new TraceConfig({
      context() {
        throw new Error('no context');
      },
    });
    const other = new ClientSession({ traceConfigs: [broken] });
    expect((await failure(other.get(server.url))).message).toBe('no context');
    await session.close();
    await other.close();
    server.close();
  }));

test('options are checked', () =>
  runVirtual(async () => {
    expect(() => new TraceConfig({ onRequestStat: () => {} } as never)).toThrow(
      /did you mean 'onRequestStart'/,
    );
    expect(() => new TraceConfig({ onRequestStart: 5 } as never)).toThrow(/must be a function/);
    expect(() => new ClientSession({ traceConfigs: 5 } as never)).toThrow(/must be an array/);
    expect(() => new ClientSession({ traceConfigs: [{}] } as never)).toThrow(/no TraceConfig/);
    expect(String(new TraceConfig({ onDnsCacheHit: () => {} }))).toBe(
      '<TraceConfig onDnsCacheHit>',
    );
  }));
