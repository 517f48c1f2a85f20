/** `sendFds` and `recvFds`: descriptors that go along with bytes, and never get lost. */
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';

import {
  type Coro,
  createTask,
  type EventLoop,
  getRunningLoop,
  Protocol,
  run,
  Socket,
  waitFor,
} from 'oxbow';

import { testWith } from '../support/needs.ts';
import { failure } from './tcp-support.ts';

function check(name: string, body: (loop: EventLoop) => Coro<void>): void {
  test(name, () => run(() => body(getRunningLoop())));
}

const onLinux = testWith(process.platform === 'linux' ? undefined : '/proc/self/fd is of Linux');

/** Descriptors of this process, but for the one that reads the folder. */
const openNow = (): number => readdirSync('/proc/self/fd').length;

const isOpen = (descriptor: number): boolean => {
  try {
    fstatSync(descriptor);
    return true;
  } catch {
    return false;
  }
};

check('a file and a socket arrive, and can be used', function* (loop) {
  const [near, far] = Socket.pair();
  const file = openSync(import.meta.filename, 'r');
  const [kept, given] = Socket.pair();
  const sending = loop.sendFds(near, 'with two', [file, given]);
  yield* sending;
  expect(sending.bytesSent).toBe(8);
  closeSync(file);
  given.close();
  const { data, fds, truncated } = yield* loop.recvFds(far, 100, 4);
  expect([String(data), fds.length, truncated]).toEqual(['with two', 2, false]);
  const head = Buffer.alloc(3);
  readSync(fds[0]!, head, 0, 3, 0);
  expect(String(head)).toMatch(/^(\/\*\*|impo|\/\/)/);
  closeSync(fds[0]!);
  const other = Socket.from(fds[1]!);
  yield* loop.sockSendall(other, 'through it');
  expect(String(yield* loop.sockRecv(kept, 100))).toBe('through it');
  for (const socket of [near, far, kept, other]) socket.close();
});

