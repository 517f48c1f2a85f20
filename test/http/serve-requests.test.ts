// serve() against Node's own client: what a handler sees and what the client gets.
import http from 'node:http';

import { getRunningLoop, sleep } from 'oxbow';
import { Headers, HttpError, Response } from 'oxbow/http';
import type { Request } from 'oxbow/http';
import { ask, Peer, withServer } from './serve-support.ts';

const describeRequest = (request: Request): Response =>
  Response.json({
    method: request.method,
    url: request.url,
    path: request.path,
    target: request.target,
    version: request.httpVersion,
    headers: [...request.headers],
  });

test('a request tells method, url and headers, whatever their case', () =>
  withServer({ fetch: describeRequest }, async (server) => {
    const answer = await ask(server, '/a/b?c=d%20e', {
      method: 'PATCH',
      headers: { 'X-Thing': 'One', host: 'example.com:81' },
    });
    const seen = JSON.parse(answer.text);
    expect(seen).toMatchObject({
      method: 'PATCH',
      url: 'http://example.com:81/a/b?c=d%20e',
      path: '/a/b',
      target: '/a/b?c=d%20e',
      version: '1.1',
    });
    expect(seen.headers).toContainEqual(['x-thing', 'One']);
    expect(answer.headers['content-type']).toBe('application/json');
  }));

test('headers of a request: get joins, has ignores case, cookies stay apart', () =>
  withServer(
    {
      fetch({ headers }) {
        return Response.json([
          headers.get('A'),
          headers.has('b'),
          headers.get('none'),
          headers.getSetCookie(),
          [...headers.keys()].includes('a'),
        ]);
      },
    },
    async (server) => {
      const peer = new Peer(server.port);
      await peer.send(
        'GET / HTTP/1.1\r\nHost: x\r\nA: 1\r\na: 2\r\nB:\r\nSet-Cookie: p\r\n' +
          'Set-Cookie: q\r\nConnection: close\r\n\r\n',
      );
      expect(await peer.untilClosed()).toContain('["1, 2",true,null,["p","q"],true]');
    },
  ));

test('handlers: plain, function*, async, Promise, WHATWG Response', async () => {
  const handlers: Array<(request: Request) => any> = [
    () => new Response('ok'),
    function* () {
      yield* sleep(0);
      return new Response('ok');
    },
    async () => {
      await sleep(0);
      getRunningLoop();
      return new Response('ok');
    },
    () => Promise.resolve(new Response('ok')),
    () => new globalThis.Response('ok'),
  ];
  for (const fetch of handlers) {
    await withServer({ fetch }, async (server) => {
      expect(await ask(server, '/')).toMatchObject({ status: 200, text: 'ok' });
    });
  }
});

test('a body is read as text, JSON, bytes, by read() and by for await', () =>
  withServer(
    {
      routes: {
        '/text': { POST: async (request) => new Response(await request.text()) },
        '/json': {
          *POST(request) {
            return Response.json([yield* request.json()]);
          },
        },
        '/bytes': async (request) => new Response((await request.bytes()).slice(1)),
        '/read': function* (request) {
          let size = 0;
          for (let piece; (piece = yield* request.body.read()) !== null;) size += piece.length;
          return new Response(String(size));
        },
        '/iterate': async (request) => {
          let size = 0;
          for await (const piece of request.body) size += piece.length;
          return new Response(String(size));
        },
      },
    },
    async (server) => {
      const post = { method: 'POST' };
      expect((await ask(server, '/text', post, 'grüße')).text).toBe('grüße');
      expect((await ask(server, '/json', post, '{"a":1}')).text).toBe('[{"a":1}]');
      expect((await ask(server, '/bytes', post, 'abc')).text).toBe('bc');
      const large = Buffer.alloc(3_000_000, 'x');
      expect((await ask(server, '/read', post, large)).text).toBe('3000000');
      expect((await ask(server, '/iterate', post, large)).text).toBe('3000000');
      expect((await ask(server, '/read', { method: 'GET' })).text).toBe('0');
    },
  ));

test('a body is read once', () =>
  withServer(
    {
      async fetch(request) {
        await request.text();
        expect(request.bodyUsed).toBe(true);
        expect(() => request.json()).toThrow(TypeError);
        return new Response('once');
      },
    },
    async (server) => {
      expect((await ask(server, '/', { method: 'PUT' }, 'body')).text).toBe('once');
    },
  ));

