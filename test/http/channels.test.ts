// What servers and clients tell of requests on node:diagnostics_channel.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { getRunningLoop, sleep } from 'oxbow';
import type { Future, Task } from 'oxbow';
import { ClientSession, HttpError, Response } from 'oxbow/http';
import type {
  ClientRequestMessage,
  Handler,
  HttpServer,
  ServeOptions,
  ServerRequestMessage,
} from 'oxbow/http';

import { Peer, withServer } from './serve-support.ts';

type Side = 'server' | 'client';
interface Heard<M> {
  /** The messages, each with the event it is about. */
  readonly all: (M & { event: string })[];
  /** What was told of each request, as `start finish:200`. */
  lines(): string[];
  /** A first request has come to its end. */
  readonly finished: Promise<void>;
  stop(): void;
}

/** Hears all three channels of a side. */
function listen<M extends ServerRequestMessage | ClientRequestMessage>(side: Side): Heard<M> {
  const all: Heard<M>['all'] = [];
  let finish!: () => void;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const listeners = ['start', 'error', 'finish'].map((event) => {
    const name = `oxbow:${side}-request:${event}`;
    const listener = (message: unknown): void => {
      all.push({ ...(message as M), event });
      if (event === 'finish') finish();
    };
    subscribe(name, listener);
    return () => unsubscribe(name, listener);
  });
  const text = ({ event, status, error }: Heard<M>['all'][0]): string =>
    [event, status, (error as Error | null)?.name].filter((word) => word != null).join(':');
  return {
    all,
    finished,
    lines: () =>
      [...new Set(all.map(({ request }) => request))].map((request) =>
        all
          .filter((message) => message.request === request)
          .map(text)
          .join(' '),
      ),
    stop: () => listeners.forEach((stop) => stop()),
  };
}

/** A server and a session, and what is told of their requests. */
async function between(
  options: ServeOptions,
  body: (
    session: ClientSession,
    server: HttpServer,
    heard: { server: Heard<ServerRequestMessage>; client: Heard<ClientRequestMessage> },
  ) => Promise<void>,
): Promise<void> {
  const heard = {
    server: listen<ServerRequestMessage>('server'),
    client: listen<ClientRequestMessage>('client'),
  };
  try {
    await withServer(options, async (server) => {
      const session = new ClientSession({ baseUrl: server.url });
      getRunningLoop().setExceptionHandler(() => {});
      await body(session, server, heard);
      await session.close();
    });
  } finally {
    heard.server.stop();
    heard.client.stop();
  }
}

async function* pieces(error?: Error): AsyncGenerator<string> {
  yield 'some';
  await sleep(0);
  if (error) throw error;
  yield 'more';
}

