// Servers that mean no good, in virtual time: what they send is refused or read as RFC 9110 and
// 9112 say, on a new connection and on one that is kept, and what they can make us wait for or keep
// is bounded.
import { getRunningLoop, sleep, startServer } from 'oxbow';
import type { StreamReader, StreamWriter } from 'oxbow';
import {
  ClientSession,
  ClientTimeout,
  ConnectionTimeoutError,
  ServerTimeoutError,
  SocketTimeoutError,
} from 'oxbow/http';
import type { ClientSessionOptions } from 'oxbow/http';
import { runVirtual } from 'oxbow/testing';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

const failure = (awaitable: PromiseLike<unknown>): Promise<any> =>
  Promise.resolve(awaitable).then(
    () => undefined,
    (error) => error,
  );

type Answer = (writer: StreamWriter, path: string, connection: number) => unknown;

/** A session beside a server that reads requests and answers each as it likes. */
function beside(
  answer: Answer,
  body: (session: ClientSession, seen: string[]) => Promise<void>,
  options: ClientSessionOptions = {},
): Promise<void> {
  return runVirtual(async () => {
    const seen: string[] = [];
    let connections = 0;
    const serveOne = async (reader: StreamReader, writer: StreamWriter): Promise<void> => {
      const connection = ++connections;
      try {
        for (;;) {
          const head = (await reader.readuntil('\r\n\r\n')).toString('latin1');
          const path = head.split(' ')[1]!;
          seen.push(`${connection} ${path}`);
          await answer(writer, path, connection);
        }
      } catch {
        // The client has left.
      }
    };
    const server = await startServer(serveOne, '127.0.0.1', 0);
    const { port } = server.sockets[0]!.address() as { port: number };
    const session = new ClientSession({
      baseUrl: `http://127.0.0.1:${port}/`,
      timeout: 600,
      ...options,
    });
    await body(session, seen);
    await session.close();
    expect(session.connections).toBe(0);
    server.close();
  });
}

const text = async (session: ClientSession, path: string): Promise<string> =>
  (await session.get(path)).text();

/** What comes of an answer, on a new connection and on one that is kept; then of a good one. */
async function outcomes(answer: string): Promise<[string, string, string]> {
  const results: string[] = [];
  for (const kept of [false, true]) {
    await beside(
      async (writer, path) => {
        writer.write(Buffer.from(path === '/bad' ? answer : OK, 'latin1'));
        if (path === '/bad') {
          await sleep(1);
          writer.close();
        }
      },
      async (session) => {
        if (kept) for (let n = 0; n < 2; n++) expect(await text(session, '/ok')).toBe('ok');
        const asked = text(session, '/bad');
        results.push(
          await asked.then(
            (read) => JSON.stringify(read),
            (error: Error) => `${error.name}: ${error.message}`,
          ),
        );
        expect(await text(session, '/ok')).toBe('ok');
      },
    );
  }
  return [...results, ''] as unknown as [string, string, string];
}

