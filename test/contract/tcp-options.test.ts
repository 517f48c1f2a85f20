/** What a TCP connection and its server can be told: attempts, addresses, keep-alive, no-delay. */
import {
  type Coro,
  createConnection,
  createServer,
  type EventLoop,
  ExceptionGroup,
  getRunningLoop,
  run,
  type Server,
  Socket,
  type SocketAddress,
  type Transport,
  type TransportSocket,
} from 'oxbow';

import { descriptors, ipv6, testWith } from '../support/needs.ts';
import { thrown } from '../support/outcomes.ts';
import { failure, portOf, Recorder, until } from './tcp-support.ts';

const HOST = '127.0.0.1';

function check(
  name: string,
  body: (loop: EventLoop) => Coro<void>,
  lack: string | undefined = undefined,
): void {
  testWith(lack)(name, () => run(() => body(getRunningLoop())));
}

/** The options of the socket under something. */
function optionOf(
  socket: { fileno(): number },
  name: 'keepAlive' | 'keepIdle' | 'noDelay',
): unknown {
  const look = Socket.from(socket.fileno());
  try {
    return look.getsockopt(name);
  } finally {
    look.detach();
  }
}

const socketOf = (transport: Transport) =>
  transport.getExtraInfo('socket') as { fileno(): number; getsockname(): SocketAddress };

function* served(options = {}): Coro<[Server, Recorder[]]> {
  const accepted: Recorder[] = [];
  const make = (): Recorder => {
    const recorder = new Recorder();
    accepted.push(recorder);
    return recorder;
  };
  return [yield* createServer(make, HOST, 0, options), accepted];
}

check('keepAlive and noDelay of a client and of what a server accepts', function* () {
  const keepAlive = { idle: '30s', interval: 5, count: 4 } as const;
  const [server, accepted] = yield* served({ keepAlive, noDelay: false });
  const client = new Recorder();
  yield* createConnection(() => client, HOST, portOf(server));
  yield* until(() => accepted[0]?.transport !== undefined);
  const ours = socketOf(accepted[0]!.transport);
  expect(optionOf(ours, 'keepAlive')).toBe(true);
  expect(optionOf(ours, 'keepIdle')).toBe(30);
  expect(optionOf(ours, 'noDelay')).toBe(false);
  expect(optionOf(socketOf(client.transport), 'keepAlive')).toBe(false);
  expect(optionOf(socketOf(client.transport), 'noDelay')).toBe(true);
  const other = new Recorder();
  yield* createConnection(() => other, HOST, portOf(server), { keepAlive, noDelay: false });
  expect(optionOf(socketOf(other.transport), 'keepIdle')).toBe(30);
  expect(optionOf(socketOf(other.transport), 'noDelay')).toBe(false);
  for (const each of [client, other]) each.transport.close();
  server.close();
  yield* server.waitClosed();
});

check('localAddr: the next one is tried when one cannot be had', function* () {
  const [server] = yield* served();
  const [blocked] = yield* served();
  const client = new Recorder();
  yield* createConnection(() => client, HOST, portOf(server), { localAddr: ['127.0.0.2', 0] });
  expect(socketOf(client.transport).getsockname()[0]).toBe('127.0.0.2');
  client.transport.close();
  const taken = yield* failure((() =>
    createConnection(() => new Recorder(), HOST, portOf(server), {
      localAddr: [HOST, portOf(blocked)],
    })) as never);
  expect(taken).toMatchObject({ code: 'EADDRINUSE' });
  const none = yield* failure((() =>
    createConnection(() => new Recorder(), HOST, portOf(server), {
      localAddr: ['::1', 0],
    })) as never);
  expect(none.message).toBe('no matching local address with family IPv4 found');
  server.close();
  blocked.close();
});

check('allErrors gives each of them, as a group; otherwise they are one', function* (loop) {
  const [server] = yield* served();
  const port = portOf(server);
  server.close();
  yield* server.waitClosed();
  const group = yield* failure((() =>
    createConnection(() => new Recorder(), HOST, port, { allErrors: true })) as never);
  expect(group).toBeInstanceOf(ExceptionGroup);
  expect(group.errors).toEqual([expect.objectContaining({ code: 'ECONNREFUSED', port })]);
  const one = yield* failure((() =>
    loop.createConnection(() => new Recorder(), HOST, port)) as never);
  expect(one.message).toBe(`connect ECONNREFUSED ${HOST}:${port}`);
});

