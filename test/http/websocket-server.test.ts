// WebSockets of a server: the handshake, callbacks and coroutines, backpressure, topics, and peers
// that mean no good.
import { getRunningLoop, sleep } from 'oxbow';
import { HttpError, Response, websocket } from 'oxbow/http';
import type { WebSocketConnection, WebSocketHandlers } from 'oxbow/http';
import { WebSocket as WsClient } from 'ws';

import { ask, conversation, withServer, withVirtualServer } from './serve-support.ts';
import {
  closeFrame,
  frame,
  KEY,
  upgradeHead,
  VirtualPeer,
  WebSocketPeer,
} from './websocket-support.ts';

const CLOSE = closeFrame(1000);
const quiet = (): void => {};

/** The reports of the loop from now on. */
function reports(): string[] {
  const all: string[] = [];
  getRunningLoop().setExceptionHandler((_loop, context) => {
    all.push(`${String(context['message'])}: ${String(context.exception)}`);
  });
  return all;
}

describe('the handshake', () => {
  const route = websocket({ message: quiet, protocols: ['chat', 'superchat'], origins: 'same' });
  const rejected: Array<[status: number, name: string, lines: Record<string, string | null>]> = [
    [426, 'another version', { 'sec-websocket-version': '8' }],
    [426, 'no version', { 'sec-websocket-version': null }],
    [426, 'another protocol', { upgrade: 'h2c' }],
    [400, 'no key', { 'sec-websocket-key': null }],
    [400, 'a short key', { 'sec-websocket-key': 'c2hvcnQ=' }],
    [400, 'no Connection: upgrade', { connection: 'close' }],
    [400, 'a body', { 'content-length': '1' }],
    [400, 'malformed protocols', { 'sec-websocket-protocol': 'a b' }],
    [403, 'another origin', { origin: 'http://evil.example' }],
    [403, 'no page', { origin: 'null' }],
  ];
  test.each(rejected)('%i for %s', (status, _name, lines) =>
    withServer({ routes: { '/': route } }, async (server) => {
      const head = upgradeHead('/', {
        ...lines,
        connection: lines['connection'] ?? 'Upgrade, close',
      });
      const answer = await conversation(server.port, head + (lines['content-length'] ? 'x' : ''));
      expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(/sec-websocket-version: 13/.test(answer)).toBe(_name.endsWith('version'));
    }),
  );

  test('101 with the answer to the key, the first protocol that is known, and an origin', () =>
    withServer({ routes: { '/': route } }, async (server) => {
      const peer = await WebSocketPeer.open(server, '/', {
        'sec-websocket-protocol': 'other, superchat, chat',
        origin: 'http://h',
      });
      expect(peer.head).toMatch(/^HTTP\/1.1 101 Switching Protocols\r\n/);
      expect(peer.head).toMatch(/\r\nsec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\n/i);
      expect(peer.head).toMatch(/\r\nsec-websocket-protocol: superchat\r\n/i);
      expect(peer.head).toMatch(/\r\nconnection: upgrade\r\n/i);
      expect(KEY).toBe('dGhlIHNhbXBsZSBub25jZQ==');
    }));

  test('other requests to the route, and requests to upgrade to other routes', () =>
    withServer({ routes: { '/': route, '/page': new Response('page') } }, async (server) => {
      expect(await ask(server, '/')).toMatchObject({ status: 426, text: /WebSocket/ });
      expect(await ask(server, '/', { method: 'POST' })).toMatchObject({ status: 405 });
      const answer = await conversation(server.port, upgradeHead('/page') + 'GET / HTTP/1.1\r\n');
      expect(answer).toMatch(/^HTTP\/1.1 200 .*connection: close.*page$/s);
      const h2c = upgradeHead('/page', { upgrade: 'h2c', connection: 'upgrade' });
      const both = await conversation(
        server.port,
        `${h2c}GET /page HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n`,
      );
      expect(both.match(/HTTP\/1.1 200/g)).toHaveLength(2);
    }));

  test('frames that come before the answer, behind other requests', () =>
    withServer(
      {
        routes: {
          '/ws': websocket({ message: (socket, message) => void socket.send(message) }),
          '/slow': function* () {
            yield* sleep(0.01);
            return new Response('slow');
          },
        },
      },
      async (server) => {
        const peer = new WebSocketPeer(server.port);
        await peer.send(
          Buffer.from('GET /slow HTTP/1.1\r\nhost: h\r\n\r\n'),
          Buffer.from(upgradeHead('/ws')),
          frame(1, 'early'),
        );
        let all = '';
        peer.socket.removeAllListeners('data');
        peer.socket.on('data', (bytes) => (all += bytes.toString('latin1')));
        await peer.send(frame(1, 'bird'), CLOSE);
        await peer.until(() => false);
        expect(all).toMatch(/^HTTP\/1.1 200 .*slowHTTP\/1.1 101 .*\x81\x05early\x81\x04bird\x88/s);
      },
    ));

  test('an error before it is answered as any other', () =>
    withServer(
      {
        routes: {
          '/': websocket({
            message: quiet,
            origins: () => {
              throw new HttpError(418);
            },
          }),
        },
      },
      async (server) => {
        const answer = await conversation(server.port, upgradeHead('/', { origin: 'http://a' }));
        expect(answer).toMatch(/^HTTP\/1.1 418 /);
      },
    ));
});

