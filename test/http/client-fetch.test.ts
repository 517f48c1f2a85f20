// session.fetch beside the global fetch: the same calls, the same answers.
import type http from 'node:http';
import zlib from 'node:zlib';

import { createTask } from 'oxbow';
import { ClientConnectorError, ClientSession } from 'oxbow/http';

import { withNode } from './client-support.ts';

let slowClosed: () => void = () => {};
const packed = zlib.gzipSync('packed text');

const listener: http.RequestListener = async (request, response) => {
  let body = '';
  for await (const piece of request.setEncoding('utf8')) body += piece;
  const { pathname, searchParams } = new URL(request.url!, 'http://x');
  switch (pathname) {
    case '/status':
      response.writeHead(Number(searchParams.get('code'))).end();
      return;
    case '/to':
      response
        .writeHead(Number(searchParams.get('code')), { location: '/echo?moved' })
        .end('moved');
      return;
    case '/loop':
      response
        .writeHead(302, { location: `/loop?${Number(searchParams.keys().next().value ?? 0) + 1}` })
        .end();
      return;
    case '/packed':
      response
        .writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'text/plain' })
        .end(packed);
      return;
    case '/cookies':
      response.writeHead(200, { 'set-cookie': ['a=1', 'b=2'], 'x-twice': ['1', '2'] }).end('c');
      return;
    case '/slow':
      response.on('close', () => slowClosed());
      response.write('begin');
      return;
    case '/broken':
      response.writeHead(200, { 'content-length': 10 });
      response.write('abc', () => response.destroy());
      return;
    default: {
      const { 'content-type': type = '-', 'x-mine': mine = '-' } = request.headers;
      response.end(
        JSON.stringify([
          request.method,
          request.url,
          mine,
          type.replace(/boundary=.*/, ''),
          body.replace(/-+formdata-undici-\d+/g, 'B'),
        ]),
      );
    }
  }
};

type Fetch = typeof globalThis.fetch;

/** What there is to see of a response. */
async function shown(url: string, fetching: Promise<globalThis.Response>): Promise<unknown> {
  try {
    const response = await fetching;
    const { status, statusText, ok, redirected, type, bodyUsed } = response;
    const isNull = response.body === null;
    const copy = response.clone();
    const text = await response.text();
    expect(await copy.text()).toBe(text);
    expect([copy.url, copy.redirected]).toEqual([response.url, redirected]);
    return [
      response.url.replace(url, '/'),
      status,
      statusText,
      ok,
      redirected,
      type,
      bodyUsed,
      isNull,
      text,
      response.bodyUsed,
      response.headers.get('content-encoding'),
      response.headers.getSetCookie(),
      response.headers.get('x-twice'),
    ];
  } catch (error) {
    return [(error as Error).name, error instanceof TypeError];
  }
}

const form = (): FormData => {
  const made = new FormData();
  made.append('a', 'b');
  made.append('file', new Blob(['text'], { type: 'text/plain' }), 'f.txt');
  return made;
};

const stream = (): ReadableStream => new Blob(['stre', 'am']).stream();

const withBody = { body: 'x' };

