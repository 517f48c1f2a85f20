// A Hono application as it is: `serve({ fetch: app.fetch })`, with its own middleware and helpers.
import http from 'node:http';
import { gunzipSync } from 'node:zlib';

import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import { getCookie, setCookie } from 'hono/cookie';
import { cors } from 'hono/cors';
import { etag } from 'hono/etag';
import { HTTPException } from 'hono/http-exception';
import { logger } from 'hono/logger';
import { methodOverride } from 'hono/method-override';
import { proxy } from 'hono/proxy';
import { requestId } from 'hono/request-id';
import { secureHeaders } from 'hono/secure-headers';
import { stream, streamSSE, streamText } from 'hono/streaming';
import { timing } from 'hono/timing';
import { ContextVar, currentTask, getRunningLoop, sleep } from 'oxbow';
import { Headers as OurHeaders, Response as OurResponse, serve } from 'oxbow/http';
import type { HttpServer } from 'oxbow/http';
import { testClient } from 'oxbow/testing';

import { ask, conversation, Peer, withServer } from './serve-support.ts';

type App = { fetch: (request: Request, ...rest: any[]) => Response | Promise<Response> };

/** Types as users have them: the application goes to `serve` as it is. */
void (() => serve({ fetch: new Hono().fetch, port: 0 }));

function withApp(app: App, body: (server: HttpServer) => Promise<void>): Promise<void> {
  return withServer({ fetch: app.fetch as never }, body);
}

const post = { method: 'POST' };