test('callbacks in order, whatever their lane', () => {
  const log: unknown[] = [];
  const handlers: WebSocketHandlers = {
    *open(socket, request) {
      log.push('open', request.path, socket.remoteAddress);
      yield* sleep(0.001);
      log.push('opened');
      socket.data = 'mine';
    },
    async message(socket, message) {
      log.push(message);
      await sleep(0.001);
      log.push(`${socket.data} ${message.length}`);
      socket.send(message);
    },
    close: (socket, code, reason) => void log.push('close', code, reason, socket.closed),
  };
  return withServer({ routes: { '/a': websocket(handlers) } }, async (server) => {
    const peer = await WebSocketPeer.open(server, '/a');
    await peer.send(frame(1, 'one'), frame(2, 'two'), closeFrame(3001, 'bye'));
    expect(await peer.hearAll()).toEqual(['close 3001 bye']);
    while (server.connections > 0) await sleep(0.001);
    expect(log).toEqual([
      'open',
      '/a',
      '127.0.0.1',
      'opened',
      'one',
      'mine 3',
      Buffer.from('two'),
      'mine 3',
      'close',
      3001,
      'bye',
      true,
    ]);
  });
});

test('callbacks that end without waiting, in each lane', async () => {
  type Lane = (body: (...all: any[]) => void) => (...all: any[]) => any;
  const lanes: Record<string, Lane> = {
    plain: (body) => body,
    generator: (body) =>
      function* (...all) {
        body(...all);
      },
    async:
      (body) =>
      async (...all) =>
        body(...all),
  };
  for (const [lane, as] of Object.entries(lanes)) {
    const log: unknown[] = [];
    const note = (socket: WebSocketConnection, message: unknown): void => {
      log.push(message);
      socket.send('heard');
    };
    const route = websocket({
      open: as((socket) => socket.send(lane)),
      message: as(note),
      close: as((_socket, code) => void log.push(code)),
    });
    await withServer({ routes: { '/': route } }, async (server) => {
      const peer = await WebSocketPeer.open(server);
      await peer.send(frame(1, 'one'), frame(1, 'two'));
      expect(await peer.hear(3)).toEqual([`text ${lane}`, 'text heard', 'text heard']);
      await peer.send(frame(1, 'three'), closeFrame(3000));
      expect((await peer.hearAll()).slice(3)).toEqual(['text heard', 'close 3000']);
      while (server.connections > 0) await sleep(0.001);
      expect(log).toEqual(['one', 'two', 'three', 3000]);
    });
  }
});

