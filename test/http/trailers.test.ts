// Trailers that come: of requests to a server, of responses to a client, in both lanes; what may
// not stand there; and how many there may be.
import { openConnection, run, startServer } from 'oxbow';
import { ClientSession, Response, serve } from 'oxbow/http';
import { runVirtual } from 'oxbow/testing';

import { withRaw } from './client-support.ts';
import { conversation, Peer, withServer } from './serve-support.ts';

const HEAD = 'Host: h\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n';
const post = (behind: string, body = '2\r\nhi\r\n'): string =>
  `POST / HTTP/1.1\r\n${HEAD}${body}0\r\n${behind}\r\n`;

const jsonOf = (text: string): unknown => JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4));

const lanes = {
  *generators(request: import('oxbow/http').Request) {
    const before = [...request.trailers];
    const text = yield* request.text();
    return Response.json([before, text, [...request.trailers]]);
  },
  async promises(request: import('oxbow/http').Request) {
    const before = [...request.trailers];
    let text = '';
    for await (const piece of request.body) text += Buffer.from(piece).toString();
    return Response.json([before, text, [...request.trailers]]);
  },
};

test.each(Object.entries(lanes))('of a request, at every cut, in the lane of %s', (_, fetch) =>
  runVirtual(function* () {
    const server = yield* serve({ fetch });
    const text = post('X-Sum:  1 \r\nx-sum: 2\r\nY:\r\nZ: a:b \t\r\n');
    const start = text.indexOf('0\r\n');
    for (let cut = start; cut < text.length; cut++) {
      const [reader, writer] = yield* openConnection('127.0.0.1', server.port);
      writer.write(text.slice(0, cut));
      yield* writer.drain();
      yield;
      yield;
      writer.write(text.slice(cut));
      const answer = (yield* reader.read()).toString('latin1');
      writer.close();
      expect([cut, jsonOf(answer)]).toEqual([
        cut,
        [
          [],
          'hi',
          [
            ['x-sum', '1'],
            ['x-sum', '2'],
            ['y', ''],
            ['z', 'a:b'],
          ],
        ],
      ]);
    }
    yield* server.shutdown();
  }),
);

const TOO_LATE =
  'Transfer-Encoding: chunked\r\nContent-Length: 99\r\nHost: evil\r\nConnection: keep-alive\r\n' +
  'Trailer: x\r\nTE: trailers\r\nUpgrade: x\r\nExpect: 100-continue\r\nAuthorization: Basic eDp4\r\n' +
  'Proxy-Authorization: Basic eDp4\r\nCookie: sid=1\r\nSet-Cookie: sid=1\r\nContent-Type: text/html\r\n' +
  'Content-Encoding: gzip\r\nContent-Range: bytes 0-1/2\r\nCache-Control: public\r\nRange: bytes=0-\r\n' +
  'If-Match: *\r\nMax-Forwards: 1\r\nAge: 1\r\nDate: x\r\nExpires: x\r\nLocation: /\r\nRetry-After: 1\r\n' +
  'Vary: *\r\nWWW-Authenticate: Basic\r\n';

test('what says how a message is framed, routed or read is left out', () =>
  withServer({ fetch: lanes.promises }, async ({ port }) => {
    const text = await conversation(port, post(`A: 1\r\n${TOO_LATE}B: \xe9\r\n`));
    expect(jsonOf(Buffer.from(text, 'latin1').toString())).toEqual([
      [],
      'hi',
      [
        ['a', '1'],
        ['b', '\xe9'],
      ],
    ]);
  }));

test('names of objects are names as others, and none is none', () =>
  withServer({ fetch: lanes.promises }, async ({ port }) => {
    expect(jsonOf(await conversation(port, post('__proto__: 1\r\nconstructor: 2\r\n')))).toEqual([
      [],
      'hi',
      [
        ['__proto__', '1'],
        ['constructor', '2'],
      ],
    ]);
    expect(jsonOf(await conversation(port, post('')))).toEqual([[], 'hi', []]);
    expect(jsonOf(await conversation(port, post('A: 1\r\n', '')))).toEqual([[], '', [['a', '1']]]);
    const plain = 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi';
    expect(jsonOf(await conversation(port, plain))).toEqual([[], 'hi', []]);
  }));