describe('a server tells of each request its start and its end', () => {
  const failure = new TypeError('broken');
  const cases: [name: string, handler: Handler, told: string, client: string][] = [
    ['an answer at once', () => new Response('x'), 'start finish:200', 'start finish:200'],
    [
      'an answer later',
      async () => {
        await sleep(0);
        return new Response('x', { status: 201 });
      },
      'start finish:201',
      'start finish:201',
    ],
    ['a large one', () => new Response('x'.repeat(1e5)), 'start finish:200', 'start finish:200'],
    ['a stream', () => new Response(pieces()), 'start finish:200', 'start finish:200'],
    [
      'an HttpError',
      () => {
        throw new HttpError(404);
      },
      'start finish:404',
      'start finish:404',
    ],
    [
      'another error',
      async () => {
        throw failure;
      },
      'start error:TypeError finish:500:TypeError',
      'start finish:500',
    ],
    [
      'no response',
      () => 5 as never,
      'start error:TypeError finish:500:TypeError',
      'start finish:500',
    ],
    [
      'a stream that fails',
      () => new Response(pieces(failure)),
      'start error:200:TypeError finish:200:TypeError',
      'start finish:200',
    ],
  ];

  test.each(cases)('%s', (_name, handler, told, client) =>
    between({ fetch: handler }, async (session, server, heard) => {
      const response = await session.get('/path?query');
      await response.bytes().catch(() => {});
      expect([heard.server.lines(), heard.client.lines()]).toEqual([[told], [client]]);
      for (const message of heard.server.all) {
        expect([message.server, message.loop, message.request.target]).toEqual([
          server,
          getRunningLoop(),
          '/path?query',
        ]);
      }
      for (const message of heard.client.all) {
        expect([
          message.session,
          message.loop,
          message.request.method,
          message.request.url.href,
        ]).toEqual([session, getRunningLoop(), 'GET', `${server.url}path?query`]);
      }
    }),
  );

  test('how long it took', () =>
    between(
      {
        async fetch() {
          await sleep('20ms');
          return new Response('x');
        },
      },
      async (session, _server, heard) => {
        await (await session.get('/')).text();
        for (const { all } of [heard.server, heard.client]) {
          const [start, finish] = all.map(({ duration }) => duration);
          expect(start).toBeGreaterThanOrEqual(0);
          expect(finish).toBeGreaterThanOrEqual(0.02);
        }
      },
    ));

  test('an error that the server has an answer for', () =>
    between(
      {
        fetch() {
          throw new RangeError('no');
        },
        error: () => new Response('mine', { status: 418 }),
      },
      async (session, _server, heard) => {
        expect((await session.get('/')).status).toBe(418);
        expect(heard.server.lines()).toEqual(['start error:RangeError finish:418:RangeError']);
      },
    ));

  test('pipelined requests one after the other, also one whose body is too large', () =>
    between({ fetch: () => new Response('x'), maxBodySize: 4 }, async (_session, server, heard) => {
      const peer = new Peer(server.port);
      await peer.send(
        'GET /1 HTTP/1.1\r\nhost: x\r\n\r\nGET /2 HTTP/1.1\r\nhost: x\r\n\r\n' +
          'POST /3 HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\n12345',
      );
      await peer.untilClosed();
      expect(
        heard.server.all.map(({ event, request, status }) => [event, request.path, status]),
      ).toEqual([
        ['start', '/1', null],
        ['finish', '/1', 200],
        ['start', '/2', null],
        ['finish', '/2', 200],
        ['start', '/3', null],
        ['finish', '/3', 413],
      ]);
    }));

  test('a client that goes away, and a server that is closed', async () => {
    let begun!: Future<void>;
    for (const end of ['peer', 'server']) {
      await between(
        {
          async fetch({ signal }) {
            begun.setResult();
            await sleep('1h', undefined, { signal });
            return new Response('x');
          },
        },
        async (_session, server, heard) => {
          begun = getRunningLoop().createFuture();
          const peer = new Peer(server.port);
          await peer.send('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
          await begun;
          if (end === 'peer') peer.close();
          else server.close();
          await heard.server.finished;
          const error = end === 'peer' ? 'AbortError' : 'CancelledError';
          expect(heard.server.lines()).toEqual([`start error:${error} finish:${error}`]);
        },
      );
    }
  });
});

describe('a client tells of each request its start and its end', () => {
  let task!: Task<unknown>;

  test('the headers may be added to, and each redirection is a request', () =>
    between(
      {
        fetch: ({ path, headers }) =>
          path === '/' ? Response.redirect('/there', 302) : new Response(headers.get('x-trace')),
      },
      async (session, _server, heard) => {
        let count = 0;
        const trace = (message: unknown): void => {
          (message as ClientRequestMessage).request.headers.set('x-trace', `hop ${++count}`);
        };
        subscribe('oxbow:client-request:start', trace);
        try {
          expect(await (await session.get('/')).text()).toBe('hop 2');
        } finally {
          unsubscribe('oxbow:client-request:start', trace);
        }
        expect(heard.client.lines()).toEqual(['start finish:302', 'start finish:200']);
      },
    ));

  test('what fails, or is cancelled', () =>
    between(
      {
        async fetch({ path }) {
          if (path === '/cancelled') task.cancel();
          await sleep('1h');
          return new Response('x');
        },
      },
      async (session, _server, heard) => {
        await expect(Promise.resolve(session.get('http://127.0.0.1:1/'))).rejects.toThrow();
        await expect(Promise.resolve(session.get('/', { timeout: '10ms' }))).rejects.toThrow();
        task = session.get('/cancelled');
        await task.catch(() => {});
        expect(heard.client.lines()).toEqual([
          'start error:ClientConnectorError finish:ClientConnectorError',
          'start error:ServerTimeoutError finish:ServerTimeoutError',
          'start error:CancelledError finish:CancelledError',
        ]);
      },
    ));
});

test('a request that began while nobody listened is not told of', () => {
  let heard: Heard<any>[] = [];
  return withServer(
    {
      fetch() {
        if (heard.length === 0) heard = [listen('server'), listen('client')];
        return new Response('x');
      },
    },
    async (server) => {
      const session = new ClientSession({ baseUrl: server.url });
      await (await session.get('/')).text();
      expect(heard.flatMap((each) => each.lines())).toEqual([]);
      await (await session.get('/')).text();
      heard.forEach((each) => each.stop());
      expect(heard.flatMap((each) => each.lines())).toEqual([
        'start finish:200',
        'start finish:200',
      ]);
      await session.close();
    },
  );
});