describe('lengths that are no lengths, and framing that is wrong', () => {
  const length = (...values: string[]): string =>
    `HTTP/1.1 200 OK\r\n${values.map((value) => `Content-Length: ${value}\r\n`).join('')}\r\nok`;
  test.each([
    ['two lengths', length('2', '3'), /Payload.*no valid HTTP/],
    ['a list of two lengths', length('2, 3'), /Payload.*no valid HTTP/],
    ['less than nothing', length('-2'), /Payload.*no valid HTTP/],
    ['a sign', length('+2'), /Payload.*no valid HTTP/],
    ['hexadecimal', length('0x2'), /Payload.*no valid HTTP/],
    ['a fraction', length('2.0'), /Payload.*no valid HTTP/],
    ['more than any', length('99999999999999999999'), /Payload.*no valid HTTP/],
    ['an empty one', length(''), /Payload.*no valid HTTP/],
    ['more than comes', length('5'), /Payload.*2 of 5 bytes/],
    ['much more than comes', length('9007199254740991'), /Payload.*2 of 9007199254740991 bytes/],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
      /both Content-Length and Transfer-Encoding/,
    ],
    [
      'chunks that are not the last coding',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n2\r\nok\r\n0\r\n\r\n',
      /chunked is not the final transfer coding/,
    ],
    ['a chunk size that is none', `${CHUNKED}zz\r\nok\r\n`, /Payload.*no valid HTTP/],
    ['a chunk size below zero', `${CHUNKED}-2\r\nok\r\n`, /Payload.*no valid HTTP/],
    ['a chunk size with a sign', `${CHUNKED}+2\r\nok\r\n`, /Payload.*no valid HTTP/],
    ['a chunk size with 0x', `${CHUNKED}0x2\r\nok\r\n`, /Payload.*no valid HTTP/],
    ['a chunk size that overflows', `${CHUNKED}10000000000000002\r\nok\r\n`, /Payload.*no valid/],
    ['a chunk without its end', `${CHUNKED}2\r\nokX`, /Payload.*no valid HTTP/],
    ['a chunk that ends too early', `${CHUNKED}5\r\nok\r\n0\r\n\r\n`, /Payload/],
    ['chunks without a last one', `${CHUNKED}2\r\nok\r\n`, /Payload.*no end/],
    ['a last chunk without its empty line', `${CHUNKED}2\r\nok\r\n0\r\n`, /Payload.*no end/],
    ['a name with a space', 'HTTP/1.1 200 OK\r\nA b: c\r\n\r\n', /Payload.*no valid HTTP/],
    ['a space before the colon', 'HTTP/1.1 200 OK\r\nA : c\r\n\r\n', /Payload.*no valid HTTP/],
    ['a folded line', 'HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n', /Payload.*no valid HTTP/],
    ['NUL in a value', 'HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\n', /Payload.*no valid HTTP/],
    ['a bare CR in a value', 'HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n', /Payload.*no valid HTTP/],
    ['HTTP/2', 'HTTP/2.0 200 OK\r\n\r\n', /Payload.*no valid HTTP/],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n', /Payload.*no valid HTTP/],
    ['no HTTP at all', 'SSH-2.0-OpenSSH_9.6\r\n', /Payload.*no valid HTTP/],
    ['a request', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', /Payload.*no valid HTTP/],
    [
      'another protocol that was not asked for',
      'HTTP/1.1 101 X\r\nUpgrade: x\r\n\r\n',
      /not asked/,
    ],
    ['nothing', '', /ServerDisconnected/],
  ])('%s', async (_name, answer, expected) => {
    const [first, kept] = await outcomes(answer);
    expect(first).toMatch(expected);
    expect(kept).toBe(first);
  });
});

describe('redirections to nowhere', () => {
  test.each([
    ['javascript:alert(1)', 'NonHttpUrlError'],
    ['file:///etc/passwd', 'NonHttpUrlError'],
    ['data:text/plain,x', 'NonHttpUrlError'],
    ['ftp://127.0.0.1/', 'NonHttpUrlError'],
    ['http://', 'InvalidURL'],
    ['http://a b/', 'InvalidURL'],
    ['http://[::1/', 'InvalidURL'],
    ['http://127.0.0.1:99999/', 'InvalidURL'],
    ['http://%zz@127.0.0.1/', 'InvalidURL'],
    ['/again', 'TooManyRedirectsError'],
  ])('%s', (location, name) =>
    beside(
      (writer, path) =>
        void writer.write(
          path === '/ok'
            ? OK
            : `HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`,
        ),
      async (session, seen) => {
        for (let n = 0; n < 2; n++) {
          seen.length = 0;
          const error = await failure(session.get('/first'));
          expect(error.name).toBe(name);
          expect(seen.length).toBe(location === '/again' ? 11 : 1);
          expect(await text(session, '/ok')).toBe('ok');
        }
      },
    ),
  );
});