test('a coroutine that has nothing to wait for closes its WebSocket', () =>
  withServer(
    {
      routes: {
        '/': websocket(function* (socket) {
          socket.send('all of it');
        }),
        '/oops': websocket(function* () {
          throw new Error('oops');
        }),
      },
    },
    async (server) => {
      const told = reports();
      for (const [path, heard] of [
        ['/', ['text all of it', 'close 1000']],
        ['/oops', ['close 1011']],
      ] as const) {
        const peer = await WebSocketPeer.open(server, path);
        expect(await peer.hear(heard.length)).toEqual(heard);
        await peer.send(CLOSE);
        await peer.hearAll();
      }
      while (server.connections > 0) await sleep(0.001);
      expect(told).toEqual(['Exception in a callback of a WebSocket: Error: oops']);
    },
  ));

test('coroutines of both lanes end their WebSocket by ending', () =>
  withServer(
    {
      routes: {
        '/generator': websocket(function* (socket) {
          for (let n = 0; n < 2; n++) socket.send(`g ${String(yield* socket.receive())}`);
        }),
        '/async': websocket(async (socket, request) => {
          for await (const message of socket) socket.send(`${request.path} ${message}`);
        }),
      },
    },
    async (server) => {
      const first = await WebSocketPeer.open(server, '/generator');
      await first.send(frame(1, 'a'), frame(1, 'b'), frame(1, 'c'));
      expect(await first.hear(3)).toEqual(['text g a', 'text g b', 'close 1000']);
      await first.send(CLOSE);
      expect(await first.hearAll()).toHaveLength(3);
      const second = await WebSocketPeer.open(server, '/async');
      await second.send(frame(1, 'a'));
      expect(await second.hear(1)).toEqual(['text /async a']);
      await second.send(CLOSE);
      expect(await second.hearAll()).toEqual(['text /async a', 'close 1000']);
    },
  ));

test('errors are reported, and close with 1011', () => {
  const fail = (): never => {
    throw new Error('oops');
  };
  return withServer(
    {
      routes: {
        '/open': websocket({ open: fail }),
        '/message': websocket({ message: fail }),
        '/async': websocket({ message: async () => fail() }),
        '/main': websocket(function* () {
          yield* sleep(0);
          fail();
        }),
        '/generator': websocket({
          *message() {
            fail();
          },
        }),
      },
    },
    async (server) => {
      const told = reports();
      for (const path of ['/open', '/message', '/async', '/main', '/generator']) {
        const peer = await WebSocketPeer.open(server, path);
        await peer.send(frame(1, 'x'));
        expect(await peer.hear(1)).toEqual(['close 1011']);
        await peer.send(closeFrame(1011));
        await peer.hearAll();
      }
      expect(told).toEqual(Array(5).fill('Exception in a callback of a WebSocket: Error: oops'));
    },
  );
});

test.each<[lane: string, drain: NonNullable<WebSocketHandlers['drain']>]>([
  [
    'plain',
    () => {
      throw new Error('oops');
    },
  ],
  [
    'generator',
    function* () {
      throw new Error('oops');
    },
  ],
  [
    'generator that waits',
    function* () {
      yield* sleep(0);
      throw new Error('oops');
    },
  ],
  [
    'async',
    async () => {
      throw new Error('oops');
    },
  ],
])('an error of drain, %s, is reported, and closes with 1011', (_lane, drain) => {
  let filled = '';
  const route = websocket({
    open: (socket) => {
      for (let n = 0; n < 1000 && filled !== 'queued'; n++)
        filled = socket.send(Buffer.alloc(65536));
    },
    drain,
  });
  return withServer({ routes: { '/': route } }, async (server) => {
    const told = reports();
    const peer = await WebSocketPeer.open(server);
    await peer.until(() => peer.heard.some(({ opcode }) => opcode === 8));
    expect(filled).toBe('queued');
    expect(peer.heard.at(-1)!.payload.readUInt16BE(0)).toBe(1011);
    expect(told).toEqual(['Exception in a callback of a WebSocket: Error: oops']);
  });
});

