// ClientSession against node:http servers.
import http from 'node:http';
import zlib from 'node:zlib';

import { CancelledError, createTask, gather, getRunningLoop, run, sleep } from 'oxbow';
import {
  ClientPayloadError,
  ClientResponseError,
  ClientSession,
  ContentTypeError,
  InvalidURL,
  NonHttpUrlError,
  TooManyRedirectsError,
} from 'oxbow/http';
import { withNode } from './client-support.ts';

const echo: http.RequestListener = async (request, response) => {
  let body = '';
  for await (const piece of request.setEncoding('utf8')) body += piece;
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify({
      method: request.method,
      url: request.url,
      headers: request.headers,
      body,
    }),
  );
};

test('methods, params, headers and bodies, both lanes', () =>
  withNode(echo, async (url) => {
    const session = new ClientSession({ headers: { 'x-all': 'yes' } });
    const got = await (
      await session.get(url, {
        params: { a: 1, b: ['x', 'y z'] },
        headers: { 'X-One': '1' },
      })
    ).json();
    expect(got).toMatchObject({
      method: 'GET',
      url: '/?a=1&b=x&b=y+z',
      body: '',
      headers: { 'x-all': 'yes', 'x-one': '1', host: new URL(url).host },
    });
    await createTask(function* () {
      const posted = yield* session.post(url, { json: { a: [1] } });
      expect(yield* posted.json()).toMatchObject({
        method: 'POST',
        body: '{"a":[1]}',
        headers: { 'content-type': 'application/json' },
      });
    });
    const send = async (method: string, body: any): Promise<any> =>
      (await session.request(method, url, { body })).json();
    expect(await send('put', 'grüße')).toMatchObject({
      method: 'PUT',
      body: 'grüße',
      headers: { 'content-length': '7' },
    });
    expect((await send('PATCH', new Uint8Array([97, 98]))).body).toBe('ab');
    expect(await send('POST', { a: 'b c' })).toMatchObject({
      body: 'a=b+c',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(
      await send(
        'POST',
        (async function* () {
          yield 'one ';
          await sleep(0);
          yield Buffer.from('two');
        })(),
      ),
    ).toMatchObject({ body: 'one two', headers: { 'transfer-encoding': 'chunked' } });
    expect((await send('POST', null)).headers['content-length']).toBe('0');
    const large = 'x'.repeat(2_000_000);
    expect((await send('POST', large)).body).toBe(large);
    for (const method of ['delete', 'options', 'patch'] as const) {
      expect((await (await session[method](url)).json()).method).toBe(method.toUpperCase());
    }
    expect((await session.head(url)).status).toBe(200);
    await session.close();
  }));

test('a response: status, reason, headers, text, bytes, read(), body in pieces', () =>
  withNode(
    (_request, response) => {
      response.writeHead(201, 'Made', {
        'content-type': 'text/plain; charset=latin1',
        'set-cookie': ['a=1', 'b=2'],
      });
      response.end(Buffer.from('grüße', 'latin1'));
    },
    async (url) => {
      const session = new ClientSession();
      const response = await session.get(url);
      expect([response.status, response.reason, response.ok]).toEqual([201, 'Made', true]);
      expect(response.contentType).toBe('text/plain');
      expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
      expect(await response.text()).toBe('grüße');
      expect((await response.bytes()).length).toBe(5);
      expect((await response.read()).length).toBe(5);
      expect(() => response.json()).toThrow(ContentTypeError);
      let size = 0;
      for await (const piece of (await session.get(url)).body) size += piece.length;
      expect(size).toBe(5);
      await session.close();
    },
  ));

test('large bodies in pieces, with backpressure in both lanes', () =>
  withNode(
    (_request, response) => void response.end(Buffer.alloc(5_000_000)),
    async (url) => {
      const session = new ClientSession();
      await createTask(function* () {
        const response = yield* session.get(url);
        let size = 0;
        for (let piece; (piece = yield* response.body.read()) !== null;) {
          size += piece.length;
          yield;
        }
        expect(size).toBe(5_000_000);
      });
      let size = 0;
      for await (const piece of (await session.get(url)).body) {
        size += piece.length;
        await sleep(0);
      }
      expect(size).toBe(5_000_000);
      expect(session.connections).toBe(1);
      await session.close();
    },
  ));

test.each(['gzip', 'deflate', 'raw', 'br'])('unpacks %s', (coding) =>
  withNode(
    (_request, response) => {
      const pack = {
        gzip: zlib.gzipSync,
        deflate: zlib.deflateSync,
        raw: zlib.deflateRawSync,
        br: zlib.brotliCompressSync,
      }[coding]!;
      response.setHeader('content-encoding', coding === 'raw' ? 'deflate' : coding);
      response.end(pack('hello '.repeat(1000)));
    },
    async (url) => {
      const session = new ClientSession();
      expect(await (await session.get(url)).text()).toBe('hello '.repeat(1000));
      let text = '';
      for await (const piece of (await session.get(url)).body)
        text += Buffer.from(piece).toString();
      expect(text).toBe('hello '.repeat(1000));
      await session.close();
      const plain = new ClientSession({ autoDecompress: false });
      expect((await (await plain.get(url)).bytes()).length).toBeLessThan(200);
      await plain.close();
    },
  ),
);

test('a body that unpacks to too much, and one that is broken', () =>
  withNode(
    (request, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(request.url === '/bomb' ? zlib.gzipSync(Buffer.alloc(1e6)) : 'not gzip');
    },
    async (url) => {
      const session = new ClientSession({ maxDecodedSize: 10_000 });
      const read = async (path: string): Promise<string> =>
        (await session.get(new URL(path, url))).text();
      await expect(read('/bomb')).rejects.toThrow(/more than 10000 bytes/);
      await expect(read('/broken')).rejects.toBeInstanceOf(ClientPayloadError);
      await session.close();
    },
  ));

test('redirections: where they lead, what is sent, what is kept back', () =>
  withNode(
    (request, response) => {
      const [, status, rest] = /^\/(\d{3})(.*)$/.exec(request.url!) ?? [];
      if (status === undefined) return echo(request, response);
      const location = rest === '' ? '/end' : rest!.replace(/^\/(?=\w+:)/, '');
      response.writeHead(Number(status), { location });
      response.end('moved');
    },
    async (url) => {
      const session = new ClientSession();
      const after = async (method: string, path: string, body?: string): Promise<any> =>
        (
          await session.request(method, new URL(path, url), {
            ...(body === undefined ? {} : { body }),
            headers: { authorization: 'secret' },
          })
        ).json();
      for (const status of [301, 302, 303]) {
        const seen = await after('POST', `/${status}`, 'text');
        expect(seen).toMatchObject({ method: 'GET', url: '/end', body: '' });
        expect(seen.headers).not.toHaveProperty('content-type');
        expect(seen.headers.authorization).toBe('secret');
      }
      expect(await after('PUT', '/302', 'text')).toMatchObject({ method: 'PUT', body: 'text' });
      expect(await after('POST', '/307', 'text')).toMatchObject({ method: 'POST', body: 'text' });
      expect(await after('PUT', '/303', 'text')).toMatchObject({ method: 'GET', body: '' });
      const { port } = new URL(url);
      const elsewhere = await after('GET', `/302/http://localhost:${port}/other`);
      expect(elsewhere.url).toBe('/other');
      expect(elsewhere.headers).not.toHaveProperty('authorization');
      const response = await session.get(new URL('/301/302', url));
      expect(response.history.map((one) => one.status)).toEqual([301, 302]);
      expect(response.url).toBe(new URL('/end', url).href);
      response.release();
      expect((await session.get(new URL('/302', url), { redirect: 'manual' })).status).toBe(302);
      await expect(
        Promise.resolve(session.post(new URL('/308', url), { body: ['stream'].values() })),
      ).rejects.toBeInstanceOf(ClientPayloadError);
      await expect(
        Promise.resolve(session.get(new URL('/302/ftp://x/', url))),
      ).rejects.toBeInstanceOf(NonHttpUrlError);
      await session.close();
    },
  ));

test('a loop of redirections ends', () =>
  withNode(
    (_request, response) => void response.writeHead(302, { location: '/' }).end(),
    async (url) => {
      const session = new ClientSession();
      const error: any = await session.get(url, { maxRedirects: 3 }).catch((reason: any) => reason);
      expect(error).toBeInstanceOf(TooManyRedirectsError);
      expect(error.history).toHaveLength(4);
      await session.close();
    },
  ));

test('raiseForStatus, by hand, by request and by session', () =>
  withNode(
    (_request, response) => void response.writeHead(404).end('none'),
    async (url) => {
      const session = new ClientSession({ raiseForStatus: true });
      await expect(Promise.resolve(session.get(url))).rejects.toMatchObject({
        name: 'ClientResponseError',
        status: 404,
        message: `404 Not Found, url=${url}`,
      });
      const response = await session.get(url, { raiseForStatus: false });
      expect(() => response.raiseForStatus()).toThrow(ClientResponseError);
      await session.close();
    },
  ));

test('arguments that cannot be sent', () =>
  run(async () => {
    const session = new ClientSession();
    const failure = (target: string, options?: object, method = 'GET'): Promise<any> =>
      session.request(method, target, options).catch((error) => error);
    expect(await failure('nonsense')).toBeInstanceOf(InvalidURL);
    const other = await failure('wss://localhost/');
    expect(other).toBeInstanceOf(NonHttpUrlError);
    expect(other.message).toMatch(/only http: and https:/);
    expect(await failure('http://x/', {}, 'G ET')).toBeInstanceOf(TypeError);
    expect(await failure('http://x/', { headers: { a: 'b\r\nc' } })).toBeInstanceOf(TypeError);
    expect(await failure('http://x/', { json: 1, body: 'a' })).toBeInstanceOf(TypeError);
    expect(await failure('http://u:p@x/', { headers: { authorization: 'a' } })).toBeInstanceOf(
      TypeError,
    );
    expect(await failure('http://x/', { timeout: 'soon' })).toBeInstanceOf(TypeError);
    expect(() => new ClientSession({ limit: -1 })).toThrow(RangeError);
    expect(() => new ClientSession(5 as never)).toThrow(TypeError);
    await session.close();
    expect(await failure('http://x/')).toMatchObject({ message: 'Session is closed' });
  }));

test('credentials of the URL, a base URL, a cancelled request', () =>
  withNode(echo, async (url) => {
    const session = new ClientSession({ baseUrl: url.replace('://', '://me:a%20b@') });
    const { headers } = await (await session.get('/path')).json();
    expect(headers.authorization).toBe(`Basic ${Buffer.from('me:a b').toString('base64')}`);
    const task = session.get('/');
    task.cancel();
    await expect(Promise.resolve(task)).rejects.toBeInstanceOf(CancelledError);
    const answers = await gather([1, 2, 3].map((n) => session.get(`/${n}`)));
    expect(await Promise.all(answers.map(async (one) => (await one.json()).url))).toEqual([
      '/1',
      '/2',
      '/3',
    ]);
    expect(getRunningLoop().isRunning()).toBe(true);
    await session.close();
  }));
