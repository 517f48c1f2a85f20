// What servers do to a client's connections: bytes behind a response, answers that come too early
// or not at all, heads of any size, ends in the middle; which connection is used next, and when.
import type net from 'node:net';

import { gather, getRunningLoop, sleep } from 'oxbow';
import {
  ClientConnectionError,
  ClientPayloadError,
  ClientResponseError,
  ClientSession,
  ServerDisconnectedError,
} from 'oxbow/http';
import type { ClientSessionOptions } from 'oxbow/http';
import { withRaw } from './client-support.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

const failure = (awaitable: PromiseLike<unknown>): Promise<any> =>
  Promise.resolve(awaitable).then(
    () => undefined,
    (error) => error,
  );

const turns = async (count: number): Promise<void> => {
  for (let n = 0; n < count; n++) await sleep(0);
};

/** A raw server that answers each request with what `answer` says; null: not at all. */
async function answering(
  answer: (path: string, connection: number, socket: net.Socket) => string | null,
  body: (session: ClientSession, url: string) => Promise<void>,
  options: ClientSessionOptions = {},
): Promise<number> {
  let connections = 0;
  await withRaw(
    (socket) => {
      const connection = ++connections;
      socket.on('data', (data) => {
        for (const [, path] of String(data).matchAll(/^[A-Z]+ (\S+) HTTP\/1\.1\r$/gm)) {
          const text = answer(path!, connection, socket);
          if (text !== null && socket.writable) socket.write(text, 'latin1');
        }
      });
    },
    async (url) => {
      const session = new ClientSession({ baseUrl: url, timeout: '5s', ...options });
      await body(session, url);
      await session.close();
      expect(session.connections).toBe(0);
    },
  );
  return connections;
}

const text = async (session: ClientSession, path: string, method = 'GET'): Promise<string> =>
  (await session.request(method, path)).text();

describe('bytes behind a response are no answer to the next request', () => {
  test.each([
    ['the beginning of another response', `${OK}HTTP/1.1 200 OK\r\nX-Evil: `],
    ['a whole response', `${OK}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`],
    ['one byte', `${OK}H`],
    ['an empty line', `${OK}\r\n`],
    ['behind chunks', `${CHUNKED}2\r\nok\r\n0\r\n\r\nHT`],
  ])('%s, together with it', async (_name, first) => {
    expect(
      await answering(
        (path) => (path === '/1' ? first : OK),
        async (session) => {
          expect(await text(session, '/1')).toBe('ok');
          expect(await text(session, '/2')).toBe('ok');
        },
      ),
    ).toBe(2);
  });

  test('behind a response without a body, and the body of a HEAD', async () => {
    for (const method of ['HEAD', 'GET']) {
      const first = method === 'HEAD' ? OK : 'HTTP/1.1 204 None\r\n\r\nbody';
      expect(
        await answering(
          (path) => (path === '/1' ? first : OK),
          async (session) => {
            expect(await text(session, '/1', method)).toBe('');
            const second = await session.get('/2');
            expect([second.status, await second.text()]).toEqual([200, 'ok']);
          },
        ),
      ).toBe(2);
    }
  });

  test('later, while the connection is idle: it is closed', async () => {
    expect(
      await answering(
        (path, _connection, socket) => {
          if (path === '/1') setImmediate(() => socket.write('HTTP/1.1 200 OK\r\n'));
          return OK;
        },
        async (session) => {
          expect(await text(session, '/1')).toBe('ok');
          while (session.connections > 0) await sleep('1ms');
          expect(await text(session, '/2')).toBe('ok');
        },
      ),
    ).toBe(2);
  });
});

test('a connection whose request is not all sent serves no other', async () => {
  expect(
    await answering(
      (path, _connection, socket) => {
        if (path === '/get') return OK;
        socket.pause();
        return 'HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n';
      },
      async (session) => {
        for (const body of [Buffer.alloc(20e6), 'x'.repeat(20e6)]) {
          expect((await session.post('/upload', { body })).status).toBe(413);
          expect(await text(session, '/get')).toBe('ok');
        }
      },
    ),
  ).toBe(3);
});

