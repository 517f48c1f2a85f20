/** Datagrams between Unix sockets: paths, names, no names, and receivers that have no room. */
import { existsSync, lstatSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  type Coro,
  createDatagramEndpoint,
  type DatagramEndpoint,
  DatagramProtocol,
  type DatagramTransport,
  type EventLoop,
  getRunningLoop,
  openDatagram,
  run,
  Socket,
} from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { testWith } from '../support/needs.ts';
import { until } from './tcp-support.ts';
import { rejection } from './udp-support.ts';

type Body = (folder: string, loop: EventLoop) => Coro<void>;

function within(body: Body): () => Promise<void> {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), 'oxbow-'));
    try {
      await run(() => body(folder, getRunningLoop()));
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}

const check = (name: string, body: Body): void => void test(name, within(body));
const onLinux = testWith(process.platform === 'linux' ? undefined : 'abstract names are of Linux');

class Log extends DatagramProtocol<string> {
  readonly got: Array<[text: string, address: string]> = [];
  readonly errors: string[] = [];
  lost: unknown = undefined;

  override datagramReceived(data: Buffer, address: string): void {
    this.got.push([String(data), address]);
  }

  override errorReceived(error: Error): void {
    this.errors.push((error as NodeJS.ErrnoException).code ?? String(error));
  }

  override connectionLost(error: unknown): void {
    this.lost = error;
  }
}

const datagrams = (...args: Parameters<typeof openDatagram>) => openDatagram<string>(...args);

function* closed(...endpoints: Array<DatagramEndpoint<any>>): Coro<void> {
  for (const endpoint of endpoints) endpoint.close();
  for (const endpoint of endpoints) yield* endpoint.waitClosed();
}

check('both ends have paths: send, receive, and answer', function* (folder) {
  const [here, there] = [join(folder, 'here'), join(folder, 'there')];
  const far = yield* datagrams({ localAddr: there });
  const near = yield* datagrams({ localAddr: here, remoteAddr: there });
  expect([far.address, near.address]).toEqual([there, here]);
  expect(near.transport.getExtraInfo('peername')).toBe(there);
  expect(String(near.transport)).toBe(`<DatagramTransport open ${here}>`);
  near.send('ping');
  near.send('');
  near.send(Buffer.alloc(65_535, 1));
  const first = yield* far.receive();
  expect([String(first.data), first.address]).toEqual(['ping', here]);
  expect((yield* far.receive()).data).toHaveLength(0);
  expect((yield* far.receive()).data.equals(Buffer.alloc(65_535, 1))).toBe(true);
  far.send('pong', first.address);
  expect(String((yield* near.receive()).data)).toBe('pong');
  yield* closed(near, far);
  expect(existsSync(here) || existsSync(there)).toBe(false);
});

check('who has no path cannot be answered, and family says that it is one', function* (folder) {
  const far = yield* datagrams({ localAddr: join(folder, 'far') });
  const near = yield* datagrams({ family: 'unix' });
  expect(near.address).toBe('');
  near.send('hello', join(folder, 'far'));
  const { data, address } = yield* far.receive();
  expect([String(data), address]).toEqual(['hello', '']);
  expect(() => far.send('back', address)).toThrow(
    "address: that of a Unix socket is its path, not ''",
  );
  yield* closed(near, far);
});

onLinux(
  'abstract names leave no file',
  within(function* () {
    const name = `\0oxbow-${process.pid}-datagrams`;
    const far = yield* datagrams({ localAddr: name });
    const near = yield* datagrams({ localAddr: `${name}-2`, remoteAddr: name });
    near.send('é');
    const { data, address } = yield* far.receive();
    expect([String(data), address]).toEqual(['é', `${name}-2`]);
    expect(String(far)).toBe(`<DatagramEndpoint open ${name.replace('\0', '@')}>`);
    yield* closed(near, far);
  }),
);

