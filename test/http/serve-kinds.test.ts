// Kinds of responses, and what a request says besides its head: cookies, proxies, preferences.
import http from 'node:http';

import { CancelledError, Future, sleep } from 'oxbow';
import { ClientSession, ContextKey, Response } from 'oxbow/http';
import type { Request, ServeOptions, TrustedProxiesInit } from 'oxbow/http';
import { ask, conversation, Peer, withServer } from './serve-support.ts';
import { rejection } from '../support/outcomes.ts';

const answering = (make: (request: Request) => Response): ServeOptions => ({ fetch: make });

test('cookies are read, decoded, and set with all that they have', () =>
  withServer(
    answering((request) =>
      Response.json(request.cookies)
        .setCookie('id', 'a b;ü', {
          maxAge: '1h',
          expires: new Date(0),
          domain: 'example.org',
          path: '/x',
          secure: true,
          httpOnly: true,
          sameSite: 'none',
          partitioned: true,
          priority: 'high',
        })
        .setCookie('plain', '')
        .deleteCookie('old', { path: '/y' }),
    ),
    async (server) => {
      const cookie = 'a=%C3%BC; b="q"; a=second; __proto__=x; broken=%zz';
      const answer = await ask(server, '/', { headers: { cookie } });
      expect(JSON.parse(answer.text)).toEqual(
        JSON.parse('{"a":"ü","b":"\\"q\\"","__proto__":"x","broken":"%zz"}'),
      );
      expect(answer.headers['set-cookie']).toEqual([
        'id=a%20b%3B%C3%BC; Max-Age=3600; Domain=example.org; Path=/x; ' +
          'Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; Partitioned; ' +
          'Priority=High; SameSite=None',
        'plain=; Path=/',
        'old=; Max-Age=0; Path=/y; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
      ]);
    },
  ));

test('a cookie that no browser would take is refused', () => {
  const set =
    (name: string, value: string, options = {}) =>
    () =>
      new Response('').setCookie(name, value, options);
  expect(set('a b', '')).toThrow(/no name of a cookie/);
  expect(set('a', 5 as never)).toThrow(/value must be a string/);
  expect(set('a', '', { sameSite: 'none' })).toThrow(/needs secure/);
  expect(set('a', '', { sameSite: 'Lax' })).toThrow(/sameSite must be strict, lax, none/);
  expect(set('a', '', { partitioned: true })).toThrow(/needs secure/);
  expect(set('__Host-a', '', { secure: true, domain: 'a.b' })).toThrow(/no domain/);
  expect(set('__Secure-a', '')).toThrow(/needs secure/);
  expect(set('a', '', { path: '/;x' })).toThrow(TypeError);
  expect(set('a', '', { domain: 'a;b' })).toThrow(TypeError);
  expect(set('a', '', { expires: new Date(NaN) })).toThrow(/valid Date/);
  expect(set('a', '', { maxAge: Infinity })).toThrow(RangeError);
  expect(set('a', 'x'.repeat(5000))).toThrow(/browsers drop/);
  expect(set('a', '\ud800')).toThrow(/half of a character/);
});

test('a FormData goes out as multipart, from a server and from a client', async () => {
  const form = new FormData();
  form.append('field', 'line\nline');
  form.append('fi"le', new File(['content'], 'na"me.txt', { type: 'text/plain' }));
  await withServer(
    {
      async fetch(request) {
        if (request.method === 'GET') return new Response(form);
        const entries = [...(await request.formData())];
        return Response.json(
          await Promise.all(
            entries.map(async ([name, value]) =>
              typeof value === 'string' ? [name, value] : [name, value.name, await value.text()],
            ),
          ),
        );
      },
    },
    async (server) => {
      const expected = [
        ['field', 'line\r\nline'],
        ['fi"le', 'na"me.txt', 'content'],
      ];
      const got = await (await fetch(server.url)).formData();
      expect(got.get('field')).toBe('line\r\nline');
      expect(await (got.get('fi"le') as File).text()).toBe('content');
      await using session = new ClientSession();
      for (let n = 0; n < 2; n++) {
        const answer = await session.post(server.url, { body: form });
        const entries = await answer.json();
        expect(
          entries.map((one: string[]) => one.map((text) => text.replaceAll('%22', '"'))),
        ).toEqual(expected);
      }
    },
  );
});

