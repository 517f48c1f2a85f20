// Requests, clients and handlers that mean no good: the server answers or closes, and goes on.

import { getRunningLoop, run, sleep, waitFor } from 'oxbow';
import { HttpError, Response, serve } from 'oxbow/http';
import type { Handler, HttpServer, ServeOptions } from 'oxbow/http';

import { cutAtRandom, mutated, randomFrom, validMessages } from './message-generator.ts';
import { Peer, ask, conversation, withServer } from './serve-support.ts';

/** Counts what the loop's exception handler is told instead of writing it out. */
function reports(): string[] {
  const messages: string[] = [];
  getRunningLoop().setExceptionHandler((_loop, { message }) => void messages.push(message));
  return messages;
}

const statuses = (text: string): number[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1]));

async function standsAlone(server: HttpServer): Promise<void> {
  while (server.connections > 0) await sleep('1ms');
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])('mutated requests, seed %d', async (seed) => {
  const random = randomFrom(Number(seed) * 7919);
  await withServer(
    {
      bodyTimeout: '1s',
      async fetch(request) {
        request.headers.get('host');
        void [request.path, request.url, request.remoteAddress, request.signal.aborted];
        if (request.method === 'POST') await request.text();
        return new Response('ok');
      },
    },
    async (server) => {
      const seen = reports();
      for (let round = 0; round < 20; round++) {
        await Promise.all(
          Array.from({ length: 10 }, async () => {
            const message = validMessages(random, 'request');
            const pieces = cutAtRandom(
              random,
              random(4) === 0 ? message : mutated(random, message),
            );
            const peer = new Peer(server.port, { allowHalfOpen: true });
            for (const piece of pieces) await peer.send(piece);
            if (random(8) === 0) peer.close();
            else peer.socket.end();
            const text = await peer.untilClosed();
            for (const status of statuses(text)) {
              if (![100, 200, 501, 505].includes(status) && (status < 400 || status > 431)) {
                throw new Error(`seed ${seed}: ${status} for ${JSON.stringify(message)}`);
              }
            }
          }),
        );
      }
      await standsAlone(server);
      expect((await ask(server, '/')).text).toBe('ok');
      expect(seen).toEqual([]);
    },
  );
});