test('who goes away in the middle', () => {
  const ends: unknown[] = [];
  return withServer(
    {
      routes: {
        '/': websocket({ close: (_socket, code, reason) => void ends.push(code, reason) }),
        '/main': websocket(async (socket) => {
          const received = socket.receive();
          await received.then(quiet, (error: any) => ends.push(error.name, error.message));
          await socket.drain().then(quiet, (error: any) => ends.push(error.name));
          ends.push(socket.send('late'), socket.closeCode);
          await socket.ping().then(quiet, (error: any) => ends.push(error.name));
        }),
      },
    },
    async (server) => {
      const told = reports();
      const first = await WebSocketPeer.open(server);
      await first.send(frame(1, 'frag', { fin: false }));
      first.close();
      const second = await WebSocketPeer.open(server, '/main');
      second.socket.resetAndDestroy();
      while (server.connections > 0) await sleep(0.001);
      expect(ends.slice(0, 2)).toEqual([1006, '']);
      expect(ends.slice(2)).toEqual([
        'WebSocketClosedError',
        'the WebSocket is closed: 1006',
        'WebSocketClosedError',
        'dropped',
        1006,
        'CancelledError',
      ]);
      expect(told).toEqual([]);
    },
  );
});

test('a cancelled receive takes no message; one at a time', () =>
  withServer(
    {
      routes: {
        '/': websocket(async (socket) => {
          const first = socket.receive();
          expect(() => socket.receive()).toThrow(/another coroutine is already waiting/);
          first.cancel();
          const aborted = socket.receive({ signal: AbortSignal.abort() });
          await expect(aborted.then()).rejects.toMatchObject({ name: 'AbortError' });
          socket.send('ready');
          socket.send(String(await socket.receive()));
        }),
      },
    },
    async (server) => {
      const peer = await WebSocketPeer.open(server);
      await peer.hear(1);
      await peer.send(frame(1, 'kept'));
      expect((await peer.hear(3)).slice(1)).toEqual(['text kept', 'close 1000']);
    },
  ));

test('messages that nobody takes are not received', async () => {
  let open!: () => void;
  const gate = new Promise<void>((resolve) => (open = resolve));
  let count = 0;
  const route = websocket(async (socket) => {
    await gate;
    while (count < 20_000) {
      await socket.receive();
      count += 1;
    }
  });
  await withServer({ routes: { '/': route } }, async (server) => {
    const peer = await WebSocketPeer.open(server);
    // More than all buffers of the system between the two have room for.
    const piece = Buffer.concat(Array.from({ length: 1000 }, () => frame(2, Buffer.alloc(1000))));
    for (let n = 0; n < 20; n++) peer.socket.write(piece);
    let before = -1;
    for (let still = 0; still < 50; still++) {
      if (peer.socket.writableLength !== before) still = 0;
      before = peer.socket.writableLength;
      await new Promise(setImmediate);
    }
    expect(before).toBeGreaterThan(0);
    open();
    expect(await peer.hear(1)).toEqual(['close 1000']);
    expect(count).toBe(20_000);
  });
});