onLinux('they are closed when another program is started', () =>
  run(function* () {
    const loop = getRunningLoop();
    const [near, far] = Socket.pair();
    yield* loop.sendFds(near, '.', [near]);
    const { fds } = yield* loop.recvFds(far, 1, 1);
    const flags = /flags:\s*(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${fds[0]}`, 'utf8'))![1]!;
    expect(parseInt(flags, 8) & 0o2000000).toBe(0o2000000);
    closeSync(fds[0]!);
    near.close();
    far.close();
  }),
);

onLinux('more than are wanted are closed, and it is said', () =>
  run(function* () {
    const loop = getRunningLoop();
    const [near, far] = Socket.pair();
    const before = openNow();
    const many = Array.from({ length: 50 }, () => near.fileno());
    yield* loop.sendFds(near, 'many', many);
    const { fds, truncated } = yield* loop.recvFds(far, 100, 3);
    expect([fds.length, truncated, openNow()]).toEqual([3, true, before + 3]);
    for (const each of fds) closeSync(each);
    yield* loop.sendFds(near, 'none wanted', many);
    expect(yield* loop.recvFds(far, 100, 0)).toMatchObject({ fds: [], truncated: true });
    yield* loop.sendFds(near, 'nor here', many);
    expect(String(yield* loop.sockRecv(far, 100))).toBe('nor here');
    expect(openNow()).toBe(before);
    near.close();
    far.close();
  }),
);

onLinux('what a cancelled receive was promised is kept for the next, or closed', () =>
  run(function* () {
    const loop = getRunningLoop();
    const before = openNow();
    for (const next of ['recvFds', 'sockRecv', 'close', 'detach', 'transport']) {
      const [near, far] = Socket.pair();
      const late = createTask(function* () {
        yield* loop.recvFds(far, 100, 5);
      });
      yield;
      loop.addReader(far, () => {
        loop.removeReader(far);
        late.cancel();
      });
      yield* loop.sendFds(near, 'precious', [near, far]);
      expect((yield* failure(() => late as any)).name).toBe('CancelledError');
      expect(openNow()).toBe(before + 4);
      if (next === 'recvFds') {
        const first = yield* loop.recvFds(far, 3, 1);
        expect([String(first.data), first.fds.length, first.truncated]).toEqual(['pre', 1, true]);
        closeSync(first.fds[0]!);
        const rest = yield* loop.recvFds(far, 100, 5);
        expect([String(rest.data), rest.fds, rest.truncated]).toEqual(['cious', [], false]);
      } else if (next === 'sockRecv') {
        expect(String(yield* loop.sockRecv(far, 100))).toBe('precious');
      } else if (next === 'detach') {
        closeSync(far.detach());
      } else if (next === 'transport') {
        const [transport] = yield* loop.connectAcceptedSocket(() => new Protocol(), far);
        transport.abort();
        yield;
        yield;
      }
      far.close();
      near.close();
      expect([next, openNow()]).toEqual([next, before]);
    }
  }),
);

check('a stream: all bytes, the descriptors with the first, however long', function* (loop) {
  const [near, far] = Socket.pair();
  const data = Buffer.alloc(4 * 1024 * 1024, 'abc');
  const sending = loop.sendFds(near, data, [near]);
  const pieces: Buffer[] = [];
  const fds: number[] = [];
  for (let size = 0; size < data.length;) {
    const piece = yield* loop.recvFds(far, 65_536, 2);
    expect(piece.fds.length).toBe(pieces.length === 0 ? 1 : 0);
    pieces.push(piece.data);
    fds.push(...piece.fds);
    size += piece.data.length;
  }
  yield* sending;
  expect(Buffer.concat(pieces).equals(data)).toBe(true);
  expect(sending.bytesSent).toBe(data.length);
  closeSync(fds[0]!);
  near.close();
  const end = yield* loop.recvFds(far, 10, 1);
  expect(end).toEqual({ data: Buffer.alloc(0), fds: [], truncated: false });
  far.close();
});

check('datagrams: one each, empty ones too', function* (loop) {
  const [near, far] = Socket.pair({ type: 'datagram' });
  yield* loop.sendFds(near, '', [near]);
  yield* loop.sendFds(near, 'second', []);
  const first = yield* loop.recvFds(far, 10, 1);
  expect([first.data.length, first.fds.length]).toEqual([0, 1]);
  expect(String((yield* loop.recvFds(far, 10, 1)).data)).toBe('second');
  closeSync(first.fds[0]!);
  near.close();
  far.close();
});

check('waiting, aborting, and giving up', function* (loop) {
  const [near, far] = Socket.pair();
  const control = new AbortController();
  const waiting = loop.recvFds(far, 1, 1, { signal: control.signal });
  control.abort();
  expect((yield* failure(() => waiting as any)).name).toBe('AbortError');
  expect(() => loop.recvFds(far, 1, 1, { signal: {} as AbortSignal })).toThrow('AbortSignal');
  expect((yield* failure(() => waitFor(loop.recvFds(far, 1, 1), 0) as any)).name).toBe(
    'TimeoutError',
  );
  const later = loop.recvFds(far, 1, 1);
  yield* loop.sendFds(near, '.', [near]);
  closeSync((yield* later).fds[0]!);
  const never = loop.recvFds(far, 1, 1);
  far.close();
  expect(yield* failure(() => never as any)).toMatchObject({ code: 'EBADF' });
  near.close();
});

check('bad input', function* (loop) {
  const [near, far] = Socket.pair();
  const tcp = new Socket();
  const anything = loop as any;
  expect(() => loop.sendFds(tcp, 'x', [])).toThrow('a Unix socket was expected, not <Socket');
  expect(() => loop.recvFds(tcp, 1, 1)).toThrow('a Unix socket was expected');
  expect(() => anything.sendFds(near, 'x', 3)).toThrow('fds must be an array of descriptors');
  for (const bad of [-1, 1.5, 'x', null, undefined, {}, 2 ** 31]) {
    expect(() => anything.sendFds(near, 'x', [bad])).toThrow('a descriptor is a whole number');
  }
  expect(() => loop.sendFds(near, '', [0])).toThrow('at least one byte');
  expect(() => loop.sendFds(near, 'x', new Array(254).fill(0))).toThrow('at most 253');
  expect(() => anything.sendFds(near, 7, [])).toThrow(TypeError);
  expect(() => loop.recvFds(far, 0, 1)).toThrow('count must be at least 1');
  for (const bad of [-1, 254, 1.5, '1']) {
    expect(() => anything.recvFds(far, 1, bad)).toThrow('maxFds must be a whole number');
  }
  const gone = yield* failure(() => loop.sendFds(near, 'x', [1_000_000]) as any);
  expect(gone).toMatchObject({ code: 'EBADF', bytesSent: 0 });
  expect(isOpen(near.fileno())).toBe(true);
  for (const socket of [near, far, tcp]) socket.close();
});