test('routes, parameters, queries, fields, JSON, HEAD, what is not found', () => {
  const app = new Hono();
  app.get('/', (c) => c.text('hello'));
  app.get('/users/:id/:rest{.+}', (c) => c.json({ ...c.req.param(), ...c.req.query() }));
  app.get('/fields', (c) => c.json({ all: c.req.header(), one: c.req.header('X-One') }));
  app.get('/html', (c) => c.html('<p>'));
  app.get('/away', (c) => c.redirect('/', 301));
  app.get('/none', (c) => c.body(null, 204));
  app.on('PURGE', '/', (c) => c.text('purged', 202, { 'x-a': 'b' }));
  return withApp(app, async (server) => {
    expect(await ask(server, '/')).toMatchObject({ status: 200, text: 'hello' });
    const user = await ask(server, '/users/7/a/b?q=%C3%BC');
    expect(JSON.parse(user.text)).toEqual({ id: '7', rest: 'a/b', q: 'ü' });
    expect(user.headers['content-type']).toBe('application/json');
    const fields = await conversation(
      server.port,
      'GET /fields HTTP/1.1\r\nHost: a\r\nX-One: 1\r\nX-Two: 2\r\nX-Two: 3\r\nConnection: close\r\n\r\n',
    );
    expect(fields).toContain('"one":"1"');
    expect(fields).toContain('"x-two":"2, 3"');
    expect((await ask(server, '/html')).headers['content-type']).toMatch(/^text\/html/);
    expect(await ask(server, '/away')).toMatchObject({ status: 301, headers: { location: '/' } });
    expect(await ask(server, '/none')).toMatchObject({ status: 204, text: '' });
    const purge = await ask(server, '/', { method: 'PURGE' });
    expect(purge).toMatchObject({ status: 202, text: 'purged', headers: { 'x-a': 'b' } });
    expect(await ask(server, '/', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
    expect(await ask(server, '/nothing')).toMatchObject({ status: 404, text: '404 Not Found' });
  });
});

test('an answer of a string has a length, the first one too', () => {
  const app = new Hono().get('/', (c) => c.text('hello'));
  return withApp(app, async (server) => {
    for (let n = 0; n < 3; n++) {
      const { headers } = await ask(server, '/');
      expect(headers).toMatchObject({ 'content-length': '5' });
      expect(headers['content-type']).toMatch(/^text\/plain;\s?charset=utf-8$/i);
    }
  });
});

test('bodies: text, JSON, bytes, forms of both kinds, files', () => {
  const app = new Hono();
  app.post('/text', async (c) => c.text(await c.req.text()));
  app.post('/json', async (c) => c.json([await c.req.json(), await c.req.text()]));
  app.post('/bytes', async (c) => c.body((await c.req.arrayBuffer()).slice(1)));
  app.post('/blob', async (c) => c.text(String((await c.req.blob()).size)));
  app.post('/form', async (c) => {
    const form = await c.req.formData();
    const file = form.get('file');
    return c.json([form.get('name'), file instanceof File ? await file.text() : file]);
  });
  app.post('/parsed', async (c) => {
    const { name, file } = await c.req.parseBody();
    return c.json([name, file instanceof File ? [file.name, await file.text()] : file]);
  });
  return withApp(app, async (server) => {
    expect((await ask(server, '/text', post, 'grüße')).text).toBe('grüße');
    expect((await ask(server, '/json', post, '{"a":1}')).text).toBe('[{"a":1},"{\\"a\\":1}"]');
    expect((await ask(server, '/bytes', post, 'abc')).text).toBe('bc');
    expect((await ask(server, '/blob', post, Buffer.alloc(300_000))).text).toBe('300000');
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const path of ['/form', '/parsed']) {
      const plain = await ask(server, path, { ...post, headers }, 'name=a+b');
      expect(JSON.parse(plain.text)[0]).toBe('a b');
    }
    const form = new FormData();
    form.set('name', 'ann');
    form.set('file', new File(['content'], 'a.txt', { type: 'text/plain' }));
    const send = async (path: string): Promise<unknown> =>
      (await fetch(new URL(path, server.url), { ...post, body: form })).json();
    expect(await send('/form')).toEqual(['ann', 'content']);
    expect(await send('/parsed')).toEqual(['ann', ['a.txt', 'content']]);
    expect((await ask(server, '/json', post, '{')).status).toBe(500);
  });
});

test('streams, text, server-sent events, and a client that goes away', async () => {
  let aborted = (): void => {};
  const gone = new Promise<void>((resolve) => (aborted = resolve));
  const app = new Hono();
  app.get('/pieces', (c) =>
    stream(c, async (writer) => {
      for (let n = 0; n < 3; n++) {
        await writer.write(new Uint8Array(100_000).fill(97 + n));
        await writer.sleep(1);
      }
    }),
  );
  app.get('/text', (c) => streamText(c, async (writer) => void (await writer.writeln('line'))));
  app.get('/events', (c) =>
    streamSSE(c, async (writer) => {
      writer.onAbort(aborted);
      await writer.writeSSE({ event: 'tick', data: '1', id: '5' });
      await gone;
    }),
  );
  await withApp(app, async (server) => {
    const { text } = await ask(server, '/pieces');
    expect([text.length, text[0], text.at(-1)]).toEqual([300_000, 'a', 'c']);
    expect((await ask(server, '/text')).text).toBe('line\n');
    const peer = new Peer(server.port);
    await peer.send('GET /events HTTP/1.1\r\nHost: a\r\n\r\n');
    const received = await peer.until((all) => all.includes('id: 5'));
    expect(received).toMatch(/content-type: text\/event-stream/i);
    peer.close();
    await gone;
  });
});

test('middleware: cors, etag, compress, secureHeaders, requestId, timing, cookies, logger', () => {
  const lines: string[] = [];
  const app = new Hono();
  app.use(logger((line) => void lines.push(line)));
  app.use('/api/*', cors({ origin: 'https://a.example', credentials: true }));
  app.use(secureHeaders(), requestId(), timing());
  app.use('/tagged', etag());
  app.use('/packed', compress());
  app.use(async (c, next) => {
    await next();
    c.header('x-after', 'yes');
    c.res.headers.append('x-more', '1');
  });
  app.get('/api/data', (c) => {
    setCookie(c, 'seen', getCookie(c, 'seen') ?? 'never', { httpOnly: true });
    setCookie(c, 'other', 'b');
    return c.json({ id: c.get('requestId') });
  });
  app.get('/tagged', (c) => c.text('tagged'));
  app.get('/packed', (c) => c.text('x'.repeat(5000)));
  return withApp(app, async (server) => {
    const preflight = await ask(server, '/api/data', {
      method: 'OPTIONS',
      headers: { origin: 'https://a.example', 'access-control-request-method': 'PUT' },
    });
    expect(preflight).toMatchObject({
      status: 204,
      headers: { 'access-control-allow-origin': 'https://a.example' },
    });
    for (let n = 0; n < 2; n++) {
      const data = await ask(server, '/api/data', { headers: { cookie: 'seen=twice' } });
      expect(data.headers).toMatchObject({
        'access-control-allow-credentials': 'true',
        'content-length': String(data.text.length),
        'content-type': 'application/json',
        'set-cookie': ['seen=twice; Path=/; HttpOnly', 'other=b; Path=/'],
        'x-after': 'yes',
        'x-frame-options': 'SAMEORIGIN',
        'x-more': '1',
        'x-request-id': JSON.parse(data.text).id,
      });
    }
    const tagged = await ask(server, '/tagged');
    expect(tagged).toMatchObject({ status: 200, text: 'tagged' });
    const { etag: tag } = tagged.headers;
    const again = await ask(server, '/tagged', { headers: { 'if-none-match': tag! } });
    expect(again).toMatchObject({ status: 304, text: '' });
    const packed = await new Promise<Buffer>((resolve) => {
      const headers = { 'accept-encoding': 'gzip' };
      http.get(new URL('/packed', server.url), { headers }, (response) => {
        expect(response.headers['content-encoding']).toBe('gzip');
        const all: Buffer[] = [];
        response.on('data', (piece: Buffer) => all.push(piece));
        response.on('end', () => resolve(Buffer.concat(all)));
      });
    });
    expect(gunzipSync(packed).toString()).toBe('x'.repeat(5000));
    expect(lines.filter((line) => line.startsWith('-->')).length).toBe(6);
  });
});

test('errors: thrown, rejected, HTTPException, onError, notFound, no response at all', () => {
  const app = new Hono();
  app.get('/throw', () => {
    throw new Error('thrown');
  });
  app.get('/reject', async () => {
    await sleep(0);
    throw new Error('rejected');
  });
  app.get('/exception', () => {
    throw new HTTPException(418, { message: 'teapot' });
  });
  app.get('/nothing', (() => {}) as never);
  app.onError((error, c) =>
    error instanceof HTTPException ? error.getResponse() : c.text(`E: ${error.message}`, 500),
  );
  app.notFound((c) => c.text('nowhere', 404));
  return withApp(app, async (server) => {
    expect(await ask(server, '/throw')).toMatchObject({ status: 500, text: 'E: thrown' });
    expect(await ask(server, '/reject')).toMatchObject({ status: 500, text: 'E: rejected' });
    expect(await ask(server, '/exception')).toMatchObject({ status: 418, text: 'teapot' });
    expect(await ask(server, '/nothing')).toMatchObject({ status: 404, text: 'nowhere' });
    expect(await ask(server, '/nowhere')).toMatchObject({ status: 404, text: 'nowhere' });
  });
});

test('c.req.raw is a Request, can be made another one of, cloned and handed to fetch', async () => {
  const seen: unknown[] = [];
  const app = new Hono();
  app.all('/target/*', async (c) =>
    c.json({
      method: c.req.method,
      body: await c.req.text(),
      kept: c.req.header('x-kept'),
    }),
  );
  app.all('/raw/:how', async (c) => {
    const { raw } = c.req;
    const target = new URL('/target/x', c.req.url);
    switch (c.req.param('how')) {
      case 'fetch':
        seen.push(raw instanceof Request, raw.headers instanceof Headers, raw.redirect);
        return fetch(new Request(target, raw));
      case 'init':
        return fetch(target, raw);
      case 'whole':
        return app.fetch(new Request(raw, { method: 'PUT', body: 'another' }));
      case 'headers':
        return fetch(target, {
          method: 'POST',
          headers: raw.headers,
          body: raw.body,
          duplex: 'half',
        } as never);
      case 'proxy':
        return proxy(target, { ...c.req, headers: { ...c.req.header(), host: 'b' } } as never);
      case 'clone':
        return c.text(`${await raw.clone().text()}+${await raw.text()}`);
      default:
        return new Response(raw.body);
    }
  });
  await withApp(app, async (server) => {
    const options = { ...post, headers: { 'x-kept': 'yes' } };
    const answer = (body: string): unknown => ({ method: 'POST', body, kept: 'yes' });
    for (const how of ['fetch', 'init', 'headers', 'proxy']) {
      const { text } = await ask(server, `/raw/${how}`, options, 'body');
      expect([how, JSON.parse(text)]).toEqual([how, answer('body')]);
    }
    const headers = { 'x-kept': 'yes' };
    for (const how of ['fetch', 'init', 'proxy']) {
      const { text } = await ask(server, `/raw/${how}`, { headers });
      expect([how, JSON.parse(text)]).toEqual([how, { method: 'GET', body: '', kept: 'yes' }]);
    }
    expect((await ask(server, '/raw/clone', options, 'b')).text).toBe('b+b');
    expect((await ask(server, '/raw/echo', options, 'c'.repeat(200_000))).text.length).toBe(
      200_000,
    );
  });
  expect(seen.slice(0, 3)).toEqual([true, true, 'follow']);
});

test('what reads the stream itself: bodyLimit with chunks, methodOverride, mount', () => {
  const app = new Hono();
  app.use('/limited', bodyLimit({ maxSize: 10 }));
  app.post('/limited', async (c) => c.text(await c.req.text()));
  app.use('/forms', methodOverride({ app }));
  app.delete('/forms', (c) => c.text('deleted'));
  app.mount('/mounted', async (request: Request) =>
    Response.json([new URL(request.url).pathname, await request.text()]),
  );
  return withApp(app, async (server) => {
    const chunked = { ...post, headers: { 'transfer-encoding': 'chunked' } };
    expect(await ask(server, '/limited', chunked, 'short')).toMatchObject({ text: 'short' });
    expect(await ask(server, '/limited', chunked, 'far too long')).toMatchObject({ status: 413 });
    expect(await ask(server, '/limited', post, 'far too long')).toMatchObject({ status: 413 });
    const form = { ...post, headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    expect((await ask(server, '/forms', form, '_method=DELETE')).text).toBe('deleted');
    expect((await ask(server, '/mounted/a', post, 'b')).text).toBe('["/a","b"]');
  });
});

test('handlers run in tasks of the loop: after each await it is known, and context variables', () => {
  const NAME = new ContextVar<string>('name');
  const app = new Hono();
  app.get('/:name', async (c) => {
    NAME.set(c.req.param('name'));
    await sleep(0);
    await new Promise(setImmediate);
    await sleep(0);
    getRunningLoop();
    return c.text(`${NAME.get()} ${currentTask() !== null}`);
  });
  return withApp(app, async (server) => {
    const answers = await Promise.all(['a', 'b'].map((name) => ask(server, `/${name}`)));
    expect(answers.map(({ text }) => text)).toEqual(['a true', 'b true']);
  });
});

test('the environment is the server, and work may go on behind the answer', async () => {
  const order: string[] = [];
  const app = new Hono<{ Bindings: HttpServer }>();
  app.get('/', (c) => {
    c.executionCtx.waitUntil(
      (async () => {
        await sleep(0.01);
        order.push('worked');
      })(),
    );
    order.push('answered');
    return c.text(String(c.env.pending));
  });
  await withApp(app, async (server) => {
    expect((await ask(server, '/')).text).toBe('1');
    await server.shutdown();
    order.push('shut down');
  });
  expect(order).toEqual(['answered', 'worked', 'shut down']);
});

test('in virtual time, by testClient', async () => {
  const app = new Hono();
  app.get('/slow', async (c) => {
    await sleep('1h');
    return c.json({ late: true });
  });
  const client = testClient({ fetch: app.fetch } as never);
  expect(await (await client.get('/slow')).json()).toEqual({ late: true });
  await client.close();
});

test('the class in the place of Response does what that of Node does', async () => {
  await withApp(
    new Hono().get('/', (c) => c.text('')),
    async (server) => void (await ask(server, '/')),
  );
  const Native = Object.getPrototypeOf(Response) as typeof Response;
  expect(Native.name).toBe('Response');
  const shown = async (make: () => Response): Promise<unknown> => {
    try {
      const response = make();
      const { status, statusText, ok, type, url, redirected, bodyUsed } = response;
      const isResponse = response instanceof Response && response instanceof Native;
      const fields = [...response.headers];
      const clone = response.clone();
      const texts = [await response.text(), await clone.text(), response.bodyUsed];
      const again = await response.json().catch((error: Error) => error.constructor.name);
      return [
        status,
        statusText,
        ok,
        type,
        url,
        redirected,
        bodyUsed,
        isResponse,
        fields,
        texts,
        again,
      ];
    } catch (error) {
      return (error as Error).constructor.name;
    }
  };
  const bytes = new Uint8Array([0xff, 0x61]);
  const cases: [body: unknown, init?: unknown][] = [
    ['text'],
    ['ä\ud800', { status: 201, statusText: 'Made' }],
    [null, { status: 204 }],
    ['x', { status: 204 }],
    ['x', { status: 199 }],
    ['x', { status: '404' }],
    ['x', { statusText: 'a\nb' }],
    ['x', { headers: { 'Content-Type': 'a/b', 'X-A': ' 1 ' } }],
    [
      'x',
      {
        headers: [
          ['x-a', '1'],
          ['X-A', '2'],
          ['set-cookie', 'a'],
          ['set-cookie', 'b'],
        ],
      },
    ],
    ['x', { headers: new Headers({ 'content-type': 'a/b' }) }],
    ['x', { headers: { 'x-a': 'b\nc' } }],
    ['x', { headers: { 'x a': 'b' } }],
    ['x', { headers: { 'x-a': 'ü', 'x-b': 5 } }],
    ['x', { headers: { 'x-a': '€' } }],
    ['x', null],
    ['x', 5],
    [undefined],
    [5],
    [bytes],
    [bytes.buffer],
    [new URLSearchParams({ a: 'b' })],
    [new Blob(['blob'], { type: 'c/d' })],
    [{ toString: () => 'an object' }],
  ];
  for (const [body, init] of cases) {
    const make = (Class: typeof Response) => () => new Class(body as string, init as {});
    expect([body, init, await shown(make(Response))]).toEqual([
      body,
      init,
      await shown(make(Native)),
    ]);
  }
  for (const data of [{ a: 1 }, 'text', undefined, 5n]) {
    const make = (Class: typeof Response) => () => Class.json(data, { status: 201 });
    expect(await shown(make(Response))).toEqual(await shown(make(Native)));
  }
  expect(() => (Response as unknown as () => void)()).toThrow(TypeError);
  class Mine extends Response {}
  expect(new Mine('mine')).toBeInstanceOf(Mine);
  expect(new Response('').constructor).toBe(Response);
  expect(Response.error().type).toBe('error');
});

test('a body that is looked at as a stream is still what it was', async () => {
  const first = new Response('body', { headers: { 'x-a': 'b' } });
  const second = new Response(first.body, first);
  expect([first.body === second.body, second.headers.get('x-a')]).toEqual([true, 'b']);
  expect(await second.text()).toBe('body');
  expect([first.bodyUsed, second.bodyUsed]).toEqual([true, true]);
  expect(() => second.clone()).toThrow(TypeError);
  const read = new Response('abc');
  const reader = read.body!.getReader();
  expect(() => new Response(read.body)).toThrow(TypeError);
  expect(Buffer.from((await reader.read()).value!).toString()).toBe('abc');
  expect((await reader.read()).done).toBe(true);
  expect(read.bodyUsed).toBe(true);
  const bytes = new Response(new Uint8Array([1, 2]));
  const { value } = await bytes.body!.getReader({ mode: 'byob' }).read(new Uint8Array(8));
  expect(value).toEqual(new Uint8Array([1, 2]));
});

test('an answer of Node is sent as well, and none twice', () => {
  const kept = new Response('kept');
  const errors: unknown[] = [];
  const answers: Record<string, () => unknown> = {
    '/json': () => Response.json({ a: 1 }, { status: 201 }),
    '/redirect': () => Response.redirect('http://a.example/', 307),
    '/kept': () => kept,
    '/bytes': () => new Response(new Uint8Array([104, 105])),
    '/form': () => new Response(new URLSearchParams({ a: 'b c' })),
    '/blob': () => new Response(new Blob(['blob'], { type: 'text/x' })),
    '/empty': () => new Response(),
    '/ours': () => new OurResponse('ours'),
  };
  return withServer(
    {
      fetch: ((request: { path: string }) => answers[request.path]!()) as never,
      error: (error) => {
        errors.push(error);
        return new OurResponse('again?', { status: 500 });
      },
    },
    async (server) => {
      const json = await ask(server, '/json');
      expect(json).toMatchObject({ status: 201, text: '{"a":1}' });
      expect(json.headers['content-type']).toBe('application/json');
      expect((await ask(server, '/redirect')).status).toBe(307);
      expect((await ask(server, '/kept')).text).toBe('kept');
      expect((await ask(server, '/kept')).text).toBe('again?');
      expect((await ask(server, '/bytes')).text).toBe('hi');
      expect((await ask(server, '/form')).text).toBe('a=b+c');
      const blob = await ask(server, '/blob');
      expect(blob).toMatchObject({ text: 'blob', headers: { 'content-type': 'text/x' } });
      expect(await ask(server, '/empty')).toMatchObject({ status: 200, text: '' });
      expect((await ask(server, '/ours')).text).toBe('ours');
      expect(errors).toEqual([expect.any(TypeError)]);
    },
  );
});

test('headers of a request cannot be changed, but copied', () => {
  const app = new Hono();
  app.get('/', (c) => {
    expect(() => c.req.raw.headers.set('a', 'b')).toThrow(/copy them/);
    const copy = new Headers(c.req.raw.headers);
    copy.set('a', 'b');
    expect(new OurHeaders() instanceof Headers).toBe(true);
    return c.text(`${copy.get('a')} ${copy.get('x-a')}`);
  });
  return withApp(app, async (server) => {
    const answer = await ask(server, '/', { headers: { 'x-a': 'kept' } });
    expect(answer).toMatchObject({ status: 200, text: 'b kept' });
  });
});