describe('a peer that does not read', () => {
  const large = Buffer.alloc(64 * 1024);

  /** Sends until it is not `'sent'` any more. */
  function fill(socket: WebSocketConnection): string {
    for (let n = 0; n < 1000; n++) {
      const result = socket.send(large);
      if (result !== 'sent') return result;
    }
    return 'endless';
  }

  test('queued, then drained', () => {
    const told: string[] = [];
    let drained: Promise<void> | null = null;
    const handlers: WebSocketHandlers = {
      open(socket) {
        told.push(fill(socket));
        expect(socket.bufferedAmount).toBeGreaterThan(0);
        drained = socket.drain().then(() => void told.push('future'));
      },
      drain: (socket) => {
        told.push(`drain ${socket.send('next')}`);
      },
    };
    return withServer({ routes: { '/': websocket(handlers) } }, async (server) => {
      const peer = await WebSocketPeer.open(server);
      await peer.until(() => peer.heard.some(({ opcode }) => opcode === 1));
      await drained;
      expect(told.slice(0, 1)).toEqual(['queued']);
      expect(told).toContain('future');
      expect(told).toContain('drain sent');
    });
  });

  test.each([
    ['close', 1006],
    ['drop', null],
  ] as const)('maxBackpressure: %s', (overflow, code) => {
    let socket: WebSocketConnection | null = null;
    const results = new Set<string>();
    const handlers: WebSocketHandlers = {
      open(mine) {
        socket = mine;
        for (let n = 0; n < 1000; n++) results.add(mine.send(large));
      },
      maxBackpressure: 256 * 1024,
      overflow,
    };
    return withServer({ routes: { '/': websocket(handlers) } }, async (server) => {
      const peer = new WebSocketPeer(server.port);
      peer.socket.pause();
      await peer.send(Buffer.from(upgradeHead()));
      while (socket === null) await sleep(0.001);
      expect([...results]).toEqual(['sent', 'queued', 'dropped']);
      expect(socket!.closeCode).toBe(code);
      expect(socket!.bufferedAmount).toBeLessThanOrEqual(256 * 1024);
      if (code === 1006) expect(socket!.closeReason).toMatch(/more than 262144 bytes wait/);
    });
  });

  test('maxBackpressure and threshold count bytes, not letters', () => {
    const results: string[] = [];
    const handlers: WebSocketHandlers = {
      open(socket) {
        // The system may take some of it meanwhile.
        while (socket.bufferedAmount < 2 ** 20) socket.send(large);
        results.push(socket.send('\u8a9e'.repeat(500_000)), socket.send('a'.repeat(500_000)));
      },
      maxBackpressure: 2 ** 21,
      overflow: 'drop',
    };
    const packing: WebSocketHandlers = {
      open(socket) {
        socket.send('\u8a9e'.repeat(341));
        socket.send('\u8a9e'.repeat(342));
      },
      compression: { threshold: 1024 },
    };
    const routes = { '/': websocket(handlers), '/packing': websocket(packing) };
    return withServer({ routes }, async (server) => {
      const peer = new WebSocketPeer(server.port);
      peer.socket.pause();
      await peer.send(Buffer.from(upgradeHead()));
      while (results.length < 2) await sleep(0.001);
      expect(results).toEqual(['dropped', 'queued']);
      const extensions = { 'sec-websocket-extensions': 'permessage-deflate' };
      const other = await WebSocketPeer.open(server, '/packing', extensions);
      await other.hear(2);
      expect(other.heard.map(({ packed }) => packed)).toEqual([false, true]);
    });
  });

  test('pings that nobody reads the answers of are answered once', () => {
    let socket: WebSocketConnection | null = null;
    const handlers: WebSocketHandlers = {
      open: (mine) => {
        socket = mine;
        fill(mine);
      },
    };
    return withServer({ routes: { '/': websocket(handlers) } }, async (server) => {
      const peer = new WebSocketPeer(server.port);
      peer.socket.pause();
      await peer.send(Buffer.from(upgradeHead()));
      while (socket === null) await sleep(0.001);
      const before = socket!.bufferedAmount;
      const flood = Array.from({ length: 5000 }, (_, n) => frame(9, `${n}`.padEnd(100)));
      await peer.send(...flood);
      await peer.send(frame(9, 'last'));
      for (let n = 0; n < 50; n++) await sleep(0);
      expect(socket!.bufferedAmount).toBeLessThan(before + 64 * 1024);
      peer.socket.resume();
      await peer.until(() => peer.heard.some(({ payload }) => payload.toString() === 'last'));
      expect(peer.heard.filter(({ opcode }) => opcode === 10).length).toBeLessThan(2000);
    });
  });
});