test('bodies of responses: text, bytes, null, streams of both kinds, ReadableStream', () =>
  withServer(
    {
      routes: {
        '/text': new Response('grüße'),
        '/long': new Response('ä'.repeat(50_000)),
        '/bytes': new Response(new Uint8Array([104, 105])),
        '/buffer': new Response(new Uint8Array([104, 105]).buffer),
        '/none': new Response(null),
        '/iterable': () => new Response(['a', new Uint8Array([98]), '', 'c'].values()),
        '/async': () =>
          new Response(
            (async function* () {
              yield 'x';
              await sleep(0);
              yield 'y';
            })(),
          ),
        '/stream': () => new Response(new Blob(['streamed']).stream() as AsyncIterable<Uint8Array>),
        '/sized': () => new Response(['abc'].values(), { headers: { 'content-length': '3' } }),
      },
    },
    async (server) => {
      const text = async (path: string): Promise<string> => (await ask(server, path)).text;
      expect(await text('/text')).toBe('grüße');
      expect(await text('/long')).toBe('ä'.repeat(50_000));
      expect(await text('/bytes')).toBe('hi');
      expect(await text('/buffer')).toBe('hi');
      expect(await text('/none')).toBe('');
      expect(await text('/async')).toBe('xy');
      expect(await text('/stream')).toBe('streamed');
      expect(await ask(server, '/iterable')).toMatchObject({
        text: 'abc',
        headers: { 'transfer-encoding': 'chunked' },
      });
      expect((await ask(server, '/sized')).headers['content-length']).toBe('3');
      expect((await ask(server, '/text')).headers).toMatchObject({
        'content-length': '7',
        'content-type': 'text/plain;charset=UTF-8',
      });
    },
  ));

test('HEAD, 204 and 304 have no body and leave the connection usable', () =>
  withServer(
    {
      routes: {
        '/text': new Response('hello'),
        '/204': new Response(null, { status: 204 }),
        '/304': new Response(null, { status: 304, headers: { etag: '"a"' } }),
      },
    },
    async (server) => {
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      const head = await ask(server, '/text', { method: 'HEAD', agent });
      expect(head).toMatchObject({ status: 200, text: '', headers: { 'content-length': '5' } });
      const empty = await ask(server, '/204', { agent });
      expect(empty).toMatchObject({ status: 204, text: '' });
      expect(empty.headers['content-length']).toBeUndefined();
      expect(await ask(server, '/304', { agent })).toMatchObject({ status: 304, text: '' });
      expect((await ask(server, '/text', { agent })).text).toBe('hello');
      expect(server.connections).toBe(1);
      agent.destroy();
    },
  ));

test('routes by path and method; what none takes is a 404, a wrong method a 405', () =>
  withServer(
    {
      routes: {
        '/': new Response('root'),
        '/thing': { GET: new Response('got'), DELETE: () => new Response('gone') },
      },
    },
    async (server) => {
      expect((await ask(server, '/?query')).text).toBe('root');
      expect((await ask(server, '/thing')).text).toBe('got');
      expect((await ask(server, '/thing', { method: 'DELETE' })).text).toBe('gone');
      expect((await ask(server, '/thing', { method: 'HEAD' })).status).toBe(200);
      const refused = await ask(server, '/thing', { method: 'POST' });
      expect(refused).toMatchObject({ status: 405, headers: { allow: 'GET, DELETE, HEAD' } });
      expect((await ask(server, '/other')).status).toBe(404);
    },
  ));

test('an error in a handler is a 500 and is reported; HttpError says its own status', () =>
  withServer(
    {
      routes: {
        '/sync': () => {
          throw new Error('at once');
        },
        '/async': async () => {
          await sleep(0);
          throw new Error('later');
        },
        '/wrong': () => 'text' as never,
        '/http': () => {
          throw new HttpError(418, 'teapot');
        },
        '/split': () => new Response('', { headers: { a: 'b\r\nc: d' } }),
      },
    },
    async (server) => {
      const reported: string[] = [];
      getRunningLoop().setExceptionHandler((_loop, { exception }) => {
        reported.push((exception as Error).message);
      });
      for (const path of ['/sync', '/async', '/wrong', '/split']) {
        expect((await ask(server, path)).status).toBe(500);
      }
      expect(reported[0]).toBe('at once');
      expect(reported[1]).toBe('later');
      expect(reported[2]).toMatch(/must return a Response, not string/);
      expect(reported[3]).toMatch(/invalid character/);
      expect(await ask(server, '/http')).toMatchObject({ status: 418, text: 'teapot' });
      expect(reported).toHaveLength(4);
    },
  ));

test('the error option answers instead; its own error is a 500', () =>
  withServer(
    {
      fetch(request) {
        throw new Error(request.path);
      },
      error(error) {
        const { message } = error as Error;
        if (message === '/worse') throw new Error('in the error handler');
        return new Response(message, { status: 503 });
      },
    },
    async (server) => {
      getRunningLoop().setExceptionHandler(() => {});
      expect(await ask(server, '/bad')).toMatchObject({ status: 503, text: '/bad' });
      expect((await ask(server, '/worse')).status).toBe(500);
    },
  ));

test('headers refuse what would break the head', () => {
  expect(() => new Headers({ 'a b': 'c' })).toThrow(TypeError);
  expect(() => new Headers({ a: 'b\nc' })).toThrow(TypeError);
  expect(() => new Headers({ a: 'b\0' })).toThrow(TypeError);
  expect(() => new Response('', { headers: { a: 'ł' } })).toThrow(TypeError);
  expect(() => new Response('', { status: 99 })).toThrow(RangeError);
  expect(() => new Response('x', { status: 204 })).toThrow(RangeError);
  expect(() => new Response('', { statusText: 'a\r\nb' })).toThrow(TypeError);
  expect(() => new Response(5 as never)).toThrow(TypeError);
});
