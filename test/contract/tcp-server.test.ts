/** Servers and connections on real sockets, with peers of node:net in the same process. */
import { once } from 'node:events';
import net from 'node:net';

import {
  BufferedProtocol,
  CancelledError,
  type Coro,
  createConnection,
  createServer,
  createTask,
  getRunningLoop,
  promise,
  Protocol,
  run,
  RuntimeError,
  type Server,
  type Transport,
} from 'oxbow';

import { type Lack, descriptors, ipv6, testWith } from '../support/needs.ts';
import { caught, failure, portOf, Recorder, until } from './tcp-support.ts';

class Echo extends Protocol {
  transport!: Transport;

  override connectionMade(transport: Transport): void {
    this.transport = transport;
  }

  override dataReceived(data: Buffer): void {
    this.transport.write(data);
  }
}

function check(name: string, body: () => Coro<void>, lack?: Lack): void {
  testWith(lack)(name, () => run(body));
}

/** A server whose protocols are recorders, and the list of them. */
function* recording(host: string | null = '127.0.0.1'): Coro<[Server, Recorder[]]> {
  const recorders: Recorder[] = [];
  const server = yield* createServer(
    () => {
      const recorder = new Recorder();
      recorders.push(recorder);
      return recorder;
    },
    host,
    0,
  );
  return [server, recorders];
}

describe.each([
  ['127.0.0.1', 4],
  ['::1', 6],
] as const)('on %s', (host, family) => {
  const lack = family === 6 ? ipv6() : undefined;

  check(
    'addresses of both ends',
    function* () {
      const [server, recorders] = yield* recording(host);
      const [transport] = yield* createConnection(() => new Recorder(), host, portOf(server));
      yield* until(() => recorders.length === 1);
      const peer = yield* recorders[0]!.made;
      expect(transport.getExtraInfo('peername')).toEqual([host, portOf(server)]);
      expect(peer.getExtraInfo('peername')).toEqual(transport.getExtraInfo('sockname'));
      const socket = peer.getExtraInfo('socket') as { family: number; fileno(): number };
      expect(socket.family).toBe(family);
      expect(socket.fileno()).toBeGreaterThan(2);
      expect(peer.getExtraInfo('nothing')).toBe(null);
      expect(peer.getExtraInfo('nothing', 7)).toBe(7);
      transport.close();
      yield* server.shutdown();
      expect(socket.fileno()).toBe(-1);
      expect(peer.getExtraInfo('peername')).toEqual(transport.getExtraInfo('sockname'));
    },
    lack,
  );

  check(
    'a node:net client gets its echo',
    function* () {
      const server = yield* createServer(() => new Echo(), host, 0);
      const client = net.connect(portOf(server), host);
      client.end('hello');
      const chunks: Buffer[] = [];
      client.on('data', (chunk) => chunks.push(chunk));
      yield* promise(once(client, 'close'));
      expect(String(Buffer.concat(chunks))).toBe('hello');
      yield* server.shutdown();
    },
    lack,
  );
});

check('localhost and null listen on every address with one port', function* () {
  for (const host of ['localhost', null, ''] as const) {
    const server = yield* createServer(() => new Echo(), host, 0);
    const ports = server.sockets.map((socket) => socket.getsockname()[1]);
    expect(new Set(ports).size).toBe(1);
    const [transport, protocol] = yield* createConnection(
      () => new Recorder(),
      'localhost',
      ports[0]!,
    );
    transport.write('x');
    yield* protocol.atLeast(1);
    transport.close();
    yield* server.shutdown();
  }
});

check('getaddrinfo: numeric, name, unknown', function* () {
  const loop = getRunningLoop() as import('oxbow').EventLoop;
  expect(yield* loop.getaddrinfo('::1', 80)).toEqual([{ address: '::1', port: 80, family: 6 }]);
  const found = yield* loop.getaddrinfo('localhost', 81, { family: 4 });
  expect(found).toEqual([{ address: '127.0.0.1', port: 81, family: 4 }]);
  expect(() => loop.getaddrinfo('localhost', -1)).toThrow(RangeError);
});

check('errors: refused, in use, bad arguments', function* () {
  const server = yield* createServer(() => new Echo(), '127.0.0.1', 0);
  const port = portOf(server);
  const inUse = yield* failure(() =>
    (function* () {
      yield* createServer(() => new Echo(), '127.0.0.1', port);
    })(),
  );
  expect(inUse.code).toBe('EADDRINUSE');
  expect(inUse.message).toBe(`listen EADDRINUSE 127.0.0.1:${port}`);
  yield* server.shutdown();
  const refused = yield* failure(() =>
    (function* () {
      yield* createConnection(() => new Echo(), '127.0.0.1', port);
    })(),
  );
  expect(refused).toMatchObject({
    code: 'ECONNREFUSED',
    syscall: 'connect',
    address: '127.0.0.1',
    port,
    message: `connect ECONNREFUSED 127.0.0.1:${port}`,
  });
  expect(() => createServer(5 as never, '127.0.0.1', 0)).toThrow(TypeError);
  expect(() => createServer(() => new Echo(), 5 as never, 0)).toThrow(/^host/);
  expect(() => createServer(() => new Echo(), '127.0.0.1', 70000)).toThrow(/^port/);
  expect(() => createServer(() => new Echo(), '::1', 0, { backlog: 0 })).toThrow(/^backlog/);
  expect(() => createConnection(() => new Echo(), '::1', 1, { family: 5 as never })).toThrow(
    /^family/,
  );
});