test('they belong to one request, and a clone has them too', () =>
  withServer(
    {
      async fetch(request) {
        const clone = request.clone();
        const text = (await request.text()) + (await clone.text());
        return Response.json([text, [...request.trailers], [...clone.trailers]]);
      },
    },
    async ({ port }) => {
      const peer = new Peer(port);
      const first = post('A: 1\r\n').replace('Connection: close\r\n', '');
      await peer.send(first + post(''));
      const text = await peer.untilClosed();
      const answers = [...text.matchAll(/\r\n\r\n(\[.*\])(?=HTTP|$)/g)].map((one) => one[1]);
      expect(answers).toEqual(['["hihi",[["a","1"]],[["a","1"]]]', '["hihi",[],[]]']);
    },
  ));

test.each([
  [128, 'X: y\r\n', 200],
  [129, 'X: y\r\n', 431],
  [1, `X: ${'y'.repeat(8187)}\r\n`, 200],
  [1, `X: ${'y'.repeat(8188)}\r\n`, 431],
  [8, `X: ${'y'.repeat(8100)}\r\n`, 200],
  [9, `X: ${'y'.repeat(8100)}\r\n`, 431],
])('%i of them: %j', (count, line, status) =>
  withServer(
    { fetch: async (request) => new Response(String((await request.text()).length)) },
    async ({ port }) => {
      const text = await conversation(port, post(line.repeat(count)));
      expect(text.slice(9, 12)).toBe(String(status));
    },
  ),
);

test('of a response, in both lanes', () =>
  run(async () => {
    await using server = await serve({
      fetch: () => new Response('body', { trailers: () => ({ 'x-sum': '4', 'x-more': 'a' }) }),
    });
    await using session = new ClientSession();
    const response = await session.get(server.url);
    expect(await response.text()).toBe('body');
    expect([...response.trailers]).toEqual([
      ['x-sum', '4'],
      ['x-more', 'a'],
    ]);
    const again = await session.get(server.url);
    for await (const piece of again.body) void piece;
    expect(again.trailers.get('x-sum')).toBe('4');
    expect(session.connections).toBe(1);
  }));

test('of a response that comes in pieces, and what is too late there', () =>
  withRaw(
    (socket) => {
      socket.on('data', () => {
        const text = `HTTP/1.1 200 OK\r\n${HEAD}2\r\nhi\r\n0\r\nA: 1\r\n${TOO_LATE}\r\n`;
        void (async () => {
          for (const piece of text.match(/[^]{1,7}/g)!) {
            socket.write(piece);
            await new Promise(setImmediate);
          }
        })();
      });
    },
    async (url) => {
      await using session = new ClientSession();
      const response = await session.get(url);
      expect([...response.trailers]).toEqual([]);
      expect(await response.text()).toBe('hi');
      expect([...response.trailers]).toEqual([['a', '1']]);
      // Nobody has set a cookie there.
      expect([...session.cookieJar!]).toEqual([]);
    },
  ));

test('a loop that owns its thread has them too', () =>
  runVirtual(function* () {
    const server = yield* startServer(
      function* (reader, writer) {
        yield* reader.readuntil('\r\n\r\n');
        writer.write(`HTTP/1.1 200 OK\r\n${HEAD}2\r\nhi\r\n0\r\nA: 1\r\n\r\n`);
        writer.close();
      },
      '127.0.0.1',
      0,
    );
    const session = new ClientSession();
    const url = `http://127.0.0.1:${server.sockets[0]!.getsockname()[1]}/`;
    const response = yield* session.get(url);
    expect([yield* response.text(), response.trailers.get('a')]).toEqual(['hi', '1']);
    yield* session.close();
    server.close();
  }));