describe('servers that trickle', () => {
  const trickle =
    (bytes: string): Answer =>
    async (writer) => {
      for (let n = 0; ; n++) {
        writer.write(n < bytes.length ? bytes[n]! : 'x');
        await sleep(1);
      }
    };
  const took = async (asked: () => Promise<unknown>): Promise<[string, number]> => {
    const start = getRunningLoop().time();
    const error = await failure(asked());
    return [error?.name, Math.round(getRunningLoop().time() - start)];
  };

  test('a head has the total, and the limit between two reads', async () => {
    await beside(trickle('HTTP/1.1 200 OK\r\nX: '), async (session) => {
      expect(await took(() => text(session, '/'))).toEqual(['ServerTimeoutError', 600]);
      const timeout = { total: null, sockRead: 30 };
      const result = await took(async () => (await session.get('/', { timeout })).text());
      expect(result).toEqual(['SocketTimeoutError', 30]);
    });
  });

  test('a body has the total; a byte a second is progress', () =>
    beside(trickle('HTTP/1.1 200 OK\r\n\r\n'), async (session) => {
      const timeout = { total: 900, sockRead: 30 };
      const result = await took(async () => (await session.get('/', { timeout })).text());
      expect(result).toEqual(['ServerTimeoutError', 900]);
    }));

  test('time limits: in total, to connect, between two reads', () =>
    beside(
      (writer, path) => {
        if (path === '/half') writer.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf');
      },
      async (session) => {
        const total = await failure(session.get('/', { timeout: 2 }));
        expect(total).toBeInstanceOf(ServerTimeoutError);
        expect(total).toMatchObject({ code: 'ETIMEDOUT', message: 'not done within 2 s' });
        const body = await session.get('/half', { timeout: 2 });
        expect(await failure(body.text())).toBeInstanceOf(ServerTimeoutError);
        const reads = { timeout: new ClientTimeout({ sockRead: 2 }) };
        expect(await failure(session.get('/', reads))).toBeInstanceOf(SocketTimeoutError);
        const second = await session.get('/half', reads);
        expect(await failure(second.text())).toBeInstanceOf(SocketTimeoutError);
        const holding = session.get('/');
        for (const [timeout, kind] of [
          [{ connect: 2 }, ConnectionTimeoutError],
          [2, ServerTimeoutError],
        ] as const) {
          expect(await failure(session.get('/', { timeout }))).toBeInstanceOf(kind);
        }
        holding.cancel();
        await failure(holding);
      },
      { limit: 1 },
    ));

  test('a head without end is refused by its size', () =>
    beside(
      async (writer) => {
        writer.write('HTTP/1.1 200 OK\r\n');
        for (let n = 0; ; n++) {
          writer.write(`X-${n}: ${'y'.repeat(100)}\r\n`);
          await writer.drain();
        }
      },
      async (session) => {
        for (let n = 0; n < 2; n++) {
          expect((await failure(text(session, '/'))).message).toMatch(/too (?:large|many)/);
        }
      },
    ));
});

test('bytes behind an answer on a kept connection are no answer to the next request', () =>
  beside(
    (writer, path) => {
      const evil = OK.replace('ok', 'no');
      writer.write(path === '/evil' ? `${OK}${evil}` : OK);
    },
    async (session, seen) => {
      for (let n = 0; n < 3; n++) {
        for (const path of ['/a', '/a', '/evil']) expect(await text(session, path)).toBe('ok');
      }
      // Each of those has cost its connection.
      expect(seen.map((one) => one[0]).join('')).toBe('111222333');
    },
  ));

test('an answer before the end of an upload: it is given, and the connection is not kept', () =>
  beside(
    (writer) => void writer.write('HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno'),
    async (session, seen) => {
      let given = 0;
      const endless = async function* () {
        for (;;) {
          given += 1;
          yield Buffer.alloc(1024);
          await sleep(1);
        }
      };
      for (let n = 0; n < 2; n++) {
        const response = await session.post('/', { body: endless() });
        expect([response.status, await response.text()]).toEqual([413, 'no']);
      }
      const sent = given;
      await sleep(60);
      expect(given).toBe(sent);
      expect(seen.map((one) => one[0]).join('')).toBe('12');
    },
  ));
