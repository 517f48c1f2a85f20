/** `loop.sock*`: asyncio's calls on sockets of one's own, real ones. */
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  type Coro,
  createTask,
  type EventLoop,
  gather,
  getRunningLoop,
  promise,
  run,
  sleep,
  Socket,
  type SocketAddress,
  waitFor,
} from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { failure, until } from './tcp-support.ts';

const HOST = '127.0.0.1';

/** Both lanes, where that makes a difference: the generator lane here, `async` below. */
function check(name: string, body: (loop: EventLoop) => Coro<void>): void {
  test(name, () => run(() => body(getRunningLoop())));
}

/** A listening socket, and its address. */
function listener(): [Socket, SocketAddress] {
  const socket = new Socket();
  socket.setsockopt('reuseAddress', true);
  socket.bind([HOST, 0]);
  socket.listen();
  return [socket, socket.getsockname() as SocketAddress];
}

/** Two connected sockets of TCP. */
function* connected(loop: EventLoop): Coro<[Socket, Socket]> {
  const [server, address] = listener();
  const client = new Socket();
  const [[accepted, from]] = yield* gather(
    loop.sockAccept(server),
    loop.sockConnect(client, address),
  );
  expect(from).toEqual(client.getsockname());
  expect(accepted.getpeername()).toEqual(client.getsockname());
  server.close();
  return [client, accepted];
}

/**
 * Writes until the socket takes no more. Of Unix sockets, where the kernel moves nothing by itself.
 * @returns how many bytes it took
 */
function* fill(loop: EventLoop, socket: Socket): Coro<number> {
  let sent = 0;
  for (const size of [65536, 1]) {
    for (;;) {
      const sending = loop.sockSendall(socket, Buffer.alloc(size));
      // The turn's share of what is done at once may be used up.
      for (let n = 0; n < 3 && !sending.done(); n++) yield;
      sent += sending.bytesSent;
      if (sending.done()) continue;
      sending.cancel();
      break;
    }
  }
  return sent;
}

check('connect, accept, send and receive over TCP', function* (loop) {
  const [client, server] = yield* connected(loop);
  const receiving = loop.sockRecv(server, 100);
  expect(receiving.done()).toBe(false);
  yield* loop.sockSendall(client, 'hellö');
  expect(String(yield* receiving)).toBe('hellö');
  yield* loop.sockSendall(server, new Uint8Array([1, 2, 3]));
  yield* sleep(0);
  const into = Buffer.alloc(2);
  expect(yield* loop.sockRecvInto(client, into)).toBe(2);
  expect([...into]).toEqual([1, 2]);
  expect([...(yield* loop.sockRecv(client, 2))]).toEqual([3]);
  server.shutdown('write');
  expect(yield* loop.sockRecv(client, 10)).toHaveLength(0);
  expect(yield* loop.sockRecv(client, 0)).toHaveLength(0);
  client.close();
  expect(yield* loop.sockRecv(server, 10)).toHaveLength(0);
  server.close();
});

test('the same in the async lane', () =>
  run(async () => {
    const loop = getRunningLoop();
    const [server, address] = listener();
    const client = new Socket();
    const accepting = loop.sockAccept(server);
    await loop.sockConnect(client, address);
    const [peer] = await accepting;
    const receiving = loop.sockRecv(peer, 10);
    await loop.sockSendall(client, 'abc');
    expect(String(await receiving)).toBe('abc');
    const task = createTask(async () => await loop.sockRecv(peer, 10));
    await sleep(0);
    task.cancel('enough');
    await expect(task).rejects.toMatchObject({ name: 'CancelledError' });
    await loop.sockSendall(client, 'def');
    expect(String(await loop.sockRecv(peer, 10))).toBe('def');
    for (const socket of [server, client, peer]) socket.close();
  }));

check('names are looked up, and the error of a connect names the address', function* (loop) {
  const [server, [, port]] = listener();
  const client = new Socket();
  yield* loop.sockConnect(client, ['localhost', port]);
  client.close();
  server.close();
  const other = new Socket();
  const error = yield* failure(
    () => loop.sockConnect(other, [HOST, port]) as unknown as Coro<void>,
  );
  expect(error).toMatchObject({
    code: 'ECONNREFUSED',
    syscall: 'connect',
    address: HOST,
    port,
    message: `connect ECONNREFUSED ${HOST}:${port}`,
  });
  other.close();
});