describe('Response.stream', () => {
  test.each([
    [
      'function*',
      () =>
        Response.stream(function* (writer) {
          yield* writer.write('a');
          yield* sleep(0.001);
          yield* writer.write(new Uint8Array([98]));
        }),
    ],
    [
      'async function',
      () =>
        Response.stream(async (writer) => {
          await writer.write('a');
          await sleep(0.001);
          await writer.write('b');
        }),
    ],
    [
      'plain function',
      () => Response.stream((writer) => void (writer.write('a'), writer.write('b'))),
    ],
  ])('a %s writes', (_name, make) =>
    withServer(answering(make), async (server) => {
      expect((await ask(server, '/')).text).toBe('ab');
    }),
  );

  test('is cancelled when the client goes away, and waits for a slow one', async () => {
    let written = 0;
    let ended = false;
    await withServer(
      answering(() =>
        Response.stream(function* (writer) {
          try {
            for (;;) {
              yield* writer.write('x'.repeat(65536));
              written += 65536;
            }
          } finally {
            ended = true;
          }
        }),
      ),
      async (server) => {
        const peer = new Peer(server.port);
        peer.socket.pause();
        await peer.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
        while (written === 0) await sleep(0.005);
        let before = -1;
        while (written !== before) {
          before = written;
          await sleep(0.05);
        }
        // What the kernel keeps, and little more.
        expect(written).toBeLessThan(64 * 2 ** 20);
        peer.close();
        while (!ended) await sleep(0.005);
      },
    );
  });

  test('who else waits in write is cancelled when the client goes away', () => {
    const writes: Future<void>[] = [];
    let begun = (): void => {};
    const started = new Promise<void>((resolve) => (begun = resolve));
    return withServer(
      answering(() =>
        Response.stream(function* (writer) {
          // More than the kernel takes, so the first piece is being sent, and the second waits.
          for (const size of [2 ** 26, 1]) writes.push(writer.write(new Uint8Array(size)));
          begun();
          yield* new Future<void>();
        }),
      ),
      async (server) => {
        const peer = new Peer(server.port);
        peer.socket.pause();
        await peer.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
        await started;
        peer.close();
        server.close();
        await server.waitClosed();
        expect(writes.map((write) => write.cancelled())).toEqual([true, true]);
        for (const write of writes) {
          const error = await rejection(write);
          expect(error).toBeInstanceOf(CancelledError);
          expect(error.message).toBe('nobody reads the body any more');
        }
      },
    );
  });

  test('an error in it breaks the answer', async () => {
    await withServer(
      answering(() =>
        Response.stream(function* (writer) {
          yield* writer.write('begun');
          throw new Error('told to nobody');
        }),
      ),
      async (server) => {
        server._loop.setExceptionHandler(() => {});
        await expect(ask(server, '/')).rejects.toMatchObject({ code: 'ECONNRESET' });
      },
    );
  });
});

