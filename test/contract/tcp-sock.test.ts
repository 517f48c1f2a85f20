/** Sockets that are handed over: `connectAcceptedSocket`, `sock:` and socket activation. */
import { spawnSync } from 'node:child_process';
import { createServer as createNodeServer, type Socket as NodeSocket } from 'node:net';
import type { AddressInfo } from 'node:net';

import {
  activatedSockets,
  type Coro,
  createConnection,
  createServer,
  createTask,
  type EventLoop,
  getRunningLoop,
  openConnection,
  promise,
  run,
  Socket,
  type SocketAddress,
  startServer,
} from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { echo, people } from '../tls/tls-support.ts';
import { caught, failure, portOf, Recorder, until } from './tcp-support.ts';

const HOST = '127.0.0.1';

function check(name: string, body: (loop: EventLoop) => Coro<void>): void {
  test(name, () => run(() => body(getRunningLoop())));
}

function bound(): Socket {
  const socket = new Socket();
  socket.bind([HOST, 0]);
  return socket;
}

check('connectAcceptedSocket makes a transport of what sockAccept gives', function* (loop) {
  const server = bound();
  server.listen();
  const [near, far] = yield* pairOver(loop, server);
  const recorder = new Recorder();
  const descriptor = far.fileno();
  const [transport, protocol] = yield* loop.connectAcceptedSocket(() => recorder, far);
  expect(protocol).toBe(recorder);
  expect(far.fileno()).toBe(-1);
  const socket = transport.getExtraInfo('socket') as { fileno(): number };
  expect(socket.fileno()).toBe(descriptor);
  expect(transport.getExtraInfo('peername')).toEqual(near.getsockname());
  yield* loop.sockSendall(near, 'hello');
  expect(String(yield* recorder.atLeast(5))).toBe('hello');
  transport.write('bye');
  transport.close();
  expect(yield* recorder.lost).toBe(null);
  expect(String(yield* loop.sockRecv(near, 9))).toBe('bye');
  expect(yield* loop.sockRecv(near, 9)).toHaveLength(0);
  expect(recorder.events).toEqual(['made', 'data', 'lost']);
  near.close();
  server.close();
});

function* pairOver(loop: EventLoop, server: Socket): Coro<[near: Socket, far: Socket]> {
  const near = new Socket();
  const accepting = loop.sockAccept(server);
  yield* loop.sockConnect(near, server.getsockname());
  const [far] = yield* accepting;
  return [near, far];
}

check('what a cancelled receive has put back comes first', function* (loop) {
  const [one, other] = Socket.pair();
  const late = createTask(function* () {
    yield* loop.sockRecv(other, 5);
  });
  yield;
  loop.addReader(other, () => {
    loop.removeReader(other);
    late.cancel();
  });
  yield* loop.sockSendall(one, 'first and the rest');
  yield* until(() => late.done());
  const recorder = new Recorder();
  yield* loop.connectAcceptedSocket(() => recorder, other);
  expect(String(yield* recorder.atLeast(18))).toBe('first and the rest');
  recorder.transport.close();
  yield* recorder.lost;
  one.close();
});

check('sock: of createConnection and openConnection', function* (loop) {
  const peers: NodeSocket[] = [];
  const node = createNodeServer((socket) => {
    peers.push(socket);
    socket.pipe(socket);
  }).listen(0, HOST);
  yield* promise(new Promise((resolve) => node.once('listening', resolve)));
  const { port } = node.address() as AddressInfo;
  const sock = new Socket();
  yield* loop.sockConnect(sock, [HOST, port]);
  const settings = { keepAlive: { idle: 9, count: 3 }, noDelay: false };
  const recorder = new Recorder();
  const [transport] = yield* createConnection(() => recorder, null, null, { sock, ...settings });
  expect(sock.fileno()).toBe(-1);
  using look = Socket.from((transport.getExtraInfo('socket') as { fileno(): number }).fileno());
  expect(look.getsockopt('keepIdle')).toBe(9);
  expect(look.getsockopt('noDelay')).toBe(false);
  look.detach();
  transport.write('echo');
  expect(String(yield* recorder.atLeast(4))).toBe('echo');
  transport.close();
  yield* recorder.lost;

  const second = new Socket();
  yield* loop.sockConnect(second, [HOST, port]);
  const [reader, writer] = yield* openConnection(null, null, { sock: second });
  writer.write('line\n');
  expect(String(yield* reader.readline())).toBe('line\n');
  writer.close();
  yield* writer.waitClosed();
  node.close();
});