check('a socket that stands there is replaced, and no other file', function* (folder) {
  const path = join(folder, 'socket');
  const old = new Socket({ family: 'unix', type: 'datagram' });
  old.bind(path);
  old.close();
  const before = lstatSync(path).ino;
  const far = yield* datagrams({ localAddr: path, cleanupSocket: false });
  const near = yield* datagrams({ remoteAddr: path });
  near.send('new');
  expect(String((yield* far.receive()).data)).toBe('new');
  yield* closed(far, near);
  expect(existsSync(path)).toBe(true);
  expect(before).toBeGreaterThan(0);

  const file = join(folder, 'file');
  writeFileSync(file, 'precious');
  expect(yield* rejection(() => datagrams({ localAddr: file }))).toMatchObject({
    code: 'EADDRINUSE',
    syscall: 'bind',
  });
  expect(existsSync(file)).toBe(true);
});

check('the file of a later socket stays', function* (folder) {
  const path = join(folder, 'socket');
  const first = yield* datagrams({ localAddr: path });
  const second = yield* datagrams({ localAddr: path });
  yield* closed(first);
  expect(existsSync(path)).toBe(true);
  yield* closed(second);
  expect(existsSync(path)).toBe(false);
});

check('nobody there is an error of the call, and leaves no file', function* (folder) {
  const local = join(folder, 'local');
  const options = { localAddr: local, remoteAddr: join(folder, 'nobody') };
  expect(yield* rejection(() => datagrams(options))).toMatchObject({
    code: 'ENOENT',
    syscall: 'connect',
  });
  expect(existsSync(local)).toBe(false);
  const failing = createDatagramEndpoint(
    () => {
      throw new Error('no protocol');
    },
    { localAddr: local },
  );
  expect(String(yield* rejection(() => failing))).toBe('Error: no protocol');
  expect(existsSync(local)).toBe(false);
});

check(
  'what cannot be sent is told to errorReceived, and the transport goes on',
  function* (folder) {
    const [transport, log] = yield* createDatagramEndpoint(() => new Log(), {
      localAddr: join(folder, 'me'),
    });
    transport.sendto('lost', join(folder, 'nobody'));
    yield* until(() => log.errors.length === 1);
    transport.sendto(Buffer.alloc(65_536), join(folder, 'me'));
    transport.sendto(Buffer.alloc(8 * 1024 * 1024), join(folder, 'me'));
    yield* until(() => log.errors.length === 3);
    expect(log.errors).toEqual(['ENOENT', 'EMSGSIZE', 'EMSGSIZE']);
    transport.sendto('to myself', join(folder, 'me'));
    yield* until(() => log.got.length === 1);
    expect(log.got).toEqual([['to myself', join(folder, 'me')]]);
    transport.close();
    yield* until(() => log.lost !== undefined);
  },
);

check('a longer datagram than ours is told as an error, and not in part', function* (folder, loop) {
  const path = join(folder, 'far');
  const [transport, log] = yield* createDatagramEndpoint(() => new Log(), { localAddr: path });
  const other = new Socket({ family: 'unix', type: 'datagram' });
  const text = Buffer.alloc(65_536, 'x');
  for (const data of ['before', text, 'after']) yield* loop.sockSendto(other, data, path);
  yield* until(() => log.got.length === 2 && log.errors.length === 1);
  expect([log.got.map(([each]) => each), log.errors]).toEqual([['before', 'after'], ['EMSGSIZE']]);
  other.close();
  transport.close();
});