const CASES: [name: string, call: (fetch: Fetch, url: string) => Promise<globalThis.Response>][] = [
  ['get', (fetch, url) => fetch(url)],
  ['data:', (fetch) => fetch('data:text/plain;charset=utf-8,gr%C3%BC%C3%9Fe')],
  ['URL', (fetch, url) => fetch(new URL('echo#part', url))],
  ['Request', (fetch, url) => fetch(new Request(url, { headers: { 'x-mine': '1' } }))],
  [
    'Request and init',
    (fetch, url) =>
      fetch(new Request(url, { method: 'POST', body: 'x' }), { headers: { 'x-mine': '2' } }),
  ],
  ['text', (fetch, url) => fetch(url, { method: 'POST', body: 'grüße' })],
  [
    'lower case',
    (fetch, url) => fetch(url, { method: 'put', body: 'x', headers: [['X-Mine', '3']] }),
  ],
  [
    'URLSearchParams',
    (fetch, url) => fetch(url, { method: 'POST', body: new URLSearchParams({ a: 'b c' }) }),
  ],
  [
    'Blob',
    (fetch, url) => fetch(url, { method: 'POST', body: new Blob(['b'], { type: 'text/css' }) }),
  ],
  ['FormData', (fetch, url) => fetch(url, { method: 'POST', body: form() })],
  [
    'stream',
    (fetch, url) => fetch(url, { method: 'POST', body: stream(), duplex: 'half' } as never),
  ],
  ['stream without duplex', (fetch, url) => fetch(url, { method: 'POST', body: stream() })],
  ['head', (fetch, url) => fetch(url, { method: 'HEAD' })],
  ['GET with a body', (fetch, url) => fetch(url, { method: 'GET', ...withBody })],
  ['CONNECT', (fetch, url) => fetch(url, { method: 'CONNECT' })],
  ['credentials', (fetch, url) => fetch(url.replace('//', '//a:b@'))],
  ['no URL', (fetch) => fetch('nonsense')],
  ['a header that cannot be', (fetch, url) => fetch(url, { headers: { 'a b': 'c' } })],
  ['packed', (fetch, url) => fetch(`${url}packed`)],
  ['cookies', (fetch, url) => fetch(`${url}cookies`)],
  ['204', (fetch, url) => fetch(`${url}status?code=204`)],
  ['205', (fetch, url) => fetch(`${url}status?code=205`)],
  ['304', (fetch, url) => fetch(`${url}status?code=304`)],
  ['404', (fetch, url) => fetch(`${url}status?code=404`)],
  ['303 of a POST', (fetch, url) => fetch(`${url}to?code=303`, { method: 'POST', body: 'x' })],
  ['302 of a POST', (fetch, url) => fetch(`${url}to?code=302`, { method: 'POST', body: 'x' })],
  ['307 of a POST', (fetch, url) => fetch(`${url}to?code=307`, { method: 'POST', body: 'x' })],
  [
    '307 of a stream',
    (fetch, url) =>
      fetch(`${url}to?code=307`, { method: 'POST', body: stream(), duplex: 'half' } as never),
  ],
  ['302 of a HEAD', (fetch, url) => fetch(`${url}to?code=302`, { method: 'HEAD' })],
  ['manual', (fetch, url) => fetch(`${url}to?code=302`, { redirect: 'manual' })],
  ['error', (fetch, url) => fetch(`${url}to?code=302`, { redirect: 'error' })],
  ['a loop', (fetch, url) => fetch(`${url}loop`)],
  ['nobody there', (fetch) => fetch('http://127.0.0.1:2/')],
  ['broken', (fetch, url) => fetch(`${url}broken`)],
  ['aborted before', (fetch, url) => fetch(url, { signal: AbortSignal.abort() })],
  [
    'aborted with a reason',
    (fetch, url) => fetch(url, { signal: AbortSignal.abort(new RangeError('r')) }),
  ],
];

test.each(CASES)('%s', (_name, call) =>
  withNode(listener, async (url) => {
    await using session = new ClientSession();
    const { fetch } = session;
    const ours = await shown(url, call(fetch as never, url));
    expect(ours).toEqual(await shown(url, call(globalThis.fetch, url)));
  }),
);

test('what a body is while it comes: read in pieces, aborted, left', () =>
  withNode(listener, async (url) => {
    await using session = new ClientSession({ baseUrl: url });
    const controller = new AbortController();
    const response = await session.fetch('/slow', { signal: controller.signal });
    expect(response.url).toBe(`${url}slow`);
    const reader = response.body!.getReader({ mode: 'byob' });
    const { value } = await reader.read(new Uint8Array(3));
    expect(Buffer.from(value!).toString()).toBe('beg');
    controller.abort(new RangeError('enough'));
    await reader.read(new Uint8Array(3));
    await expect(reader.read(new Uint8Array(3))).rejects.toThrow(new RangeError('enough'));
    const left = await session.fetch('/slow');
    const closed = new Promise<void>((resolve) => (slowClosed = resolve));
    await left.body!.cancel();
    await closed;
    const error = await session.fetch('http://127.0.0.1:2/').then(null, (why: unknown) => why);
    expect(error).toMatchObject({
      message: 'fetch failed',
      cause: expect.any(ClientConnectorError),
    });
    const broken = await session.fetch('/broken');
    await expect(broken.text()).rejects.toMatchObject({ message: 'terminated' });
    await createTask(function* () {
      const got: Response = yield* session.fetch('/echo');
      expect(got).toBeInstanceOf(globalThis.Response);
      yield* session.close();
    });
  }));