check(
  'several hosts, each once; both families at one port; a port that is shared',
  function* () {
    const make = () => new Recorder();
    const server = yield* createServer(make, [HOST, '::1', HOST], 0);
    const port = portOf(server);
    expect(server.sockets.map((socket) => socket.getsockname())).toEqual([
      [HOST, port],
      ['::1', port],
    ]);
    for (const host of [HOST, '::1']) {
      const client = new Recorder();
      yield* createConnection(() => client, host, port);
      client.transport.close();
    }
    const busy = yield* failure((() => createServer(make, HOST, port)) as never);
    expect(busy).toMatchObject({ code: 'EADDRINUSE', address: HOST, port });
    server.close();

    const shared = yield* createServer(make, HOST, 0, { reusePort: true });
    const twin = yield* createServer(make, HOST, portOf(shared), { reusePort: true });
    expect(portOf(twin)).toBe(portOf(shared));
    shared.close();
    twin.close();

    const dual = yield* createServer(make, '::', 0, { ipv6Only: false });
    const client = new Recorder();
    yield* createConnection(() => client, HOST, portOf(dual));
    client.transport.close();
    dual.close();
    const only = yield* createServer(make, '::', 0);
    const refused = yield* failure((() => createConnection(make, HOST, portOf(only))) as never);
    expect(refused).toMatchObject({ code: 'ECONNREFUSED' });
    only.close();
  },
  ipv6(),
);

check('reuseAddress: a port in TIME_WAIT, with and without', function* () {
  const [server, accepted] = yield* served();
  const port = portOf(server);
  const client = new Recorder();
  yield* createConnection(() => client, HOST, port);
  yield* until(() => accepted[0]?.transport !== undefined);
  // Who closes first is the one whose port waits.
  server.close();
  server.closeClients();
  yield* client.lost;
  yield* server.waitClosed();
  const make = () => new Recorder();
  const error = yield* failure((() =>
    createServer(make, HOST, port, { reuseAddress: false })) as never);
  expect(error).toMatchObject({ code: 'EADDRINUSE' });
  const again = yield* createServer(make, HOST, port);
  again.close();
});

check(
  'closeClients sends what was written, abortClients does not',
  function* () {
    const [server, accepted] = yield* served();
    const clients = [new Recorder(), new Recorder()];
    for (const client of clients) yield* createConnection(() => client, HOST, portOf(server));
    yield* until(
      () => accepted.every((each) => each.transport !== undefined) && accepted.length === 2,
    );
    for (const each of accepted) each.transport.write('last words');
    server.closeClients();
    for (const client of clients) {
      yield* client.lost;
      expect(String(client.received)).toBe('last words');
    }
    expect(server.isServing()).toBe(true);
    const slow = new Recorder();
    yield* createConnection(() => slow, HOST, portOf(server));
    slow.transport.pauseReading();
    yield* until(() => accepted[2]?.transport !== undefined);
    accepted[2]!.transport.write(Buffer.alloc(64 << 20));
    server.abortClients();
    expect(yield* accepted[2]!.lost).toBe(null);
    slow.transport.resumeReading();
    yield* slow.lost;
    expect(slow.received.length).toBeLessThan(64 << 20);
    server.close();
    yield* server.waitClosed();
  },
  descriptors(64),
);

check('options of the socket under a transport and a server, as of a Socket', function* () {
  const [server, accepted] = yield* served();
  const client = new Recorder();
  yield* createConnection(() => client, HOST, portOf(server));
  yield* until(() => accepted[0]?.transport !== undefined);
  const socket = client.transport.getExtraInfo('socket') as TransportSocket;
  socket.setsockopt('keepAlive', true);
  socket.setsockopt('keepIdle', 41);
  expect(optionOf(socket, 'keepIdle')).toBe(41);
  expect(socket.getsockopt('keepAlive')).toBe(true);
  expect(socket.getsockopt('linger')).toBe(null);
  expect(server.sockets[0]!.getsockopt('listening')).toBe(true);
  expect(() => socket.setsockopt('keepalive' as never, true)).toThrow(
    /there is no option 'keepalive'; did you mean 'keepAlive'\?/,
  );
  // What linger 0 is for: the peer hears of an end that is no regular one.
  const dropped = accepted[0]!.transport.getExtraInfo('socket') as TransportSocket;
  dropped.setsockopt('linger', 0);
  accepted[0]!.transport.abort();
  expect(yield* client.lost).toMatchObject({ code: 'ECONNRESET' });
  yield* accepted[0]!.lost;
  for (const ask of [() => dropped.getsockopt('noDelay'), () => dropped.setsockopt('linger', 1)]) {
    expect(thrown(ask)).toMatchObject({ code: 'EBADF' });
  }
  server.close();
});
