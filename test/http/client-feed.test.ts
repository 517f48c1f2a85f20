// session.sse(): events over as many connections as it takes, as WHATWG's EventSource has them, in
// virtual time.
import { createTask, getRunningLoop, sleep, timeout } from 'oxbow';
import { ClientPayloadError, ClientSession, Response, serve } from 'oxbow/http';
import type { EventFeed, EventFeedOptions, Handler, Request } from 'oxbow/http';
import { runVirtual } from 'oxbow/testing';

const failure = (awaitable: PromiseLike<unknown>): Promise<any> =>
  Promise.resolve(awaitable).then(
    () => undefined,
    (error) => error,
  );

const events = (text: string): Response =>
  new Response(text, { headers: { 'content-type': 'text/event-stream' } });

/** Events, and then silence on an open connection. */
const open = (text: string): Response =>
  Response.stream(
    async (writer) => {
      writer.write(text);
      await sleep('10h');
    },
    { headers: { 'content-type': 'text/event-stream' } },
  );

interface Beside {
  readonly session: ClientSession;
  /** A feed of a server whose n-th answer is the n-th of these; the last one again and again. */
  feed(options?: EventFeedOptions): EventFeed;
  /** `Last-Event-ID` of each request, and the second in which it came. */
  readonly seen: string[];
  readonly requests: Request[];
}

function answering(answers: (Handler | (() => Response))[], body: (it: Beside) => Promise<void>) {
  return runVirtual(async () => {
    const loop = getRunningLoop();
    const began = loop.time();
    const seen: string[] = [];
    const requests: Request[] = [];
    const server = await serve({
      fetch(request, served) {
        const id = request.headers.get('last-event-id') ?? '-';
        seen.push(`${id} ${(loop.time() - began).toFixed(1)}`);
        requests.push(request);
        const answer = answers[Math.min(seen.length, answers.length) - 1]!;
        return (answer as Handler)(request, served);
      },
    });
    const session = new ClientSession({ baseUrl: server.url });
    await body({ session, seen, requests, feed: (options) => session.sse('/', options) });
    await session.close();
    server.close();
  });
}

const gone = (): Response => new Response(null, { status: 204 });

test('asks again where it was, in both lanes, until the server answers 204', async () => {
  const answers = [
    () => events('id: 1\ndata: a\n\nid: 2\ndata: b\n\ndata: c\n\nid: 9\ndata: no end'),
    () => events('retry: 500\n\ndata: d\n\nid: \u20ac3\ndata: e\n\n'),
    () => events('data: f\n\nid\ndata: g\n\n'),
    gone,
  ];
  const expected = ['message a 1', 'message b 2', 'message c 2'].concat([
    'message d 2',
    'message e \u20ac3',
    'message f \u20ac3',
    'message g ',
  ]);
  const seen = ['- 0.0', '2 3.0', 'â\u0082¬3 3.5', '- 4.0'];
  const shown = (event: { event: string; data: string; id: string }): string =>
    `${event.event} ${event.data} ${event.id}`;
  await answering(answers, async (it) => {
    const all: string[] = [];
    const feed = it.feed();
    for await (const event of feed) all.push(shown(event));
    expect([all, it.seen, feed.closed, feed.lastEventId]).toEqual([expected, seen, true, '']);
    const { headers } = it.requests[0]!;
    expect([headers.get('accept'), headers.get('cache-control')]).toEqual([
      'text/event-stream',
      'no-store',
    ]);
  });
  await answering(answers, async (it) => {
    await createTask(function* () {
      const all: string[] = [];
      const feed = it.feed();
      for (let event; (event = yield* feed.read()) !== null;) all.push(shown(event));
      expect([all, it.seen, yield* feed.read()]).toEqual([expected, seen, null]);
    });
  });
});

test('begins behind an event that the program knows', () =>
  answering([gone], async ({ feed, seen }) => {
    expect(await feed({ lastEventId: '17', headers: { accept: 'x/y' } }).read()).toBe(null);
    expect(seen).toEqual(['17 0.0']);
  }));

test('connections that break, and that cannot be made, are followed by others', () =>
  runVirtual(async () => {
    const loop = getRunningLoop();
    const session = new ClientSession();
    const start = loop.time();
    const error = await failure(session.sse('http://127.0.0.1:9/', { attempts: 4 }).read());
    expect([error.name, error.code]).toEqual(['ClientConnectorError', 'ECONNREFUSED']);
    // 3, 3, and 6 seconds.
    expect(loop.time() - start).toBeCloseTo(12, 1);
    await session.close();
  }));

test('silence can be taken for an end', () =>
  answering([() => open('id: 1\ndata: a\n\n'), () => events('data: b\n\n'), gone], async (it) => {
    const feed = it.feed({ timeout: { total: null, sockRead: 60 } });
    expect((await feed.read())!.data).toBe('a');
    expect((await feed.read())!.data).toBe('b');
    expect(it.seen).toEqual(['- 0.0', '1 63.0']);
    feed.close();
  }));