describe('a body that is not wanted and does not come', () => {
  const answers: Record<string, string> = {
    '/redirect': 'HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 10\r\n\r\n',
    '/chunks': 'HTTP/1.1 302 Found\r\nLocation: /ok\r\nTransfer-Encoding: chunked\r\n\r\n',
    '/error': 'HTTP/1.1 500 Oops\r\nContent-Length: 10\r\n\r\n',
    '/ok': OK,
  };
  const answer = (path: string): string => answers[path]!;

  test('the slot is there for the next one who needs it', () =>
    answering(
      answer,
      async (session) => {
        for (const path of ['/redirect', '/chunks', '/redirect']) {
          expect(await text(session, path)).toBe('ok');
        }
        for (let n = 0; n < 3; n++) {
          expect(await failure(session.get('/error', { raiseForStatus: true }))).toBeInstanceOf(
            ClientResponseError,
          );
        }
        const waiting = gather([1, 2, 3].map(() => text(session, '/ok')));
        (await session.get('/error')).release();
        expect(await waiting).toEqual(['ok', 'ok', 'ok']);
      },
      { limit: 1, timeout: null },
    ).then(() => {}));

  test('the connection is given up after a second, and kept when the body comes', async () => {
    const loop = { at: 0 };
    expect(
      await answering(
        (path, _connection, socket) => {
          if (path === '/later') setImmediate(() => socket.write('x'.repeat(10)));
          return path === '/later' ? answers['/error']! : answer(path);
        },
        async (session) => {
          (await session.get('/later')).release();
          await turns(50);
          expect(await text(session, '/ok')).toBe('ok');
          loop.at = getRunningLoop().time();
          (await session.get('/error')).release();
          while (session.connections > 0) await sleep('5ms');
          expect(getRunningLoop().time() - loop.at).toBeLessThan(2);
        },
        { timeout: null },
      ),
    ).toBe(1);
  });

  test('one that comes without end is given up by its size', () =>
    answering(
      (_path, _connection, socket) => {
        const chunk = `${(4096).toString(16)}\r\n${'x'.repeat(4096)}\r\n`;
        const more = (): void => {
          for (let n = 0; n < 8 && socket.writable; n++) socket.write(chunk);
          if (socket.writable) setImmediate(more);
        };
        setImmediate(more);
        return 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
      },
      async (session) => {
        const response = await session.get('/');
        response.release();
        while (session.connections > 0) await sleep('1ms');
        expect(response.body.used).toBe(true);
      },
    ).then(() => {}));
});

describe('who reads and leaves in the middle', () => {
  /** A body that never ends. */
  const endless = (_path: string, _connection: number, socket: net.Socket): string => {
    const chunk = `${(4096).toString(16)}\r\n${'x'.repeat(4096)}\r\n`;
    const more = (): void => {
      for (let n = 0; n < 8 && socket.writable; n++) socket.write(chunk);
      if (socket.writable) setImmediate(more);
    };
    setImmediate(more);
    return CHUNKED;
  };
  const gone = async (session: ClientSession): Promise<void> => {
    while (session.connections > 0) await sleep('1ms');
  };

  test('a loop that is left', () =>
    answering(
      endless,
      async (session) => {
        for await (const piece of (await session.get('/')).body) {
          expect(piece.length).toBeGreaterThan(0);
          break;
        }
        await gone(session);
      },
      { timeout: null },
    ).then(() => {}));

  test('a whole body that is cancelled', () =>
    answering(
      endless,
      async (session) => {
        const reading = (await session.get('/')).text();
        await turns(3);
        reading.cancel();
        await gone(session);
      },
      { timeout: null },
    ).then(() => {}));
});