check('a factory that throws or gives no protocol: reported, the server goes on', function* () {
  const contexts = caught();
  const made: Array<() => unknown> = [
    () => {
      throw new Error('on purpose');
    },
    () => ({}),
  ];
  const server = yield* createServer(
    () => (made.shift() ?? (() => new Echo()))() as Echo,
    '127.0.0.1',
    0,
  );
  for (let n = 0; n < 2; n++) {
    const [, lost] = yield* createConnection(() => new Recorder(), '127.0.0.1', portOf(server));
    yield* lost.lost;
  }
  expect(contexts.map(({ message }) => message)).toEqual(
    Array(2).fill('Error on transport creation for incoming connection'),
  );
  const [transport, client] = yield* createConnection(
    () => new Recorder(),
    '127.0.0.1',
    portOf(server),
  );
  transport.write('x');
  yield* client.atLeast(1);
  transport.close();
  yield* server.shutdown();
});

check('reset by the peer reaches connectionLost', function* () {
  const [server, recorders] = yield* recording();
  const client = net.connect(portOf(server), '127.0.0.1');
  client.on('error', () => {});
  yield* promise(once(client, 'connect'));
  yield* until(() => recorders.length === 1);
  client.resetAndDestroy();
  expect(yield* recorders[0]!.lost).toMatchObject({ code: 'ECONNRESET', syscall: 'read' });
  yield* server.shutdown();
});

check(
  '1000 clients at once',
  function* () {
    const server = yield* createServer(() => new Echo(), '127.0.0.1', 0);
    const port = portOf(server);
    const opening = Array.from({ length: 1000 }, () =>
      createConnection(() => new Recorder(), '127.0.0.1', port),
    );
    const clients: Recorder[] = [];
    for (const open of opening) clients.push((yield* open)[1]);
    clients.forEach((client, n) => client.transport.write(`hello ${n}`));
    for (const [n, client] of clients.entries()) {
      expect(String(yield* client.atLeast(`hello ${n}`.length))).toBe(`hello ${n}`);
    }
    for (const client of clients) client.transport.close();
    yield* server.shutdown();
  },
  descriptors(2100),
);

check('server: close, waitClosed, closeClients, abortClients', function* () {
  const [server, recorders] = yield* recording();
  expect(server.isServing()).toBe(true);
  const [, client] = yield* createConnection(() => new Recorder(), '127.0.0.1', portOf(server));
  yield* until(() => recorders.length === 1);
  const closed = server.waitClosed();
  server.close();
  server.close();
  expect(server.isServing()).toBe(false);
  expect(server.sockets).toEqual([]);
  for (let n = 0; n < 5; n++) yield;
  expect(closed.done()).toBe(false);
  server.closeClients();
  yield* closed;
  yield* client.lost;
  expect(() => server.startServing()).toThrow(RuntimeError);
  expect(server.waitClosed().done()).toBe(true);
});

check('startServing: false accepts nothing until startServing()', function* () {
  const server = yield* createServer(() => new Echo(), '127.0.0.1', 0, { startServing: false });
  expect(server.isServing()).toBe(false);
  const [transport, client] = yield* createConnection(
    () => new Recorder(),
    '127.0.0.1',
    portOf(server),
  );
  transport.write('x');
  for (let n = 0; n < 20; n++) yield;
  expect(client.chunks).toEqual([]);
  yield* server.startServing();
  yield* client.atLeast(1);
  transport.close();
  yield* server.shutdown();
});

check('serveForever: one at a time; cancelling it closes the server', function* () {
  const server = yield* createServer(() => new Echo(), '127.0.0.1', 0);
  const serving = createTask(function* () {
    yield* server.serveForever();
  });
  yield;
  yield;
  expect(() => server.serveForever()).toThrow(RuntimeError);
  serving.cancel();
  const error = yield* failure(() =>
    (function* () {
      yield* serving;
    })(),
  );
  expect(error).toBeInstanceOf(CancelledError);
  expect(server.isServing()).toBe(false);
});