check('a Node server is a peer like any other', function* (loop) {
  const server = createServer((socket) => socket.pipe(socket)).listen(0, HOST);
  yield* promise(new Promise((resolve) => server.once('listening', resolve)));
  const client = new Socket();
  yield* loop.sockConnect(client, [HOST, (server.address() as AddressInfo).port]);
  const data = Buffer.alloc(300_000, 'x');
  const sending = loop.sockSendall(client, data);
  let size = 0;
  while (size < data.length) size += (yield* loop.sockRecv(client, 100_000)).length;
  yield* sending;
  client.close();
  server.close();
});

check('datagrams: sockSendto, sockRecvfrom and sockRecvfromInto', function* (loop) {
  const one = new Socket({ type: 'datagram' });
  const two = new Socket({ type: 'datagram' });
  one.bind([HOST, 0]);
  two.bind([HOST, 0]);
  const place = two.getsockname() as SocketAddress;
  const receiving = loop.sockRecvfrom(two, 100);
  expect(yield* loop.sockSendto(one, 'ping', place)).toBe(4);
  const [data, from] = yield* receiving;
  expect([String(data), from]).toEqual(['ping', one.getsockname()]);
  expect(yield* loop.sockSendto(one, '', ['localhost', place[1]])).toBe(0);
  expect((yield* loop.sockRecvfrom(two, 100))[0]).toHaveLength(0);
  yield* loop.sockSendto(one, 'four', place);
  const into = Buffer.alloc(8, '.');
  expect(yield* loop.sockRecvfromInto(two, into, 2)).toEqual([2, one.getsockname()]);
  expect(String(into)).toBe('fo......');
  expect(() => loop.sockRecvfromInto(two, into, 9)).toThrow(/count is 9, and there is room for 8/);
  one.close();
  two.close();
});

check('a cancelled datagram is whole again for the next', function* (loop) {
  const one = new Socket({ type: 'datagram' });
  const two = new Socket({ type: 'datagram' });
  two.bind([HOST, 0]);
  const place = two.getsockname() as SocketAddress;
  const late = createTask(function* () {
    return yield* loop.sockRecvfrom(two, 100);
  });
  yield;
  const arrived = arrives(loop, two);
  yield* loop.sockSendto(one, 'whole', place);
  yield* arrived;
  late.cancel();
  yield* failure(() => late as unknown as Coro<void>);
  expect(late.cancelled()).toBe(true);
  const [data, from] = yield* loop.sockRecvfrom(two, 100);
  expect(String(data)).toBe('whole');
  expect((from as SocketAddress)[1]).toBe((one.getsockname() as SocketAddress)[1]);
  one.close();
  two.close();
});

/** Done in the very turn in which a socket is told to be readable, behind those who wait for it. */
function* arrives(loop: EventLoop, socket: Socket): Coro<void> {
  let seen = false;
  loop.addReader(socket, () => {
    seen = true;
    loop.removeReader(socket);
  });
  yield* until(() => seen);
}

check('a receive that is cancelled at the last moment loses no byte', function* (loop) {
  const [client, server] = yield* connected(loop);
  for (const cancelInto of [false, true]) {
    const into = Buffer.alloc(100);
    let taken: Buffer | null = null;
    const late = createTask(function* () {
      if (cancelInto) yield* loop.sockRecvInto(server, into);
      else taken = yield* loop.sockRecv(server, 100);
    });
    yield;
    // The bytes come, the wait is over; its task has not gone on yet, when it is cancelled.
    let cancelled = false;
    loop.addReader(server, () => {
      loop.removeReader(server);
      cancelled = late.cancel();
    });
    yield* loop.sockSendall(client, 'precious');
    yield* until(() => late.done());
    expect([cancelled, late.cancelled(), taken]).toEqual([true, true, null]);
    expect(String(yield* loop.sockRecv(server, 3))).toBe('pre');
    const rest = Buffer.alloc(10);
    expect(yield* loop.sockRecvInto(server, rest)).toBe(5);
    expect(String(rest.subarray(0, 5))).toBe('cious');
  }
  client.close();
  server.close();
});

check('an accept that is cancelled at the last moment loses no connection', function* (loop) {
  const [server, address] = listener();
  const late = createTask(function* () {
    return yield* loop.sockAccept(server);
  });
  yield;
  loop.addReader(server, () => {
    loop.removeReader(server);
    late.cancel();
  });
  const client = new Socket();
  yield* loop.sockConnect(client, address);
  yield* until(() => late.done());
  expect(late.cancelled()).toBe(true);
  const [accepted, from] = yield* loop.sockAccept(server);
  expect(from).toEqual(client.getsockname());
  for (const socket of [accepted, client, server]) socket.close();
});