// Linux tells a socket that is not connected nothing about room at the receiver's.
check('a full receiver holds up who sends to it, and loses nothing', function* (folder, loop) {
  const path = join(folder, 'slow');
  const slow = new Socket({ family: 'unix', type: 'datagram' });
  slow.bind(path);
  const near = yield* datagrams({ family: 'unix' });
  const other = yield* datagrams({ family: 'unix' });
  const COUNT = 200;
  // The other one fills the queue, so none of what is in there is near's.
  for (let n = 0; n < COUNT; n++) other.send(`other ${n}`, path);
  yield;
  expect(other.transport.getWriteBufferSize()).toBeGreaterThan(0);
  for (let n = 0; n < COUNT; n++) near.send(`near ${n}`, path);
  // All that the system has to tell of near comes before this, and it tells it once.
  const [one, two] = Socket.pair();
  for (let n = 0; n < 3; n++) {
    const waiting = loop.sockRecv(two, 1);
    yield;
    yield* loop.sockSendall(one, '.');
    yield* waiting;
  }
  one.close();
  two.close();
  const [, log] = yield* createDatagramEndpoint(() => new Log(), { sock: slow });
  yield* until(() => log.got.length === 2 * COUNT);
  for (const who of ['near', 'other']) {
    const texts = log.got.map(([text]) => text).filter((text) => text.startsWith(who));
    expect(texts).toEqual(Array.from({ length: COUNT }, (_, n) => `${who} ${n}`));
  }
  expect([near.transport.getWriteBufferSize(), near.transport.isClosing()]).toEqual([0, false]);
  yield* closed(near, other);
});

check('close sends what waits', function* (folder, loop) {
  const path = join(folder, 'slow');
  const slow = new Socket({ family: 'unix', type: 'datagram' });
  slow.bind(path);
  const near = yield* datagrams({ family: 'unix' });
  for (let n = 0; n < 1000; n++) near.send(String(n), path);
  near.close();
  for (let n = 0; n < 1000; n++) expect(String(yield* loop.sockRecv(slow, 9))).toBe(String(n));
  yield* near.waitClosed();
  slow.close();
});

check('descriptors that somebody sends along are not kept', function* (folder, loop) {
  const path = join(folder, 'far');
  const far = yield* datagrams({ localAddr: path });
  const near = new Socket({ family: 'unix', type: 'datagram' });
  const [kept, sent] = Socket.pair();
  yield* loop.sendFds(near, 'take this', [sent.fileno()], { address: path });
  expect(String((yield* far.receive()).data)).toBe('take this');
  sent.close();
  // The only other one would be the receiver's.
  expect(yield* loop.sockRecv(kept, 1)).toHaveLength(0);
  near.close();
  yield* closed(far);
});

describe('options and addresses', () => {
  check('what does not go together is refused', function* (folder) {
    const path = join(folder, 'socket');
    const refused: Array<[options: any, message: string]> = [
      [{ localAddr: path, family: 4 }, 'family is 4, and an address is a path'],
      [{ localAddr: path, remoteAddr: ['127.0.0.1', 9] }, 'path must be a string'],
      [{ localAddr: ['127.0.0.1', 9], family: 'unix' }, 'path must be a string'],
      [{ localAddr: '', family: 'unix' }, 'path is empty'],
      [{ localAddr: 'name' }, "localAddr must be [host, port], or a path with family 'unix'"],
      [{ localAddr: '/a\0b' }, 'has a NUL that is not at its beginning'],
      [{ localAddr: path, broadcast: true }, 'broadcast and a Unix socket cannot be specified'],
      [{ localAddr: path, multicast: {} }, 'multicast and a Unix socket cannot be specified'],
      [{ localAddr: path, reusePort: false }, 'reusePort and a Unix socket cannot be specified'],
      [{ localAddr: ['127.0.0.1', 0], cleanupSocket: true }, 'cleanupSocket and the address of'],
      [{ family: 'ipx' }, 'family must be 0, 4 or 6'],
    ];
    for (const [options, message] of refused) {
      expect(() => openDatagram(options)).toThrow(message);
      expect(() => createDatagramEndpoint(() => new Log(), options)).toThrow(message);
    }
    const long = join(folder, 'x'.repeat(200));
    const error = yield* rejection(() => openDatagram({ localAddr: long }));
    expect(error).toMatchObject({ code: 'ENAMETOOLONG' });
    expect(error.message).toContain('about 100 bytes at most');
  });

  check('addresses are those of the socket', function* (folder) {
    const far = yield* datagrams({ localAddr: join(folder, 'far') });
    const near = (yield* datagrams({ family: 'unix' })) as DatagramEndpoint<any>;
    expect(() => near.send('x')).toThrow('an address is needed');
    expect(() => near.send('x', ['127.0.0.1', 9])).toThrow('that of a Unix socket is its path');
    expect(() => near.send('x', 'y'.repeat(200))).toThrow('about 100 bytes at most');
    const udp = (yield* openDatagram({ family: 4 })) as DatagramEndpoint<any>;
    expect(() => udp.send('x', '/some/path')).toThrow('address must be [host, port]');
    const one = (yield* datagrams({ remoteAddr: join(folder, 'far') })) as DatagramEndpoint<any>;
    expect(() => one.send('x', join(folder, 'other'))).toThrow('Invalid address: must be null or');
    one.send('fine', join(folder, 'far'));
    expect(String((yield* far.receive()).data)).toBe('fine');
    yield* closed(far, near, udp, one);
  });

  test('in virtual time there are none', async () => {
    const tried = (options: any): Promise<unknown> =>
      runVirtual(function* () {
        return String(yield* rejection(() => openDatagram(options)));
      });
    const path = join(tmpdir(), `oxbow-${process.pid}-virtual`);
    expect(await tried({ localAddr: path })).toContain('virtual time has no Unix sockets');
    expect(existsSync(path)).toBe(false);
    const sock = new Socket({ family: 'unix', type: 'datagram' });
    expect(await tried({ sock })).toContain('virtual time has no sockets of the system');
    expect(sock.fileno()).toBeGreaterThan(0);
    sock.close();
  });
});