check('shutdown: an idle client is closed after the timeout, a stalled one aborted', function* () {
  const [server, recorders] = yield* recording();
  const port = portOf(server);
  const [, idle] = yield* createConnection(() => new Recorder(), '127.0.0.1', port);
  const [stalled, stalledProtocol] = yield* createConnection(
    () => new Recorder(),
    '127.0.0.1',
    port,
  );
  stalled.pauseReading();
  yield* until(() => recorders.length === 2);
  const peername = stalled.getExtraInfo('sockname') as [string, number];
  const server2 = recorders.find(
    ({ transport }) => (transport.getExtraInfo('peername') as [string, number])[1] === peername[1],
  )!;
  server2.transport.write(Buffer.alloc(50 * 1024 * 1024));
  yield* server.shutdown({ timeout: 0, grace: '20ms' });
  expect(yield* idle.lost).toBe(null);
  stalled.abort();
  yield* stalledProtocol.lost;
  expect(() => server.shutdown({ timeout: 'soon' })).toThrow(TypeError);
});

check('BufferedProtocol reads into its own memory', function* () {
  class Fixed extends BufferedProtocol {
    readonly memory = Buffer.alloc(1000);
    readonly sizes: number[] = [];
    readonly ended = getRunningLoop().createFuture<void>();
    text = '';
    override getBuffer(hint: number): Uint8Array {
      expect(hint).toBe(-1);
      return this.memory;
    }
    override bufferUpdated(count: number): void {
      this.sizes.push(count);
      this.text += this.memory.toString('latin1', 0, count);
    }
    override connectionLost(): void {
      this.ended.setResult(undefined);
    }
  }
  const fixed = new Fixed();
  const server = yield* createServer(() => fixed, '127.0.0.1', 0);
  const [transport] = yield* createConnection(() => new Recorder(), '127.0.0.1', portOf(server));
  const text = 'abcdefghij'.repeat(1000);
  transport.write(text);
  transport.close();
  yield* fixed.ended;
  expect(fixed.text).toBe(text);
  expect(Math.max(...fixed.sizes)).toBeLessThanOrEqual(1000);
  yield* server.shutdown();
});

check('an empty buffer is fatal', function* () {
  const contexts = caught();
  class Empty extends BufferedProtocol {
    override getBuffer(): Uint8Array {
      return new Uint8Array(0);
    }
  }
  const server = yield* createServer(() => new Empty(), '127.0.0.1', 0);
  const [transport, client] = yield* createConnection(
    () => new Recorder(),
    '127.0.0.1',
    portOf(server),
  );
  transport.write('x');
  yield* client.lost;
  expect(contexts[0]!.exception).toBeInstanceOf(RuntimeError);
  expect(contexts[0]!.message).toBe('Fatal error: protocol.getBuffer() call failed.');
  yield* server.shutdown();
});

check('cancelling createConnection closes what was under way', function* () {
  const [server, recorders] = yield* recording();
  const opening = createConnection(() => new Recorder(), '127.0.0.1', portOf(server));
  yield;
  yield;
  opening.cancel();
  expect(
    yield* failure(() =>
      (function* () {
        yield* opening;
      })(),
    ),
  ).toBeInstanceOf(CancelledError);
  yield* until(() => recorders.length === 0 || recorders[0]!.lost.done());
  yield* server.shutdown();
});

check('an abort signal fails createConnection with AbortError', function* () {
  const [server] = yield* recording();
  const controller = new AbortController();
  const opening = createConnection(() => new Recorder(), '127.0.0.1', portOf(server), {
    signal: controller.signal,
  });
  yield;
  controller.abort('enough');
  const error = yield* failure(() =>
    (function* () {
      yield* opening;
    })(),
  );
  expect(error).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: 'enough' });
  yield* server.shutdown({ timeout: 0 });
});

check('happy eyeballs: the address that answers wins', function* () {
  const server = yield* createServer(() => new Echo(), '127.0.0.1', 0);
  const [transport] = yield* createConnection(() => new Recorder(), 'localhost', portOf(server), {
    happyEyeballsDelay: '50ms',
  });
  expect(transport.getExtraInfo('peername')).toEqual(['127.0.0.1', portOf(server)]);
  transport.close();
  yield* server.shutdown();
});

check('localAddr: our own end', function* () {
  const server = yield* createServer(() => new Echo(), '127.0.0.1', 0);
  const [transport] = yield* createConnection(() => new Recorder(), '127.0.0.1', portOf(server), {
    localAddr: ['127.0.0.2', 0],
  });
  expect((transport.getExtraInfo('sockname') as [string, number])[0]).toBe('127.0.0.2');
  transport.close();
  yield* server.shutdown();
});

check('reusePort: two servers on one port', function* () {
  const first = yield* createServer(() => new Echo(), '127.0.0.1', 0, { reusePort: true });
  const second = yield* createServer(() => new Echo(), '127.0.0.1', portOf(first), {
    reusePort: true,
  });
  expect(portOf(second)).toBe(portOf(first));
  yield* first.shutdown();
  yield* second.shutdown();
});
