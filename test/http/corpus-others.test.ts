// The hostile handshakes and cookies of test/http/corpus/others.
import { createHash } from 'node:crypto';

import { openConnection, sleep, startServer } from 'oxbow';
import type { Coro } from 'oxbow';
import { ClientError, ClientSession, CookieJar, Response, serve, websocket } from 'oxbow/http';
import { runVirtual } from 'oxbow/testing';

import { cutsOf, plainCases } from './hostile-corpus.ts';

const LIMIT_MS = 120_000;

test(
  'handshakes with a server, cut at every byte',
  () =>
    runVirtual(function* () {
      const server = yield* serve({
        routes: { '/chat': websocket({ message: () => {}, origins: 'same' }) },
        fetch: () => new Response('other'),
      });
      for (const { name, bytes, expected } of plainCases('handshakes')) {
        for (const cut of [0, ...cutsOf(bytes)]) {
          const [reader, writer] = yield* openConnection('127.0.0.1', server.port);
          writer.write(Buffer.from(bytes.slice(0, cut), 'latin1'));
          yield* sleep('1ms');
          writer.write(Buffer.from(bytes.slice(cut), 'latin1'));
          const line = (yield* reader.readuntil('\r\n')).toString('latin1');
          expect([name, cut, line.slice(9, 12)]).toEqual([name, cut, expected[0]]);
          writer.transport.abort();
        }
      }
      while (server.connections > 0) yield* sleep('1ms');
      yield* server.shutdown();
    }),
  LIMIT_MS,
);

test(
  'answers to the handshake of a client, cut at every byte',
  () =>
    runVirtual(function* () {
      let pieces: string[] = [];
      const server = yield* startServer(
        function* (reader, writer) {
          const head = (yield* reader.readuntil('\r\n\r\n')).toString('latin1');
          const key = /^sec-websocket-key: (.*)\r$/im.exec(head)![1]!;
          const accept = createHash('sha1')
            .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
            .digest('base64');
          for (const piece of pieces) {
            writer.write(Buffer.from(piece.replaceAll('@', accept), 'latin1'));
            yield* sleep('1ms');
          }
          writer.close();
        },
        '127.0.0.1',
        0,
      );
      const url = `ws://127.0.0.1:${server.sockets[0]!.getsockname()[1]}/chat`;

      function* grants(): Coro<string> {
        const session = new ClientSession();
        try {
          yield* session.websocket(url);
          return 'yes';
        } catch (error) {
          if (!(error instanceof ClientError)) throw error;
          return 'no';
        } finally {
          yield* session.close();
        }
      }

      for (const { name, bytes, expected } of plainCases('granted')) {
        for (const cut of [0, ...cutsOf(bytes)]) {
          pieces = [bytes.slice(0, cut), bytes.slice(cut)].filter((piece) => piece !== '');
          expect([name, cut, yield* grants()]).toEqual([name, cut, expected[0]]);
        }
      }
      server.close();
    }),
  LIMIT_MS,
);

test('cookies of requests', () =>
  runVirtual(function* () {
    let cookies: [string, string][] = [];
    const server = yield* serve({
      fetch(request) {
        cookies = Object.entries(request.cookies);
        return new Response('ok');
      },
    });
    const cases = plainCases('cookie');
    for (const { name, bytes, expected } of cases) {
      const [reader, writer] = yield* openConnection('127.0.0.1', server.port);
      // Of some 8,000 bytes at most, as every field.
      const text = bytes.slice(0, 8000);
      writer.write(Buffer.from(`GET / HTTP/1.0\r\nCookie: ${text}\r\n\r\n`, 'latin1'));
      yield* reader.read();
      writer.close();
      const got = cookies.map(([key, value]) => `${key}=${value}`);
      expect([name, got]).toEqual([name, expected]);
    }
    yield* server.shutdown();
  }));

test('cookies of responses', () => {
  for (const { name, bytes, expected } of plainCases('set-cookie')) {
    const jar = new CookieJar();
    const taken = jar.setCookie(bytes, 'http://www.example.org/dir/page');
    const [who] = expected as [string];
    const places = /^no/.test(who) ? ['http://www.example.org/dir/page'] : who.split(' ');
    const got = places.map((url) => [...jar.filterCookies(url).keys()].length);
    const right = places.map(() => (/^no/.test(who) ? 0 : 1));
    expect([name, got]).toEqual([name, right]);
    if (who === 'no') expect([name, taken]).toEqual([name, false]);
    expect([name, jar.filterCookies('http://evil.example/dir/page').size]).toEqual([name, 0]);
  }
});