check('sock: of createServer and startServer, one or several', function* (loop) {
  const one = bound();
  const other = bound();
  const { port, second } = {
    port: (one.getsockname() as SocketAddress)[1],
    second: (other.getsockname() as SocketAddress)[1],
  };
  const server = yield* createServer(() => new Recorder(), null, null, {
    sock: [one, other],
    startServing: false,
  });
  expect(server.sockets.map((socket) => socket.getsockname()[1])).toEqual([port, second]);
  expect([one.fileno(), other.fileno()]).toEqual([-1, -1]);
  server._start();
  for (const each of [port, second]) {
    const client = new Socket();
    yield* loop.sockConnect(client, [HOST, each]);
    client.close();
  }
  server.close();
  yield* server.waitClosed();

  const third = bound();
  const streams = yield* startServer(
    function* (reader, writer) {
      writer.write(yield* reader.readline());
      writer.close();
    },
    null,
    null,
    { sock: third },
  );
  const [reader, writer] = yield* openConnection(HOST, portOf(streams));
  writer.write('x\n');
  expect(String(yield* reader.read())).toBe('x\n');
  writer.close();
  streams.close();
});

check('a socket that cannot be taken over stays as it was', function* (loop) {
  const contexts = caught();
  const [one, other] = Socket.pair();
  const boom = () => {
    throw new Error('no protocol');
  };
  for (const make of [
    () => loop.connectAcceptedSocket(boom, one),
    () => createConnection(boom, null, null, { sock: one }),
    () => loop.connectAcceptedSocket(() => ({}) as never, other),
  ]) {
    expect((yield* failure(make as never)).message).toMatch(/no protocol|a protocol must have/);
  }
  expect(one.fileno()).toBeGreaterThan(0);
  const listening = bound();
  const [, far] = Socket.pair();
  const error = yield* failure((() =>
    createServer(() => new Recorder(), null, null, { sock: far })) as never);
  expect(error).toMatchObject({ syscall: 'listen' });
  expect(far.fileno()).toBeGreaterThan(0);
  for (const socket of [one, listening, far]) socket.close();
  expect(contexts).toEqual([]);
});

check('what makes no sense is refused', function* (loop) {
  const stream = bound();
  const datagram = new Socket({ type: 'datagram' });
  const [unix, peer] = Socket.pair();
  const make = () => new Recorder();
  const cases: Array<[() => unknown, string, RegExp]> = [
    [
      () => loop.connectAcceptedSocket(make, {} as never),
      'TypeError',
      /sock: a Socket was expected/,
    ],
    [
      () => loop.connectAcceptedSocket(make, datagram),
      'RangeError',
      /a stream socket was expected/,
    ],
    [() => loop.connectAcceptedSocket(5 as never, stream), 'TypeError', /protocolFactory/],
    [
      () => loop.connectAcceptedSocket(make, stream, { noDelay: true } as never),
      'TypeError',
      /no option 'noDelay'/,
    ],
    [
      () => createConnection(make, HOST, null, { sock: stream }),
      'TypeError',
      /an address and sock/,
    ],
    [() => createConnection(make, null, 0, { sock: stream }), 'TypeError', /an address and sock/],
    [
      () => createConnection(make, null, null, { sock: stream, family: 4 }),
      'TypeError',
      /family and sock cannot be specified at the same time/,
    ],
    [
      () => createConnection(make, null, null, { sock: unix, keepAlive: true }),
      'TypeError',
      /noDelay and keepAlive are of TCP/,
    ],
    [() => createConnection(make, null, null), 'TypeError', /port must be/],
    [() => createServer(make, HOST, 0, { sock: stream }), 'TypeError', /an address and sock/],
    [() => createServer(make, null, null, { sock: [] }), 'RangeError', /the list is empty/],
    [
      () => createServer(make, null, null, { sock: stream, reusePort: true }),
      'TypeError',
      /reusePort and sock/,
    ],
    [() => createServer(make, null, null), 'TypeError', /port must be/],
    [
      () => createConnection(make, HOST, 1, { keepAlive: { idle: 0 } }),
      'RangeError',
      /keepAlive.idle must be from 1 to 32767 seconds/,
    ],
    [
      () => createConnection(make, HOST, 1, { keepAlive: { count: 1.5 } }),
      'RangeError',
      /keepAlive.count/,
    ],
    [
      () => createConnection(make, HOST, 1, { keepAlive: { idel: 1 } as never }),
      'TypeError',
      /did you mean 'idle'/,
    ],
    [
      () => createServer(make, HOST, 0, { keepAlive: 'on' as never }),
      'TypeError',
      /keepAlive must/,
    ],
    [() => createServer(make, HOST, 0, { noDelay: 1 as never }), 'TypeError', /noDelay must/],
  ];
  for (const [call, name, message] of cases) {
    const error = yield* failure(function* () {
      call();
    });
    expect(error).toMatchObject({ name });
    expect(error.message).toMatch(message);
  }
  stream.close();
  const closed = yield* failure(function* () {
    void loop.connectAcceptedSocket(make, stream);
  });
  expect(closed).toMatchObject({ code: 'EBADF' });
  for (const socket of [datagram, unix, peer]) socket.close();
});