test('topics: who has subscribed, once, in one turn', () =>
  withServer(
    {
      routes: {
        '/': websocket({
          open: (socket, request) => {
            socket.subscribe('all');
            socket.subscribe(request.query.get('room')!);
            expect(socket.isSubscribed('all')).toBe(true);
          },
          message: (socket, message) => {
            if (message === 'leave') expect(socket.unsubscribe('all')).toBe(true);
            else if (message === 'large') socket.publish('all', Buffer.alloc(100_000, 1));
            else expect(socket.publish('all', message)).toBe(2);
          },
          compression: { threshold: 100, contextTakeover: true },
        }),
      },
    },
    async (server) => {
      const packing = { 'sec-websocket-extensions': 'permessage-deflate' };
      const a = await WebSocketPeer.open(server, '/?room=a');
      const b = await WebSocketPeer.open(server, '/?room=b', packing);
      const c = await WebSocketPeer.open(server, '/?room=b');
      expect([
        server.subscribers('all'),
        server.subscribers('b'),
        server.subscribers('none'),
      ]).toEqual([3, 2, 0]);
      await a.send(frame(1, 'hello'));
      await b.hear(1);
      await c.hear(1);
      expect(server.publish('b', 'to b')).toBe(2);
      expect(server.publish('all', 'x'.repeat(200))).toBe(3);
      expect(server.publish('none', 'x')).toBe(0);
      expect(() => server.publish('all', 5 as never)).toThrow(/data must be a string, a Buffer/);
      expect(await a.hear(1)).toEqual(['text of 200']);
      expect(await c.hear(3)).toEqual(['text hello', 'text to b', 'text of 200']);
      await b.hear(3);
      expect(b.heard.map(({ packed }) => packed)).toEqual([false, false, true]);
      await a.send(frame(1, 'leave'), frame(1, 'large'));
      expect((await c.hear(4)).at(-1)).toBe('binary of 100000');
      c.close();
      while (server.subscribers('all') > 1) await sleep(0.001);
      expect(server.publish('all', 'last')).toBe(1);
    },
  ));

test('a topic over two routes: each packs as it was told', () => {
  const route = (level: number) =>
    websocket({ open: (socket) => socket.subscribe('t'), compression: { threshold: 0, level } });
  return withServer({ routes: { '/1': route(1), '/9': route(9) } }, async (server) => {
    const packing = { 'sec-websocket-extensions': 'permessage-deflate' };
    const fast = await WebSocketPeer.open(server, '/1', packing);
    const small = await WebSocketPeer.open(server, '/9', packing);
    const text = Array.from({ length: 2000 }, (_, n) => `${(n * 7919) % 1000} of `).join('');
    expect(server.publish('t', text)).toBe(2);
    await fast.hear(1);
    await small.hear(1);
    expect(small.heard[0]!.payload.length).toBeLessThan(fast.heard[0]!.payload.length);
  });
});

test('a thousand messages of one turn to many leave whole and in order', () =>
  withServer(
    { routes: { '/': websocket({ open: (socket) => socket.subscribe('t') }) } },
    async (server) => {
      const peers = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          WebSocketPeer.open(server, '/', n % 2 ? { 'sec-websocket-extensions': 'x' } : {}),
        ),
      );
      const texts = Array.from({ length: 1000 }, (_, n) => `${n} ${'.'.repeat(n)}`);
      for (const text of texts) expect(server.publish('t', text)).toBe(20);
      for (const peer of peers) {
        await peer.hear(1000);
        expect(peer.heard.map(({ payload }) => payload.toString())).toEqual(texts);
      }
    },
  ));