describe('ends in the middle', () => {
  const GOT = 'server disconnected in the middle of the body: got';
  test.each([
    ['before the head', '', ServerDisconnectedError, 'server disconnected'],
    ['in the status line', 'HTTP/1.1 2', ServerDisconnectedError, 'server disconnected'],
    ['in the head', 'HTTP/1.1 200 OK\r\nX: a', ServerDisconnectedError, 'server disconnected'],
    ['after 100', 'HTTP/1.1 100 Go\r\n\r\n', ServerDisconnectedError, 'server disconnected'],
    ['in a sized body', OK.replace(': 2', ': 10'), ClientPayloadError, `${GOT} 2 of 10 bytes`],
    [
      'before a sized body',
      'HTTP/1.1 200 OK\r\nContent-Length: 5000000000\r\n\r\n',
      ClientPayloadError,
      `${GOT} 0 of 5000000000 bytes`,
    ],
    [
      'in a chunk',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel',
      ClientPayloadError,
      `${GOT} 3 bytes and no end`,
    ],
    [
      'in trailers',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n',
      ClientPayloadError,
      `${GOT} 0 bytes and no end`,
    ],
  ] as const)('%s', (_name, bytes, kind, message) =>
    answering(
      (_path, _connection, socket) => {
        socket.end(bytes);
        return null;
      },
      async (session) => {
        const error = await failure(text(session, '/'));
        expect(error).toBeInstanceOf(kind);
        expect(error.message).toBe(message);
      },
    ).then(() => {}),
  );

  test('a kept connection that ends in the head of its next answer is replaced', async () => {
    expect(
      await answering(
        (path, connection, socket) => {
          if (path === '/1' || connection === 2) return OK;
          socket.end('HTTP/1.1 200 OK\r\nCont');
          return null;
        },
        async (session) => {
          expect(await text(session, '/1')).toBe('ok');
          expect(await text(session, '/2')).toBe('ok');
        },
      ),
    ).toBe(2);
  });
});

test('what is no response is refused with the reason', () =>
  answering(
    (path) =>
      ({
        '/line': 'hello\r\n\r\n',
        '/lf': 'HTTP/1.1 200 OK\nA: b\n\n',
        '/two': 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
        '/chunk': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      })[path]!,
    async (session) => {
      for (const [path, reason] of [
        ['/line', 'malformed HTTP version'],
        ['/lf', 'line ends without a carriage return'],
        ['/two', 'more than one Content-Length'],
        ['/chunk', 'malformed chunk size'],
      ] as const) {
        const error = await failure(text(session, path));
        expect(error).toBeInstanceOf(ClientPayloadError);
        expect(error.message).toBe(`the server sent no valid HTTP/1.1 response: ${reason}`);
      }
    },
  ).then(() => {}));

test('interim responses: read with what real servers put behind them, but not without end', () =>
  answering(
    (path, _connection, socket) => {
      if (path === '/100') return `HTTP/1.1 100 Continue\r\n\r\n\r\n${OK}`;
      if (path === '/many') return `${'HTTP/1.1 103 E\r\nLink: a\r\n\r\n'.repeat(32)}${OK}`;
      if (path === '/101') return 'HTTP/1.1 101 S\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n';
      const more = (): void => {
        if (!socket.writable) return;
        socket.write('HTTP/1.1 102 P\r\n\r\n'.repeat(10), () => setImmediate(more));
      };
      more();
      return null;
    },
    async (session) => {
      expect(await text(session, '/100')).toBe('ok');
      expect(await text(session, '/many')).toBe('ok');
      expect(await failure(text(session, '/101'))).toBeInstanceOf(ClientConnectionError);
      const error = await failure(text(session, '/endless'));
      expect(error).toBeInstanceOf(ClientPayloadError);
      expect(error.message).toBe('more than 32 interim responses (1xx)');
    },
  ).then(() => {}));