test('simulated time takes no sockets of the system', () =>
  runVirtual(function* () {
    const loop = getRunningLoop();
    const [one, other] = Socket.pair();
    const listening = bound();
    for (const make of [
      () => loop.connectAcceptedSocket(() => new Recorder(), one),
      () => loop.createServer(() => new Recorder(), null, null, { sock: listening }),
    ]) {
      expect((yield* failure(make as never)).message).toMatch(/virtual time/);
    }
    for (const socket of [one, other, listening]) socket.close();
  }));

check('TLS over sockets that are handed over, at both ends', function* (loop) {
  const who = yield* promise(people());
  const sock = bound();
  const place = sock.getsockname();
  const server = yield* startServer(echo, null, null, { sock, tls: who.mine });
  const client = new Socket();
  yield* loop.sockConnect(client, place);
  const other = new Socket();
  yield* loop.sockConnect(other, place);
  expect(() => openConnection(null, null, { sock: client, tls: who.trust })).toThrow(
    /with tls and sock, servername is needed/,
  );
  const tls = { tls: who.trust, servername: 'localhost' };
  const [reader, writer] = yield* openConnection(null, null, { sock: client, ...tls });
  writer.write('secret');
  writer.writeEof();
  expect(String(yield* reader.read())).toBe('secret');
  writer.close();
  yield* writer.waitClosed();
  const wrong = yield* failure((() =>
    openConnection(null, null, { sock: other, ...tls, servername: 'elsewhere' })) as never);
  expect(wrong).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  expect(other.fileno()).toBe(-1);
  server.close();
  yield* server.waitClosed();
});

/** Runs a program with the socket as its descriptor 3, as systemd does it. */
function activated(environment: Record<string, string>, program: string, fds: number[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe', ...fds],
    encoding: 'utf8',
  });
  return stdout + stderr;
}

const TAKES = `
  import { activatedSockets } from ${JSON.stringify(import.meta.resolve('oxbow'))};
  if (process.env.LISTEN_PID === 'own') process.env.LISTEN_PID = String(process.pid);
  try {
    const sockets = activatedSockets();
    console.log(JSON.stringify(sockets.map((each) => [each.name, each.fileno(), each.type])));
    console.log(activatedSockets().length, process.env.LISTEN_FDS);
  } catch (error) {
    console.log(error.name, error.code, error.message);
  }
`;

test('activatedSockets gives the sockets that the process was started with', () => {
  const stream = bound();
  const datagram = new Socket({ type: 'datagram' });
  const fds = [stream.fileno(), datagram.fileno()];
  expect(
    activated({ LISTEN_PID: 'own', LISTEN_FDS: '2', LISTEN_FDNAMES: 'web:' }, TAKES, fds),
  ).toBe('[["web",3,"stream"],["unknown",4,"datagram"]]\n0 undefined\n');
  expect(activated({ LISTEN_PID: '1', LISTEN_FDS: '2' }, TAKES, fds)).toBe('[]\n0 2\n');
  expect(activated({ LISTEN_PID: 'own', LISTEN_FDS: 'two' }, TAKES, fds)).toBe(
    "RangeError undefined LISTEN_FDS must be a number of descriptors, not 'two'\n",
  );
  expect(activated({ LISTEN_PID: 'own', LISTEN_FDS: '2' }, TAKES, [fds[0]!, 1])).toMatch(
    /^Error ENOTSOCK .* \(descriptor 4 of LISTEN_FDS=2\)\n$/,
  );
  expect(activatedSockets()).toEqual([]);
  stream.close();
  datagram.close();
});