describe('silence', () => {
  test('half-way a ping, then the end', () => {
    const ends: unknown[] = [];
    const route = websocket({
      idleTimeout: 0.08,
      close: (_socket, code, reason) => void ends.push(code, reason),
    });
    return withVirtualServer({ routes: { '/': route } }, async (server) => {
      const silent = await VirtualPeer.open(server);
      expect(await silent.hearAll()).toEqual(['ping']);
      expect(ends).toEqual([1006, 'nothing came for too long']);
      silent.close();
    });
  });

  test('who answers lives on', () =>
    withVirtualServer({ routes: { '/': websocket({ idleTimeout: 0.4 }) } }, async (server) => {
      const peer = await VirtualPeer.open(server);
      for (let n = 1; n <= 10; n++) {
        await peer.hear(n);
        await peer.send(frame(10, peer.heard.at(-1)!.payload));
      }
      expect(server.connections).toBe(1);
      peer.close();
    }));

  test('a close that is not answered', () => {
    let closed: Promise<void> | null = null;
    const route = websocket({
      closeTimeout: 0.02,
      open: (socket) => {
        closed = socket.close(4000, 'go').then();
        expect(socket.send('late')).toBe('dropped');
      },
    });
    return withServer({ routes: { '/': route } }, async (server) => {
      const peer = await WebSocketPeer.open(server);
      expect(await peer.hearAll()).toEqual(['close 4000 go']);
      await closed;
      expect(server.connections).toBe(0);
    });
  });
});

test('pings of the server are answered, and take their time', () => {
  let answered: Promise<unknown> | null = null;
  const route = websocket({
    open: (socket) => {
      const first = socket.ping('a');
      answered = Promise.all([first, socket.ping(Buffer.from('b'))]);
      expect(() => socket.ping('x'.repeat(126))).toThrow(
        /ping\(\): data may have 125 bytes, not 126/,
      );
    },
  });
  return withServer({ routes: { '/': route } }, async (server) => {
    const peer = await WebSocketPeer.open(server);
    expect(await peer.hear(2)).toEqual(['ping a', 'ping b']);
    // An answer to the later one is one to those before it.
    await peer.send(frame(10, 'other'), frame(10, 'b'));
    await answered;
  });
});

test('a handshake that a shutdown overtakes gets a 503, with what follows it', async () => {
  let go!: () => void;
  const gate = new Promise<void>((resolve) => (go = resolve));
  let asked!: () => void;
  const arrived = new Promise<void>((resolve) => (asked = resolve));
  await withServer(
    {
      routes: { '/': websocket({ open: () => expect(true).toBe(false) }) },
      middleware: [
        async (_request, next) => {
          asked();
          await gate;
          return next();
        },
      ],
    },
    async (server) => {
      const peer = new WebSocketPeer(server.port);
      await peer.send(Buffer.from(upgradeHead()), frame(1, 'early'));
      await arrived;
      const down = server.shutdown({ timeout: 10 });
      go();
      await peer.until(() => peer.head.endsWith('\r\n\r\n'));
      expect(peer.head).toMatch(/^HTTP\/1.1 503 /);
      expect(peer.head).toMatch(/\r\nconnection: close\r\n/i);
      peer.socket.end();
      await down;
    },
  );
});

test('origins that are looked up later admit nobody', () =>
  withServer(
    { routes: { '/': websocket({ origins: (async () => true) as never }) } },
    async (server) => {
      const told = reports();
      const origin = { origin: 'https://example.com' };
      expect(await conversation(server.port, upgradeHead('/', { ...origin }))).toMatch(
        /^HTTP\/1.1 500 /,
      );
      expect(told).toEqual([
        expect.stringMatching(/TypeError: websocket\(\): origins must answer at once/),
      ]);
    },
  ));

test('a shutdown closes WebSockets with 1001, close() drops them', () => {
  const ends: unknown[] = [];
  const route = websocket({ close: (_socket, code) => void ends.push(code) });
  return withServer({ routes: { '/': route } }, async (server) => {
    const peer = await WebSocketPeer.open(server);
    const rude = await WebSocketPeer.open(server);
    const down = server.shutdown({ timeout: 0.05 });
    expect(await peer.hear(1)).toEqual(['close 1001 the server shuts down']);
    await peer.send(closeFrame(1001));
    await rude.hearAll();
    await down;
    expect(ends).toEqual([1001, 1001]);
  });
});