describe('Response.sse', () => {
  const EVENTS = [
    'plain\nlines',
    { data: { n: 1 }, event: 'tick', id: '7', retry: '2s' },
    { comment: 'hidden' },
    { data: '' },
  ];
  const TEXT =
    'data: plain\ndata: lines\n\nevent: tick\nid: 7\nretry: 2000\ndata: {"n":1}\n\n' +
    ': hidden\n\ndata: \n\n';

  test.each<[string, () => Response]>([
    ['a list', () => Response.sse(EVENTS)],
    [
      'a function*',
      () =>
        Response.sse(function* () {
          for (const event of EVENTS) {
            yield event;
            yield* sleep(0);
          }
        }),
    ],
    [
      'an async function*',
      () =>
        Response.sse(async function* () {
          for (const event of EVENTS) {
            yield event;
            await sleep(0);
          }
        }),
    ],
  ])('of %s', (_name, make) =>
    withServer(answering(make), async (server) => {
      const answer = await ask(server, '/');
      expect(answer.text).toBe(TEXT);
      expect(answer.headers).toMatchObject({
        'content-type': 'text/event-stream',
        'cache-control': 'no-cache',
      });
    }),
  );

  test('shows that it lives while nothing happens, and ends with its client', async () => {
    let ended = false;
    await withServer(
      answering(() =>
        Response.sse(
          function* () {
            try {
              yield* sleep(1000);
              yield 'never';
            } finally {
              ended = true;
            }
          },
          { heartbeat: '5ms' },
        ),
      ),
      async (server) => {
        const peer = new Peer(server.port);
        await peer.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
        await peer.until((text) => text.split('3\r\n:\n\n\r\n').length > 3);
        peer.close();
        while (!ended) await sleep(0.005);
      },
    );
  });

  test('what would be two events, or none, is refused', async () => {
    expect(() => Response.sse(5 as never)).toThrow(/iterable of events/);
    expect(() => Response.sse([], { heartbeat: 0 })).toThrow(RangeError);
    for (const event of [{ id: 'a\nb' }, { event: 'a\r' }, { retry: -1 }, { dta: 1 }, 5]) {
      await withServer(
        answering(() => Response.sse([event])),
        async (server) => {
          server._loop.setExceptionHandler(() => {});
          await expect(ask(server, '/')).rejects.toMatchObject({ code: 'ECONNRESET' });
        },
      );
    }
  });
});

test.each([
  ['text', () => 'body'],
  ['bytes', () => Buffer.from('body')],
  ['nothing', () => null],
  [
    'a stream',
    () =>
      (function* () {
        yield 'bo';
        yield 'dy';
      })(),
  ],
])('trailers stand behind %s', (name, body) =>
  withServer(
    answering(
      () =>
        new Response(body(), { headers: { trailer: 'x-sum' }, trailers: () => ({ 'x-sum': '4' }) }),
    ),
    async (server) => {
      const answer = await conversation(
        server.port,
        'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
      );
      expect(answer).toMatch(/\r\ntransfer-encoding: chunked\r\n/);
      expect(answer).toMatch(/\r\n0\r\nx-sum: 4\r\n\r\n$/);
      expect(answer.includes('content-length')).toBe(false);
      const old = await conversation(server.port, 'GET / HTTP/1.0\r\n\r\n');
      expect(old.includes('x-sum: 4')).toBe(false);
      if (name !== 'nothing') expect(old.endsWith('body')).toBe(true);
    },
  ),
);

test('a field that comes too late behind a body is no trailer', () => {
  for (const name of ['content-length', 'Transfer-Encoding', 'set-cookie', 'host']) {
    expect(() => new Response('', { trailers: { [name]: '1' } })).toThrow(/may not be a trailer/);
  }
});