test('bounded: streams without an event, and waits that grow up to a limit', () =>
  answering([() => events('retry: 0\n\n: nothing\n\n')], async ({ feed, seen }) => {
    const error = await failure(feed({ attempts: 6, maxRetry: 3 }).read());
    expect([error.constructor, error.message]).toEqual([
      ClientPayloadError,
      '6 connections without an event',
    ]);
    expect(seen).toEqual(['- 0.0', '- 0.0', '- 0.5', '- 1.5', '- 3.5', '- 6.5']);
  }));

test('bounded: what a server may say of the wait, and the size of an event', () =>
  answering(
    [() => events('retry: 999999999999\ndata: a\n\n'), () => events(`data: ${'b'.repeat(99)}\n\n`)],
    async (it) => {
      const feed = it.feed({ maxRetry: '1m', limit: 50 });
      expect((await feed.read())!.data).toBe('a');
      expect(feed.retry).toBe(60);
      const error = await failure(feed.read());
      expect(String(error)).toMatch(/ClientPayloadError: .*50 bytes/);
      expect(it.seen).toEqual(['- 0.0', '- 60.0']);
      // It stays ended.
      expect(await failure(feed.read())).toBe(error);
    },
  ));

test.each([
  ['another status', () => new Response('no', { status: 500 }), 'ClientResponseError'],
  ['another content type', () => new Response('no'), 'ContentTypeError'],
  ['no status of an end', () => new Response('', { status: 205 }), 'ClientResponseError'],
])('%s is an error at once', (_name, answer, name) =>
  answering([answer], async (it) => {
    const feed = it.feed();
    expect((await failure(feed.read())).name).toBe(name);
    expect((await failure(feed.read())).name).toBe(name);
    expect([it.seen.length, feed.closed]).toEqual([1, true]);
  }),
);

test('a cancelled read loses nothing, wherever it waited', () =>
  answering(
    [
      async () => {
        await sleep('5s');
        return events('id: 1\ndata: a\n\n');
      },
      () => open('data: b\n\n'),
    ],
    async (it) => {
      const feed = it.feed();
      for (const time of ['1s', '1s'])
        await expect(Promise.resolve(timeout(time, () => feed.read()))).rejects.toThrow();
      expect((await failure(feed.read({ signal: AbortSignal.abort('x') }))).cause).toBe('x');
      expect((await feed.read())!.data).toBe('a');
      // The wait before the next connection is not begun anew.
      for (let n = 0; n < 5; n++) await failure(timeout('0.5s', () => feed.read()));
      expect((await feed.read())!.data).toBe('b');
      expect(it.seen).toEqual(['- 0.0', '1 8.0']);
      const reading = feed.read();
      await expect(Promise.resolve(feed.read())).rejects.toThrow(/already being read/);
      reading.cancel();
      expect((await failure(reading)).name).toBe('CancelledError');
      feed.close();
    },
  ));

describe('close and signal end a read that waits', () => {
  const slow: Handler = async () => {
    await sleep('1h');
    return gone();
  };
  test.each([
    ['for an answer', [slow], 1],
    ['for an event', [() => open('data: a\n\n')], 1],
    [
      'for the next connection',
      [(request) => (request.headers.has('last-event-id') ? gone() : events('id: 1\ndata: a\n\n'))],
      1,
    ],
  ] as [string, Handler[], number][])('%s', (_name, answers, seconds) =>
    answering(answers, async (it) => {
      for (const way of ['close', 'signal', 'session']) {
        const controller = new AbortController();
        const session =
          way === 'session'
            ? new ClientSession({ baseUrl: String(it.requests[0]!.url) })
            : it.session;
        const feed = session.sse('/', { signal: controller.signal });
        if (answers[0] !== slow) expect((await feed.read())!.data).toBe('a');
        const waiting = feed.read();
        await sleep(seconds);
        if (way === 'close') feed.close();
        if (way === 'signal') controller.abort('enough');
        if (way === 'session') await session.close();
        const error = await failure(waiting);
        expect([way, error?.name, error?.cause ?? null]).toEqual([
          way,
          { close: undefined, signal: 'AbortError', session: 'RuntimeError' }[way],
          way === 'signal' ? 'enough' : null,
        ]);
        expect(feed.closed).toBe(true);
      }
      expect(it.session.connections).toBeLessThanOrEqual(2);
    }),
  );
});

test('options are checked at the call', () =>
  answering([gone], async ({ session }) => {
    for (const [options, message] of [
      [{ retri: 1 }, /there is no option 'retri'; did you mean 'retry'/],
      [{ lastEventId: 'a\nb' }, /lastEventId must be a string of one line/],
      [{ lastEventId: 5 }, /lastEventId must be a string of one line, not 5/],
      [{ retry: -1 }, /retry must be 0 or more/],
      [{ attempts: 0 }, /attempts/],
      [{ limit: 0 }, /limit/],
      [{ headers: { 'a b': '1' } }, /invalid header name/],
      [{ signal: 5 }, /not an AbortSignal/],
    ] as [any, RegExp][]) {
      expect(() => session.sse('/', options)).toThrow(message);
    }
    expect(() => session.sse('ftp://x/')).toThrow(/only http/);
    const feed = session.sse('/', { signal: AbortSignal.abort('early') });
    expect((await failure(feed.read())).cause).toBe('early');
    expect(String(session.sse('/'))).toBe('<EventFeed connecting>');
  }));