check('sockSendall tells how far it came when it is cancelled, aborted or fails', function* (loop) {
  const [client, server] = Socket.pair();
  const data = Buffer.alloc(8 << 20, 'x');
  const sending = loop.sockSendall(client, data);
  yield;
  const { bytesSent } = sending;
  expect(bytesSent).toBeGreaterThan(0);
  expect(bytesSent).toBeLessThan(data.length);
  sending.cancel();
  expect(yield* failure(() => sending as unknown as Coro<void>)).toMatchObject({
    name: 'CancelledError',
    bytesSent,
  });
  yield* fill(loop, client);

  const controller = new AbortController();
  const second = loop.sockSendall(client, 'never', { signal: controller.signal });
  controller.abort();
  expect(yield* failure(() => second as unknown as Coro<void>)).toMatchObject({
    name: 'AbortError',
    bytesSent: 0,
  });

  const third = loop.sockSendall(client, data);
  while (third.bytesSent === 0) {
    yield* loop.sockRecv(server, 65536);
    yield;
  }
  server.close();
  const error = yield* failure(() => third as unknown as Coro<void>);
  expect(['ECONNRESET', 'EPIPE']).toContain(error.code);
  expect(error.bytesSent).toBe(third.bytesSent);
  expect(error.bytesSent).toBeLessThan(data.length);
  client.close();
});

check(
  'racing: a send right after a cancelled one sends in order, and only its own',
  function* (loop) {
    const [client, server] = Socket.pair();
    const filled = yield* fill(loop, client);
    const first = createTask(function* () {
      yield* loop.sockSendall(client, 'hello');
    });
    yield;
    first.cancel();
    const second = loop.sockSendall(client, 'world');
    let received = 0;
    let last = '';
    while (received < filled + 5) {
      const data = yield* loop.sockRecv(server, 65536);
      received += data.length;
      last = (last + data.toString('latin1', Math.max(0, data.length - 5))).slice(-5);
    }
    yield* second;
    expect(last).toBe('world');
    expect(received).toBe(filled + 5);
    client.close();
    server.close();
  },
);

check('racing: a connect after a cancelled one', function* (loop) {
  const [server, address] = listener();
  const client = new Socket();
  const first = createTask(function* () {
    yield* loop.sockConnect(client, address);
  });
  yield;
  first.cancel();
  yield* loop.sockConnect(client, address);
  expect(client.getpeername()).toEqual(address);
  client.close();
  server.close();
});

check('several receives of one socket are served in their order', function* (loop) {
  const [client, server] = yield* connected(loop);
  const got: string[] = [];
  const tasks = [1, 2, 3].map((n) =>
    createTask(function* () {
      got.push(`${n} ${String(yield* loop.sockRecv(server, 2))}`);
    }),
  );
  yield;
  tasks[1]!.cancel();
  yield* loop.sockSendall(client, 'abcd');
  yield* gather([tasks[0]!, tasks[2]!]);
  expect(got).toEqual(['1 ab', '3 cd']);
  client.close();
  server.close();
});

check('a callback of addReader and a receive do not disturb each other', function* (loop) {
  const [client, server] = yield* connected(loop);
  let calls = 0;
  loop.addReader(server, () => void calls++);
  const receiving = loop.sockRecv(server, 1);
  yield* loop.sockSendall(client, 'ab');
  expect(String(yield* receiving)).toBe('a');
  yield* until(() => calls > 2);
  expect(String(yield* loop.sockRecv(server, 1))).toBe('b');
  expect(loop.removeReader(server)).toBe(true);
  expect(loop.removeReader(server.fileno())).toBe(false);
  client.close();
  server.close();
});

check('closing a socket ends what waits for it', function* (loop) {
  const [client, server] = yield* connected(loop);
  const receiving = loop.sockRecv(server, 1);
  const also = loop.sockRecvInto(server, Buffer.alloc(1));
  server.close();
  const error = { code: 'EBADF', syscall: 'recv', message: 'recv EBADF: the socket is closed' };
  expect(yield* failure(() => receiving as unknown as Coro<void>)).toMatchObject(error);
  expect(yield* failure(() => also as unknown as Coro<void>)).toMatchObject(error);
  const later = loop.sockRecv(server, 1);
  expect(yield* failure(() => later as unknown as Coro<void>)).toMatchObject(error);
  // The number is free: whoever gets it next is no business of the closed one.
  const [one, other] = yield* connected(loop);
  yield* loop.sockSendall(one, 'x');
  expect(String(yield* loop.sockRecv(other, 1))).toBe('x');
  for (const socket of [client, one, other]) socket.close();
});