test('early hints go before the answer, to who knows them', () =>
  withServer(
    answering((request) => {
      const sent = request.sendEarlyHints({ link: '</a.css>; rel=preload' });
      return new Response(String(sent));
    }),
    async (server) => {
      const answer = await conversation(
        server.port,
        'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
      );
      expect(answer).toMatch(
        /^HTTP\/1\.1 103 Early Hints\r\nlink: <\/a\.css>; rel=preload\r\n\r\nHTTP\/1\.1 200 /,
      );
      expect(await conversation(server.port, 'GET / HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
    },
  ));

test('preferences, conditions and ranges are read', () =>
  withServer(
    answering((request) =>
      Response.json([
        request.accepts('text/html', 'application/json'),
        request.accepts('image/png'),
        request.acceptsEncodings('br', 'gzip', 'identity'),
        request.acceptsLanguages('en', 'de'),
        request.ranges(10),
        request.conditions,
      ]),
    ),
    async (server) => {
      const headers = {
        accept: 'text/*;q=0.5, application/json',
        'accept-encoding': 'gzip, br',
        'accept-language': 'de, en;q=0.5',
        range: 'bytes=1-2',
        'if-none-match': 'W/"a", "b"',
        'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT',
        'if-range': '"c"',
      };
      expect(JSON.parse((await ask(server, '/', { headers })).text)).toEqual([
        'application/json',
        null,
        'br',
        'de',
        [{ start: 1, end: 2 }],
        {
          ifMatch: null,
          ifNoneMatch: [
            { value: 'a', weak: true },
            { value: 'b', weak: false },
          ],
          ifModifiedSince: '1970-01-01T00:00:00.000Z',
          ifUnmodifiedSince: null,
          ifRange: { value: 'c', weak: false },
        },
      ]);
    },
  ));

describe('who asks', () => {
  const seen = async (
    trustedProxies: readonly string[] | TrustedProxiesInit | undefined,
    headers: http.OutgoingHttpHeaders,
  ): Promise<[ip: string, url: string]> => {
    let answer = '';
    await withServer(
      {
        ...(trustedProxies === undefined ? {} : { trustedProxies }),
        fetch: (request) => Response.json([request.ip, new URL(request.url).origin]),
      },
      async (server) => {
        answer = (await ask(server, '/', { headers: { host: 'own', ...headers } })).text;
      },
    );
    return JSON.parse(answer);
  };
  const X = {
    'x-forwarded-for': '9.9.9.9, 1.2.3.4, 10.0.0.7',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'example.org',
  };

  test('nobody is believed by default', async () => {
    expect(await seen(undefined, X)).toEqual(['127.0.0.1', 'http://own']);
    expect(await seen(['10.0.0.0/8'], X)).toEqual(['127.0.0.1', 'http://own']);
  });

  test('as far as the proxies are trusted, from the nearest one on', async () => {
    expect(await seen(['loopback'], X)).toEqual(['10.0.0.7', 'https://example.org']);
    expect(await seen(['loopback', '10.0.0.0/8'], X)).toEqual(['1.2.3.4', 'https://example.org']);
    expect(await seen(['0.0.0.0/0'], X)).toEqual(['9.9.9.9', 'https://example.org']);
    const odd = { 'x-forwarded-for': '1.2.3.4, unknown', 'x-forwarded-proto': 'gopher' };
    expect(await seen(['loopback'], odd)).toEqual(['127.0.0.1', 'http://own']);
    expect(await seen(['loopback'], { 'x-forwarded-for': '[2001:db8::1]:80' })).toEqual([
      '2001:db8::1',
      'http://own',
    ]);
    expect(await seen(['loopback'], { 'x-forwarded-host': 'a/b@c' })).toEqual([
      '127.0.0.1',
      'http://own',
    ]);
  });

  test('Forwarded, where that is what they write', async () => {
    const trusted = { addresses: ['loopback', '10.0.0.0/8'], fields: 'forwarded' } as const;
    const forwarded = 'for=9.9.9.9;proto=http, for="1.2.3.4:5";Proto=https;host=a.b, for=10.0.0.7';
    expect(await seen(trusted, { ...X, forwarded })).toEqual(['1.2.3.4', 'https://a.b']);
    expect(await seen(trusted, { forwarded: 'for="[2001:db8::1]:9"' })).toEqual([
      '2001:db8::1',
      'http://own',
    ]);
    // What cannot be read ends the list.
    expect(await seen(trusted, { forwarded: 'for=1.1.1.1, for="x, for=10.0.0.7' })).toEqual([
      '10.0.0.7',
      'http://own',
    ]);
    expect(await seen(trusted, { forwarded: 'for=_hidden' })).toEqual(['127.0.0.1', 'http://own']);
  });

  test('a wrong address is an error at once', async () => {
    for (const wrong of [
      ['10.0.0.0/99'],
      ['nobody'],
      ['::1/200'],
      'loopback',
      { fields: 'both' },
    ]) {
      await expect(seen(wrong as never, {})).rejects.toThrow(TypeError);
    }
  });
});

test('a clone has the same body, for a reader at another speed', () =>
  withServer(
    {
      async fetch(request) {
        const clone = request.clone();
        const other = clone.clone();
        const text = await clone.text();
        await other.text();
        expect(() => clone.clone()).toThrow(TypeError);
        let size = 0;
        for await (const piece of request.body) size += piece.length;
        return Response.json([text.length, size, clone.headers.get('x-a'), clone.method]);
      },
    },
    async (server) => {
      const headers = { 'x-a': 'b' };
      for (const length of [0, 5, 3_000_000]) {
        const answer = await ask(server, '/', { method: 'POST', headers }, 'x'.repeat(length));
        expect(JSON.parse(answer.text)).toEqual([length, length, 'b', 'POST']);
      }
    },
  ));

test('a clone has the params of the route and what was set, both for itself', () => {
  const USER = new ContextKey<string>('user');
  const LATER = new ContextKey<string>('later', { default: 'none' });
  const told = (request: Request): unknown[] => [
    request.params,
    request.has(USER) && request.get(USER),
    request.get(LATER),
  ];
  return withServer(
    {
      middleware: [
        (request, next) => {
          request.set(USER, 'ann');
          return next();
        },
      ],
      routes: {
        '/users/:id/*path': async (request) => {
          const clone = request.clone();
          const other = clone.clone();
          clone.set(USER, 'bob');
          request.set(LATER, 'set');
          (clone.params as Record<string, string>)['id'] = 'changed';
          await null;
          return Response.json([request, clone, other, other.clone()].map(told));
        },
        '/plain': (request) => Response.json(told(request.clone())),
      },
    },
    async (server) => {
      const params = { id: 'a/b', path: 'c' };
      for (const method of ['GET', 'POST']) {
        const { text } = await ask(server, '/users/a%2Fb/c', { method });
        expect(JSON.parse(text)).toEqual([
          [params, 'ann', 'set'],
          [{ ...params, id: 'changed' }, 'bob', 'none'],
          [params, 'ann', 'none'],
          [params, 'ann', 'none'],
        ]);
      }
      expect(JSON.parse((await ask(server, '/plain')).text)).toEqual([{}, 'ann', 'none']);
    },
  );
});

test('a clone knows what the request knows: addresses, cookies, and that the client is gone', () => {
  let begun!: () => void;
  const waiting = new Promise<void>((resolve) => (begun = resolve));
  let seen!: (all: unknown[]) => void;
  const gone = new Promise<unknown[]>((resolve) => (seen = resolve));
  const told = ({ ip, url, cookies, signal }: Request): unknown[] => [
    ip,
    url,
    { ...cookies },
    signal.aborted,
  ];
  return withServer(
    {
      trustedProxies: ['loopback'],
      cancelOnDisconnect: true,
      *fetch(request) {
        if (request.path === '/') return Response.json([request, request.clone()].map(told));
        try {
          begun();
          yield* sleep(60);
        } finally {
          // Nobody has asked for a signal before.
          seen([request.clone().signal.aborted, request.signal.aborted]);
        }
        return new Response('');
      },
    },
    async (server) => {
      const headers = { 'x-forwarded-for': '1.2.3.4', cookie: 'a=b', host: 'h' };
      const expected = ['1.2.3.4', 'http://h/', { a: 'b' }, false];
      expect(JSON.parse((await ask(server, '/', { headers })).text)).toEqual([expected, expected]);
      const peer = new Peer(server.port);
      await peer.send('GET /wait HTTP/1.1\r\nHost: a\r\n\r\n');
      await waiting;
      peer.close();
      expect(await gone).toEqual([true, true]);
    },
  );
});