test('a handler that hangs is cancelled when the server is closed', () => {
  let cancelled = false;
  const route = websocket(function* () {
    try {
      yield* sleep(1000);
    } finally {
      cancelled = true;
    }
  });
  return withServer({ routes: { '/': route } }, async (server) => {
    await WebSocketPeer.open(server);
    server.close();
    await server.waitClosed();
    expect(cancelled).toBe(true);
  });
});

test('ws as a client, with and without compression', () =>
  withServer(
    {
      routes: {
        '/': websocket({
          message: (socket, message) => void socket.send(message),
          compression: true,
          protocols: ['p'],
        }),
      },
    },
    async (server) => {
      for (const perMessageDeflate of [true, false]) {
        const client = new WsClient(server.url.replace('http', 'ws'), 'p', { perMessageDeflate });
        const messages = ['a', 'ä'.repeat(5000), Buffer.alloc(300_000, 7), ''];
        const got: unknown[] = [];
        client.on('open', () => messages.forEach((message) => client.send(message)));
        client.on('message', (data: Buffer, binary: boolean) => {
          got.push(binary ? data : data.toString());
          if (got.length === messages.length) client.close(3000, 'done');
        });
        const [code] = await new Promise<[number]>((resolve) =>
          client.on('close', (...all: [number]) => resolve(all)),
        );
        expect(code).toBe(3000);
        expect(got).toEqual(messages);
        expect(client.protocol).toBe('p');
      }
    },
  ));

const wrong: Array<[message: RegExp, options: unknown]> = [
  [/options must be an object, got null/, null],
  [/there is no option 'onmessage'; did you mean 'message'\?/, { onmessage: quiet }],
  [/message must be a function, not number/, { message: 5 }],
  [/transient must be true or false/, { message: quiet, transient: 1 }],
  [/transient bytes need a message callback/, { transient: true }],
  [/protocols must be an array of strings/, { protocols: 'chat' }],
  [/"a b" is no name of a protocol/, { protocols: ['a b'] }],
  [/origins must be 'same', an array of origins or a function/, { origins: 'all' }],
  [/"example.com" is no origin/, { origins: ['example.com'] }],
  [/maxMessageSize must be an integer/, { maxMessageSize: -1 }],
  [/idleTimeout must be more than 0/, { idleTimeout: 0 }],
  [/closeTimeout: "soon" is no duration/, { closeTimeout: 'soon' }],
  [/overflow must be 'close' or 'drop', not "wait"/, { overflow: 'wait' }],
  [/maxBackpressure must be an integer/, { maxBackpressure: 1.5 }],
  [/compression: there is no option 'treshold'/, { compression: { treshold: 1 } }],
  [/compression.level must be an integer from 1 to 9/, { compression: { level: 0 } }],
];
test.each(wrong)('%s', (message, options) => {
  expect(() => websocket(options as never)).toThrow(message);
});

test('what cannot be sent, or closed with', () => {
  let told: string[] = [];
  const attempt = (body: () => unknown): void => {
    try {
      body();
    } catch (error) {
      told.push((error as Error).message);
    }
  };
  const route = websocket({
    open: (socket) => {
      told = [];
      attempt(() => socket.send(5 as never));
      attempt(() => void socket.close(1005));
      attempt(() => void socket.close('1000' as never));
      attempt(() => void socket.close(1000, 'x'.repeat(124)));
      attempt(() => socket.subscribe(5 as never));
      attempt(() => void socket.drain({ sginal: 1 } as never));
      expect(socket.open).toBe(true);
    },
  });
  return withServer({ routes: { '/': route } }, async (server) => {
    await WebSocketPeer.open(server);
    expect(told).toEqual([
      'data must be a string, a Buffer, a TypedArray, a DataView or an ArrayBuffer, not number 5',
      'close(): code must be 1000 to 1003, 1007 to 1014, or 3000 to 4999, not 1005',
      expect.stringMatching(/code must be a number, not string/),
      'close(): reason may have 123 bytes of UTF-8, not 124',
      'subscribe(): topic must be a string',
      expect.stringMatching(/drain\(\): there is no option 'sginal'; did you mean 'signal'/),
    ]);
  });
});