check('a peer that is always ready starves nobody', function* (loop) {
  const [one, other] = Socket.pair();
  yield* loop.sockSendall(one, Buffer.alloc(8192));
  let turns = 0;
  const counting = createTask(function* () {
    for (;;) {
      turns++;
      yield;
    }
  });
  for (let n = 0; n < 8192; n++) yield* loop.sockRecv(other, 1);
  expect(turns).toBeGreaterThan(50);
  counting.cancel();
  one.close();
  other.close();
});

check('a time limit around a receive', function* (loop) {
  const [one, other] = Socket.pair();
  const error = yield* failure(
    () => waitFor(loop.sockRecv(other, 1), 0.001) as unknown as Coro<void>,
  );
  expect(error.name).toBe('TimeoutError');
  yield* loop.sockSendall(one, 'x');
  expect(String(yield* loop.sockRecv(other, 9))).toBe('x');
  const signal = AbortSignal.abort('why');
  for (const call of [
    () => loop.sockRecv(other, 1, { signal }),
    () => loop.sockRecvInto(other, Buffer.alloc(1), { signal }),
    () => loop.sockRecvfrom(other, 1, { signal }),
    () => loop.sockRecvfromInto(other, Buffer.alloc(1), 0, { signal }),
    () => loop.sockSendall(one, 'no', { signal }),
    () => loop.sockSendto(one, 'no', '/nowhere', { signal }),
    () => loop.sockConnect(one, '/nowhere', { signal }),
    () => loop.sockAccept(one, { signal }),
  ]) {
    expect(yield* failure(call as unknown as () => Coro<void>)).toMatchObject({
      code: 'ABORT_ERR',
      cause: 'why',
    });
  }
  one.close();
  other.close();
});

check('Unix sockets by path', function* (loop) {
  const path = join(tmpdir(), `oxbow-sock-${process.pid}`);
  rmSync(path, { force: true });
  const server = new Socket({ family: 'unix' });
  server.bind(path);
  server.listen(1);
  const client = new Socket({ family: 'unix' });
  const [[accepted, from]] = yield* gather(loop.sockAccept(server), loop.sockConnect(client, path));
  expect([from, client.getpeername(), server.getsockname()]).toEqual(['', path, path]);
  yield* loop.sockSendall(accepted, 'near');
  expect(String(yield* loop.sockRecv(client, 9))).toBe('near');
  for (const socket of [server, client, accepted]) socket.close();
  rmSync(path);
});

check('bad arguments', function* (loop) {
  const [one, other] = Socket.pair();
  expect(() => loop.sockRecv({} as never, 1)).toThrow(/^sockRecv\(\): a Socket was expected/);
  expect(() => loop.sockRecv(5 as never, 1)).toThrow(TypeError);
  expect(() => loop.sockRecv(one, -1)).toThrow(RangeError);
  expect(() => loop.sockRecv(one, 1.5)).toThrow(RangeError);
  expect(() => loop.sockRecv(one, '1' as never)).toThrow(RangeError);
  expect(() => loop.sockRecvInto(one, 'x' as never)).toThrow(/a Buffer or another view/);
  expect(() => loop.sockRecvInto(one, new ArrayBuffer(1) as never)).toThrow(TypeError);
  expect(() => loop.sockSendall(one, 5 as never)).toThrow(TypeError);
  expect(() => loop.sockSendto(one, 'x', [HOST, 1])).toThrow(/is its path/);
  expect(() => loop.sockConnect(one, undefined as never)).toThrow(/is its path/);
  expect(() => loop.sockRecv(one, 1, { sgnal: 1 } as never)).toThrow(/did you mean 'signal'/);
  const tcp = new Socket();
  expect(() => loop.sockConnect(tcp, '127.0.0.1:80')).toThrow(/an address is \[host, port\]/);
  expect(() => loop.sockConnect(tcp, [HOST, 65536])).toThrow(RangeError);
  expect(() => loop.sockConnect(tcp, [HOST] as never)).toThrow(TypeError);
  expect(() => loop.sockConnect(tcp, [5, 80] as never)).toThrow(TypeError);
  tcp.close();
  const gone = new Uint8Array(new ArrayBuffer(8));
  structuredClone(gone.buffer, { transfer: [gone.buffer] });
  yield* loop.sockSendall(one, gone);
  one.close();
  other.close();
});

test('in simulated time, sockets of the system are there as ever', () =>
  runVirtual(function* () {
    const loop = getRunningLoop();
    const [one, other] = Socket.pair();
    const receiving = loop.sockRecv(other, 9);
    yield;
    yield* loop.sockSendall(one, 'real');
    expect(String(yield* receiving)).toBe('real');
    one.close();
    other.close();
  }));
