// Applications of node:http on our server, as they are: Express, Fastify, koa, connect, bare ones.
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import express from 'express';
import type { NextFunction, Request, Response } from 'express';
import { fastify } from 'fastify';
import { Response as OurResponse, toNodeHandler } from 'oxbow/http';
import type { HttpServer, ServeOptions } from 'oxbow/http';

import { ask, conversation, Peer, withServer } from './serve-support.ts';

const require = createRequire(import.meta.url);
const post = { method: 'POST' };

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

function withListener(
  listener: Listener,
  body: (server: HttpServer) => Promise<void>,
  options: ServeOptions = {},
): Promise<void> {
  return withServer({ ...options, fetch: toNodeHandler(listener) }, body);
}

test.each([
  ['5', express],
  ['4', require('express4') as typeof express],
])('Express %s: routes, bodies, files, cookies, errors, conditions', async (version, express) => {
  const folder = mkdtempSync(join(tmpdir(), 'ox-'));
  writeFileSync(join(folder, 'a.txt'), 'a file of text');
  const app = express();
  app.use(express.json(), express.urlencoded({ extended: false }), express.raw({ limit: '1mb' }));
  app.use('/files', express.static(folder));
  app.get('/users/:id', (request: Request, response: Response) => {
    response.cookie('seen', 'yes').json({ id: request.params['id'], query: request.query });
  });
  app.post('/body', (request: Request, response: Response) => {
    response.send(Buffer.isBuffer(request.body) ? String(request.body.length) : request.body);
  });
  app.get('/send', (_request: Request, response: Response) => {
    response.sendFile(join(folder, 'a.txt'));
  });
  app.get('/away', (_request: Request, response: Response) => response.redirect('/users/1'));
  app.get('/who', (request: Request, response: Response) => {
    response.json([request.ip, request.protocol, request.secure, request.hostname]);
  });
  app.get('/none', (_request: Request, response: Response) => void response.sendStatus(204));
  app.get('/error', (_request: Request, _response: Response, next: NextFunction) => {
    // Express 4 takes no rejected Promise for an error.
    if (version === '4') next(new Error('broken'));
    else return Promise.reject(new Error('broken'));
    return undefined;
  });
  app.use((error: Error, _request: Request, response: Response, _next: NextFunction) => {
    response.status(500).send(error.message);
  });
  await withListener(app, async (server) => {
    const user = await ask(server, '/users/7?a=b');
    expect(JSON.parse(user.text)).toEqual({ id: '7', query: { a: 'b' } });
    expect(user.headers).toMatchObject({
      'content-length': String(user.text.length),
      'set-cookie': ['seen=yes; Path=/'],
      'x-powered-by': 'Express',
    });
    const etag = user.headers.etag!;
    const same = await ask(server, '/users/7?a=b', { headers: { 'if-none-match': etag } });
    expect(same).toMatchObject({ status: 304, text: '' });
    const head = await ask(server, '/users/7?a=b', { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, text: '' });
    expect(head.headers['content-length']).toBe(String(user.text.length));
    const json = { ...post, headers: { 'content-type': 'application/json' } };
    expect((await ask(server, '/body', json, '{"a":[1]}')).text).toBe('{"a":[1]}');
    const form = { ...post, headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    expect((await ask(server, '/body', form, 'a=b+c')).text).toBe('{"a":"b c"}');
    const raw = { ...post, headers: { 'content-type': 'application/octet-stream' } };
    expect((await ask(server, '/body', raw, Buffer.alloc(900_000))).text).toBe('900000');
    expect((await ask(server, '/body', json, '{')).status).toBe(500);
    for (const path of ['/files/a.txt', '/send']) {
      expect(await ask(server, path)).toMatchObject({ status: 200, text: 'a file of text' });
      const part = await ask(server, path, { headers: { range: 'bytes=2-5' } });
      expect(part).toMatchObject({ status: 206, text: 'file' });
    }
    expect((await ask(server, '/files/%2e%2e/x')).status).toBe(404);
    expect(await ask(server, '/away')).toMatchObject({ status: 302 });
    const host = server.url.slice('http://'.length, -1).replace(/:\d+$/, '');
    expect(JSON.parse((await ask(server, '/who')).text)).toEqual([
      '127.0.0.1',
      'http',
      false,
      host,
    ]);
    expect(await ask(server, '/none')).toMatchObject({ status: 204, text: '' });
    expect(await ask(server, '/error')).toMatchObject({ status: 500, text: 'broken' });
    expect((await ask(server, '/nowhere')).status).toBe(404);
  });
  rmSync(folder, { recursive: true });
});

test('Fastify through serverFactory', async () => {
  let listener: Listener = () => {};
  const app = fastify({
    serverFactory: (handler) => {
      listener = handler as Listener;
      return http.createServer(handler);
    },
  });
  app.get('/users/:id', async (request) => ({ ...(request.params as object), ip: request.ip }));
  app.post('/echo', async (request) => request.body);
  app.get('/stream', (_request, reply) => reply.send(Readable.from(['a', 'b', 'c'])));
  app.get('/error', async () => {
    throw Object.assign(new Error('teapot'), { statusCode: 418 });
  });
  await app.ready();
  await withListener(listener, async (server) => {
    expect((await ask(server, '/users/7')).text).toBe('{"id":"7","ip":"127.0.0.1"}');
    const json = { ...post, headers: { 'content-type': 'application/json' } };
    expect((await ask(server, '/echo', json, '{"a":1}')).text).toBe('{"a":1}');
    expect((await ask(server, '/stream')).text).toBe('abc');
    expect((await ask(server, '/error')).status).toBe(418);
    expect((await ask(server, '/nowhere')).status).toBe(404);
  });
  await app.close();
});

test('koa and connect', async () => {
  const Koa = require('koa') as new () => {
    use(middleware: (context: any, next: () => Promise<void>) => unknown): void;
    callback(): Listener;
  };
  const koa = new Koa();
  koa.use(async (context, next) => {
    await next();
    context.set('x-after', 'yes');
  });
  koa.use((context) => {
    context.body = context.path === '/stream' ? Readable.from(['x', 'y']) : { path: context.path };
  });
  await withListener(koa.callback(), async (server) => {
    const answer = await ask(server, '/a');
    expect(answer).toMatchObject({ text: '{"path":"/a"}', headers: { 'x-after': 'yes' } });
    expect((await ask(server, '/stream')).text).toBe('xy');
  });
  const connect = require('connect') as () => Listener & { use(...args: unknown[]): void };
  const connected = connect();
  connected.use('/in', (_request: unknown, response: ServerResponse) => response.end('inside'));
  await withListener(connected, async (server) => {
    expect((await ask(server, '/in/x')).text).toBe('inside');
    expect((await ask(server, '/out')).status).toBe(404);
  });
});

test('what requests and responses of Node have, they have here', async () => {
  const events: string[] = [];
  const listener: Listener = (request, response) => {
    expect(request).toBeInstanceOf(http.IncomingMessage);
    expect(response).toBeInstanceOf(http.ServerResponse);
    expect([request.httpVersion, request.complete]).toEqual(['1.1', true]);
    expect(request.rawHeaders.slice(0, 2)).toEqual(['Host', 'a']);
    expect(request.headersDistinct['x-a']).toEqual(['1', '2']);
    const { socket } = request;
    expect([socket.remoteAddress, socket.remoteFamily, socket.localAddress]).toEqual([
      '127.0.0.1',
      'IPv4',
      '127.0.0.1',
    ]);
    expect([typeof socket.remotePort, socket.destroyed]).toEqual(['number', false]);
    for (const name of ['finish', 'close']) response.on(name, () => events.push(name));
    request.on('close', () => events.push('request closed'));
    response.writeEarlyHints({ link: '</a.css>; rel=preload' });
    expect(response.headersSent).toBe(false);
    response.setHeader('X-One', ['1', '2']);
    response.writeHead(201, 'Made', { trailer: 'x-sum' });
    expect(response.headersSent).toBe(true);
    response.flushHeaders();
    response.write('first,');
    response.write(Buffer.from('second'));
    response.addTrailers({ 'x-sum': '12' });
    response.end(() => events.push('ended'));
    expect(response.writableEnded).toBe(true);
  };
  await withListener(listener, async (server) => {
    const answer = await conversation(
      server.port,
      'GET /a HTTP/1.1\r\nHost: a\r\nX-A: 1\r\nX-A: 2\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(
      /^HTTP\/1\.1 103 Early Hints\r\nLink: [^]*\r\n\r\nHTTP\/1\.1 201 Made\r\n/,
    );
    expect(answer).toContain('X-One: 1\r\nX-One: 2\r\n');
    expect(answer).toContain('Transfer-Encoding: chunked\r\n');
    // Newer versions of Node put what one turn writes into one chunk.
    expect(answer).toMatch(
      /\r\n\r\n(?:6\r\nfirst,\r\n6\r\nsecond|c\r\nfirst,second)\r\n0\r\nx-sum: 12\r\n\r\n$/,
    );
  });
  // In which order `finish` and the callback of `end` come differs from one Node to the next.
  expect(events.filter((name) => name !== 'request closed').sort()).toEqual([
    'close',
    'ended',
    'finish',
  ]);
  expect(events.at(-1)).toMatch(/close/);
});

test('keep-alive, pipelining, HTTP/1.0, Expect: 100-continue, a body that nobody reads', () => {
  const listener: Listener = (request, response) => {
    if (request.url === '/unread') response.end('unread');
    else if (request.method === 'POST') request.pipe(response);
    else setImmediate(() => response.end(request.url));
  };
  return withListener(listener, async (server) => {
    const peer = new Peer(server.port);
    await peer.send('GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n');
    await peer.until((all) => all.endsWith('/2'));
    await peer.send('POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody');
    await peer.until((all) => all.endsWith('unread'));
    const expecting =
      'POST /3 HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n';
    await peer.send(expecting);
    await peer.until((all) => all.includes('100 Continue'));
    await peer.send('body');
    const all = await peer.until((text) => text.includes('body\r\n0\r\n\r\n'));
    expect(all.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(4);
    peer.close();
    const old = await conversation(server.port, 'GET /old HTTP/1.0\r\n\r\n');
    expect(old).toMatch(/Connection: close\r\n\r\n\/old$/);
    expect(server.counters).toMatchObject({ requests: 5, failures: 0 });
  });
});

test('both sides wait for each other: write, drain and pipe', () => {
  let waits = 0;
  const piece = Buffer.alloc(64 * 1024, 'x');
  const listener: Listener = async (request, response) => {
    if (request.method === 'POST') {
      let size = 0;
      for await (const part of request) size += (part as Buffer).length;
      response.end(String(size));
      return;
    }
    for (let n = 0; n < 200; n++) {
      if (response.write(piece)) continue;
      waits++;
      await once(response, 'drain');
    }
    response.end();
  };
  return withListener(listener, async (server) => {
    const large = Buffer.alloc(5_000_000, 'x');
    expect((await ask(server, '/', post, large)).text).toBe('5000000');
    expect((await ask(server, '/')).text.length).toBe(200 * 64 * 1024);
    expect(waits).toBeGreaterThan(0);
  });
});

test('a client that goes away: aborted, close, and no answer', async () => {
  const events: string[] = [];
  let begun = (): void => {};
  let closed = (): void => {};
  const started = new Promise<void>((resolve) => (begun = resolve));
  const over = new Promise<void>((resolve) => (closed = resolve));
  const listener: Listener = (request, response) => {
    request.on('aborted', () => events.push('aborted'));
    request.on('error', (error: NodeJS.ErrnoException) => events.push(String(error.code)));
    request.on('data', () => begun());
    response.on('close', () => {
      events.push(`closed ${response.writableFinished}`);
      closed();
    });
  };
  await withListener(listener, async (server) => {
    const peer = new Peer(server.port);
    await peer.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf');
    await started;
    peer.close();
    await over;
    await new Promise(setImmediate);
  });
  expect(events.sort()).toEqual(['ECONNRESET', 'aborted', 'closed false']);
});

test('errors of the application, destroyed sockets, timeouts, and what is no function', async () => {
  expect(() => toNodeHandler({} as never)).toThrow(
    /a function or a server of node:http was expected, not/,
  );
  const errors: string[] = [];
  const listener: Listener = (request, response) => {
    switch (request.url) {
      case '/throw':
        throw new Error('thrown');
      case '/reject':
        return Promise.reject(new Error('rejected'));
      case '/late':
        response.flushHeaders();
        throw new Error('late');
      case '/destroy':
        return request.socket.destroy();
      case '/timeout':
        return response.setTimeout(1, () => response.end('too late'));
      default:
        return request.socket.setTimeout(1);
    }
  };
  await withListener(
    listener,
    async (server) => {
      expect(await ask(server, '/throw')).toMatchObject({ status: 500, text: 'thrown' });
      expect(await ask(server, '/reject')).toMatchObject({ status: 500, text: 'rejected' });
      for (const path of ['/late', '/destroy', '/idle']) {
        await expect(ask(server, path)).rejects.toThrow(/aborted|hang up|ECONNRESET/);
      }
      expect((await ask(server, '/timeout')).text).toBe('too late');
    },
    {
      error: (error) => {
        errors.push((error as Error).message);
        return new OurResponse((error as Error).message, { status: 500 });
      },
    },
  );
  expect(errors).toEqual(['thrown', 'rejected']);
});

test('beside routes and middleware of ours, and in a shutdown', () =>
  withServer(
    {
      routes: {
        '/ours': new OurResponse('ours'),
        '/node/*': toNodeHandler((request, response) => void response.end(request.url)),
      },
      middleware: [
        (request, next) =>
          request.headers.has('x-no') ? new OurResponse('no', { status: 403 }) : next(),
      ],
    },
    async (server) => {
      expect((await ask(server, '/ours')).text).toBe('ours');
      expect((await ask(server, '/node/a')).text).toBe('/node/a');
      expect((await ask(server, '/node/a', { headers: { 'x-no': '1' } })).status).toBe(403);
      await server.shutdown();
    },
  ));