test('chunked, said twice', () =>
  answering(
    (path) =>
      path === '/list'
        ? 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'
        : 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n' +
          '2\r\nok\r\n0\r\n\r\n',
    async (session) => {
      expect(await text(session, '/list')).toBe('ok');
      expect(await text(session, '/fields')).toBe('ok');
    },
  ).then(() => {}));

test('how large a head may be', async () => {
  const answer = (path: string): string => {
    const [, what, count] = path.split('/');
    const fields =
      what === 'line' ? `X: ${'x'.repeat(Number(count))}\r\n` : 'X: y\r\n'.repeat(Number(count));
    return `HTTP/1.1 200 OK\r\nContent-Length: 2\r\n${fields}\r\nok`;
  };
  await answering(answer, async (session) => {
    expect(await text(session, '/line/8000')).toBe('ok');
    expect(await text(session, '/fields/127')).toBe('ok');
    expect((await failure(text(session, '/line/9000'))).message).toMatch(/: line too long$/);
    expect((await failure(text(session, '/fields/128'))).message).toMatch(
      /: too many header fields$/,
    );
  });
  await answering(
    answer,
    async (session) => {
      const response = await session.get('/line/20000');
      expect(response.headers.get('x')).toHaveLength(20000);
      response.release();
      expect(await text(session, '/fields/900')).toBe('ok');
      expect(await failure(text(session, '/fields/1001'))).toBeInstanceOf(ClientPayloadError);
    },
    { limits: { lineSize: 30000, headers: 1000 } },
  );
  await answering(
    answer,
    async (session) => {
      expect(await failure(text(session, '/fields/3'))).toBeInstanceOf(ClientPayloadError);
    },
    { limits: { headers: 3 } },
  );
});

describe('which connection is used next', () => {
  test('the one that was used last', async () => {
    const used: number[] = [];
    const waiting: net.Socket[] = [];
    await answering(
      (path, connection, socket) => {
        if (path !== '/together') {
          used.push(connection);
          return OK;
        }
        waiting.push(socket);
        if (waiting.length === 3) for (const one of waiting) one.write(OK);
        return null;
      },
      async (session) => {
        await gather([1, 2, 3].map(() => text(session, '/together')));
        for (let n = 0; n < 5; n++) await text(session, '/');
        expect(new Set(used).size).toBe(1);
        expect(session.connections).toBe(3);
      },
    );
  });

  test('not one for longer than the server keeps it', async () => {
    const kept = (how: string) => `HTTP/1.1 200 OK\r\n${how}Content-Length: 2\r\n\r\nok`;
    const after = (how: string): Promise<number> =>
      answering(
        () => kept(how),
        async (session) => {
          await text(session, '/');
          await turns(3);
          await text(session, '/');
        },
      );
    expect(await after('')).toBe(1);
    expect(await after('Keep-Alive: timeout=5, max=100\r\n')).toBe(1);
    expect(await after('Keep-Alive: max=100, TIMEOUT=0\r\n')).toBe(2);
    expect(await after('Keep-Alive: nonsense\r\n')).toBe(1);
    expect(
      await answering(
        () => OK,
        async (session) => {
          await text(session, '/');
          await text(session, '/');
        },
        { keepAliveTimeout: 0 },
      ),
    ).toBe(2);
  });

  test('not one that the server has closed, also for what cannot be sent twice', async () => {
    // Each answer is the last one on its connection, without a word about it in the head.
    const connections = await withRawClosing(async (session) => {
      for (let n = 0; n < 200; n++) expect(await text(session, '/', 'POST')).toBe('ok');
    });
    expect(connections).toBe(200);
  });
});

async function withRawClosing(body: (session: ClientSession) => Promise<void>): Promise<number> {
  let connections = 0;
  await withRaw(
    (socket) => {
      connections += 1;
      socket.on('data', () => socket.end(OK));
    },
    async (url) => {
      const session = new ClientSession({ baseUrl: url });
      await body(session);
      await session.close();
    },
  );
  return connections;
}