test.each([
  [
    'a WebSocket',
    'GET /chat HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  ],
  ['a tunnel', 'CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n'],
])('who asks for %s behind the last request, and goes, is not kept', (_, asks) =>
  withServer({ fetch: async () => new Response('ok') }, async (server) => {
    const peer = new Peer(server.port, { allowHalfOpen: true });
    await peer.send(
      `GET / HTTP/1.0\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n${asks}frames`,
    );
    await peer.until((text) => text.endsWith('ok'));
    peer.socket.end();
    // Those who are silent would be dropped after 5 s.
    await waitFor(standsAlone(server), 4);
  }),
);

const trap = (): never => {
  throw new Error('trap');
};
const spoilt = (spoil: (error: HttpError) => void): never => {
  const error = new HttpError(404);
  spoil(error);
  throw error;
};
const stream = (iterator: object): Response =>
  new Response({ [Symbol.iterator]: () => iterator } as unknown as Iterable<string>);

/** What a handler may do instead of returning a response, and the status that it gets. */
const HANDLERS: Record<string, [handler: () => unknown, get: number, head?: number]> = {
  'a then that throws': [
    () => ({
      get then() {
        return trap();
      },
    }),
    500,
  ],
  'a false future': [() => ({ addDoneCallback: trap, done: () => false }), 500],
  'a proxy that throws': [() => new Proxy({}, { get: trap, getPrototypeOf: trap }), 500],
  'a symbol': [() => Symbol('no response'), 500],
  'a generator that runs': [
    () => {
      const generator = (function* () {
        yield;
      })();
      generator.next();
      return generator;
    },
    500,
  ],
  'throws undefined': [
    () => {
      throw undefined;
    },
    500,
  ],
  'rejects with undefined': [
    async () => {
      throw undefined;
    },
    500,
  ],
  'throws a proxy that throws': [
    () => {
      throw new Proxy({}, { get: trap, getPrototypeOf: trap });
    },
    500,
  ],
  'an HttpError of no status': [() => spoilt((error) => Object.assign(error, { status: 7 })), 500],
  'an HttpError whose message throws': [
    () => spoilt((error) => Object.defineProperty(error, 'message', { get: trap })),
    500,
  ],
  'a header of 400 kB': [() => new Response('x', { headers: { a: 'y'.repeat(400_000) } }), 200],
  'a type of 400 kB': [
    () => new Response('x', { headers: { 'content-type': 'y'.repeat(400_000) } }),
    200,
  ],
  'a stream that throws': [
    () =>
      new Response(
        (function* () {
          yield 'a';
          trap();
        })(),
      ),
    200,
  ],
  'a stream of numbers': [() => new Response([1, 2].values() as never), 200],
  'a stream without an iterator': [() => stream(null as unknown as object), 200],
  'a stream that throws everywhere': [() => stream({ next: trap, return: trap }), 200],
  'a foreign response with a header that is two': [
    () => ({ status: 200, headers: [['a\r\nb', 'c']], body: null }),
    500,
  ],
  'a then that calls twice and throws': [
    () => ({
      then(resolve: (value: Response) => void) {
        resolve(new Response('1'));
        resolve(new Response('2'));
        trap();
      },
    }),
    200,
  ],
};

describe('handlers that return or throw', () => {
  test.each(Object.keys(HANDLERS))('%s', async (name) => {
    const [handler, status] = HANDLERS[String(name)]!;
    await run(async () => {
      reports();
      const server = await serve({ fetch: handler as Handler });
      for (const method of ['GET', 'HEAD']) {
        const text = await conversation(
          server.port,
          `${method} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
        );
        expect(statuses(text)).toEqual([status]);
      }
      await server.shutdown({ timeout: '5s' });
    });
  });

  test('the error handler may be as bad', async () => {
    for (const error of [
      trap,
      () => Symbol('no'),
      async () => trap(),
      () => ({
        get then() {
          return trap();
        },
      }),
    ]) {
      await withServer(
        { fetch: trap, error: error as NonNullable<ServeOptions['error']> },
        async (server) => {
          reports();
          expect((await ask(server, '/')).status).toBe(500);
        },
      );
    }
  });
});

describe('clients', () => {
  test('slowloris: a head that never ends is cut off in time', () =>
    withServer({ headersTimeout: 0.08, fetch: () => new Response('no') }, async (server) => {
      const peers = Array.from({ length: 50 }, () => new Peer(server.port));
      await Promise.all(peers.map((peer) => peer.send('GET / HTTP/1.1\r\nHost: a\r\nX: ')));
      let dripping = true;
      const drip = (async () => {
        while (dripping) {
          for (const peer of peers) peer.socket.write('y');
          await sleep('5ms');
        }
      })();
      for (const peer of peers) expect(await peer.untilClosed()).toBe('');
      dripping = false;
      await drip;
    }));

  test('heads, bodies and chunk extensions without end are refused while they arrive', () =>
    withServer(
      {
        maxBodySize: 100_000,
        fetch: async (request) => {
          await request.bytes();
          return new Response('read');
        },
      },
      async (server) => {
        const post = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
        for (const [start, more, status] of [
          ['GET / HTTP/1.1\r\nHost: a\r\n', 'X: y\r\n', 431],
          ['GET /', 'x', 431],
          ['GET / HTTP/1.1\r\nHost: a\r\nX: ', 'y', 431],
          [`${post}1;`, 'ext;', 431],
          [post, '4\r\nbody\r\n', 413],
        ] as const) {
          const peer = new Peer(server.port);
          await peer.send(start);
          const piece = more.repeat(Math.ceil(20_000 / more.length));
          for (let n = 0; n < 1000 && peer.received === '' && !peer.closed; n++) {
            peer.socket.write(piece);
            await new Promise(setImmediate);
          }
          const [answer] = statuses(await peer.until((text) => text !== ''));
          expect([start, answer]).toEqual([start, status]);
          peer.close();
        }
        await standsAlone(server);
      },
    ));

  test('a flood of pipelined requests to a slow handler is answered in order', () => {
    let running = 0;
    let most = 0;
    return withServer(
      {
        async fetch(request) {
          most = Math.max(most, ++running);
          await null;
          running--;
          return new Response(`<${request.path.slice(1)}>`);
        },
      },
      async (server) => {
        const peer = new Peer(server.port);
        const count = 5000;
        let text = '';
        for (let n = 0; n < count; n++) text += `GET /${n} HTTP/1.1\r\nHost: a\r\n\r\n`;
        await peer.send(text);
        const received = await peer.until((so_far) => so_far.includes(`<${count - 1}>`));
        expect([...received.matchAll(/<(\d+)>/g)].map(([, n]) => Number(n))).toEqual(
          Array.from({ length: count }, (_, n) => n),
        );
        expect(most).toBe(1);
        peer.close();
      },
    );
  });

  test('that leave in the middle of a handler, a body or a stream', () => {
    let aborted = 0;
    return withServer(
      {
        async fetch(request) {
          request.signal.addEventListener('abort', () => {
            aborted++;
          });
          if (request.path === '/body') return new Response(await request.text());
          if (request.path === '/stream') {
            return new Response(
              (async function* () {
                for (;;) yield 'x'.repeat(10_000);
              })(),
            );
          }
          if (!request.signal.aborted) {
            await new Promise((resolve) => request.signal.addEventListener('abort', resolve));
          }
          return new Response('to nobody');
        },
      },
      async (server) => {
        reports();
        const leave = async (head: string, when: (text: string) => boolean): Promise<void> => {
          const peer = new Peer(server.port);
          await peer.send(head);
          while (server.connections === 0) await sleep('1ms');
          await peer.until(when);
          peer.socket.resetAndDestroy();
        };
        const rest = ' HTTP/1.1\r\nHost: a\r\n';
        await Promise.all(
          Array.from({ length: 20 }, () => [
            leave(`GET /handler${rest}\r\n`, () => true),
            leave(`POST /body${rest}Content-Length: 100\r\n\r\nonly this`, () => true),
            leave(`GET /stream${rest}\r\n`, (text) => text.length > 50_000),
          ]).flat(),
        );
        await standsAlone(server);
        expect(aborted).toBeGreaterThan(0);
      },
    );
  });
});

describe('shutdown with a limit ends', () => {
  const handlers: Record<string, (never: Promise<Response>) => Handler> = {
    'a Promise that never settles': (never) => () => never,
    'an async function that waits for ever': (never) => async () => await never,
    'a coroutine that waits for ever': () =>
      function* () {
        yield* sleep('1h');
        return new Response('late');
      },
    'a stream that never goes on': (never) => () =>
      new Response(
        (async function* () {
          yield 'a';
          await never;
        })(),
      ),
  };

  test.each(Object.keys(handlers))('%s', (name) =>
    run(async () => {
      reports();
      let release!: (response: Response) => void;
      const never = new Promise<Response>((resolve) => {
        release = resolve;
      });
      const server = await serve({ fetch: handlers[String(name)]!(never) });
      const peer = new Peer(server.port);
      await peer.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      while (server.connections === 0) await sleep('1ms');
      await server.shutdown({ timeout: '20ms' });
      await peer.untilClosed();
      expect(server.connections).toBe(0);
      // A run ends only when its tasks do.
      release(new Response('late'));
    }),
  );
});