describe('sock', () => {
  check('a bound socket of UDP, with what it has put back', function* (_, loop) {
    const sock = new Socket({ type: 'datagram' });
    sock.bind(['127.0.0.1', 0]);
    const place = sock.getsockname() as readonly [string, number];
    const near = yield* openDatagram({ remoteAddr: place });
    const waiting = loop.sockRecvfrom(sock, 100);
    loop.addReader(sock, () => {
      loop.removeReader(sock);
      waiting.cancel();
    });
    near.send('first');
    near.send('second');
    yield* rejection(() => waiting);
    const far = yield* openDatagram({ sock });
    expect([far.address, sock.fileno()]).toEqual([place, -1]);
    for (const text of ['first', 'second']) {
      const { data, address } = yield* far.receive();
      expect([String(data), address]).toEqual([text, near.address]);
    }
    far.send('answer', near.address);
    expect(String((yield* near.receive()).data)).toBe('answer');
    yield* closed(near, far);
  });

  check('connected ones need no address', function* () {
    const [one, other] = Socket.pair({ type: 'datagram' });
    const near = yield* datagrams({ sock: one });
    const far = yield* datagrams({ sock: other });
    near.send('through the pair');
    expect(String((yield* far.receive()).data)).toBe('through the pair');
    yield* closed(near, far);
  });

  check('other kinds, and others besides, are refused', function* (_, loop) {
    const stream = new Socket();
    const taken = new Socket({ type: 'datagram' });
    taken.bind(['127.0.0.1', 0]);
    const make = (options: any) => (): unknown =>
      loop.createDatagramEndpoint(() => new Log(), options);
    expect(make({ sock: stream })).toThrow('a datagram socket was expected, not <Socket');
    expect(make({ sock: taken.fileno() })).toThrow('a Socket was expected');
    for (const [name, value] of Object.entries({
      localAddr: ['127.0.0.1', 0],
      remoteAddr: '/path',
      family: 4,
      flags: 0,
      broadcast: true,
      reusePort: true,
      reuseAddress: false,
      ipv6Only: true,
      multicast: {},
      cleanupSocket: true,
    })) {
      const both = `${name} and sock cannot be specified at the same time`;
      expect(make({ sock: taken, [name]: value })).toThrow(both);
    }
    const [transport] = yield* loop.createDatagramEndpoint(() => new Log(), { sock: taken });
    expect(make({ sock: taken })).toThrow('the socket is closed');
    (transport as DatagramTransport).close();
    stream.close();
  });
});
