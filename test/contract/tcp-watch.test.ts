/** addReader and addWriter on a FIFO, which is a descriptor that the loop does not own. */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  type Coro,
  type EventLoop,
  getRunningLoop,
  newEventLoop,
  Protocol,
  run,
  RuntimeError,
  Socket,
} from 'oxbow';

import { commands, testWith } from '../support/needs.ts';
import { caught, until } from './tcp-support.ts';

function check(name: string, body: (loop: EventLoop, descriptor: number) => Coro<void>): void {
  testWith(commands('mkfifo'))(name, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'oxbow-'));
    const path = join(folder, 'fifo');
    execFileSync('mkfifo', [path]);
    const descriptor = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    try {
      await run(() => body(getRunningLoop(), descriptor));
    } finally {
      closeSync(descriptor);
      rmSync(folder, { recursive: true });
    }
  });
}

check('addReader is level-triggered and passes its arguments', function* (loop, descriptor) {
  const seen: unknown[][] = [];
  const byte = Buffer.alloc(1);
  loop.addReader(
    descriptor,
    (...args: unknown[]) => {
      readSync(descriptor, byte);
      seen.push([...args, String(byte)]);
    },
    1,
    'two',
  );
  writeSync(descriptor, 'ab');
  yield* until(() => seen.length === 2);
  expect(seen).toEqual([
    [1, 'two', 'a'],
    [1, 'two', 'b'],
  ]);
  expect(loop.removeReader(descriptor)).toBe(true);
  expect(loop.removeReader(descriptor)).toBe(false);
  writeSync(descriptor, 'c');
  for (let n = 0; n < 10; n++) yield;
  expect(seen).toHaveLength(2);
});

check('a second addReader replaces the first; the writer is its own', function* (loop, descriptor) {
  const calls: string[] = [];
  loop.addReader(descriptor, () => void calls.push('first'));
  loop.addReader(descriptor, () => void calls.push('second'));
  loop.addWriter(descriptor, () => void calls.push('writer'));
  yield* until(() => calls.length >= 2);
  expect(new Set(calls)).toEqual(new Set(['writer']));
  expect(loop.removeWriter(descriptor)).toBe(true);
  calls.length = 0;
  writeSync(descriptor, 'x');
  yield* until(() => calls.length >= 2);
  expect(new Set(calls)).toEqual(new Set(['second']));
  loop.removeReader(descriptor);
});

check(
  'what a callback throws is reported and does not stop the watching',
  function* (loop, descriptor) {
    let reports = 0;
    loop.setExceptionHandler(() => void reports++);
    loop.addWriter(descriptor, () => {
      throw new Error('on purpose');
    });
    yield* until(() => reports >= 2);
    loop.removeWriter(descriptor);
  },
);

check(
  'a descriptor that is closed while it is watched is told of once',
  function* (loop, descriptor) {
    const contexts = caught();
    const twin = openSync(`/dev/fd/${descriptor}`, constants.O_RDWR | constants.O_NONBLOCK);
    let calls = 0;
    loop.addReader(twin, () => {
      if (calls++ === 0) closeSync(twin);
    });
    writeSync(descriptor, 'x');
    yield* until(() => contexts.length > 0);
    for (let n = 0; n < 10; n++) yield;
    expect(calls).toBe(1);
    expect(contexts.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^descriptor \d+ was closed while it was watched; removeReader\(\)/),
    ]);
    expect(loop.removeReader(twin)).toBe(false);
  },
);

check('a callback may take back the other direction, and itself', function* (loop, descriptor) {
  const calls: string[] = [];
  loop.addReader(descriptor, () => {
    calls.push('read');
    loop.removeWriter(descriptor);
    loop.removeReader(descriptor);
  });
  loop.addWriter(descriptor, () => void calls.push('write'));
  writeSync(descriptor, 'x');
  yield* until(() => calls.includes('read'));
  const { length } = calls;
  for (let n = 0; n < 10; n++) yield;
  expect(calls).toHaveLength(length);
  expect(loop.removeWriter(descriptor)).toBe(false);
});

check('a Socket stands for its descriptor', function* (loop) {
  const [one, other] = Socket.pair();
  let calls = 0;
  loop.addWriter(one, () => void calls++);
  yield* until(() => calls > 1);
  expect(loop.removeWriter(one.fileno())).toBe(true);
  loop.addReader(one, () => void calls++);
  one.close();
  expect(loop.removeReader(one)).toBe(false);
  expect(() => loop.addReader(one, () => {})).toThrow(/<Socket closed unix stream> is closed/);
  other.close();
});

test('what cannot be watched is refused at once', () =>
  run(function* () {
    const loop = getRunningLoop();
    const file = openSync(import.meta.filename, 'r');
    expect(() => loop.addReader(file, () => {})).toThrow(
      expect.objectContaining({ code: 'EPERM', syscall: 'epoll_ctl' }),
    );
    closeSync(file);
    const server = yield* loop.createServer(() => new Protocol(), '127.0.0.1', 0);
    expect(() => loop.addReader(server.sockets[0]!, () => {})).toThrow(
      /^File descriptor \d+ is used by a transport$/,
    );
    server.close();
  }));

test("a transport's descriptor is not taken from it by removeReader or removeWriter", () =>
  run(function* () {
    const loop = getRunningLoop();
    const [one, other] = Socket.pair();
    const [transport] = yield* loop.connectAcceptedSocket(() => new Protocol(), one);
    const socket = transport.getExtraInfo('socket') as { fileno(): number };
    const descriptor = socket.fileno();
    for (const given of [socket, descriptor]) {
      for (const call of ['removeReader', 'removeWriter'] as const) {
        expect(() => loop[call](given)).toThrow(
          new RuntimeError(`File descriptor ${descriptor} is used by a transport`),
        );
      }
    }
    transport.abort();
    // What is being given up does not count, as it does not for addReader.
    expect(loop.removeReader(descriptor)).toBe(false);
    expect(loop.removeReader(other)).toBe(false);
    other.close();
  }));

test('a loop that is closed watches nothing', async () => {
  const loop = newEventLoop();
  const [one, other] = Socket.pair();
  loop.addReader(one, () => {});
  loop.close();
  expect(() => loop.addReader(one, () => {})).toThrow('Event loop is closed');
  expect(loop.removeReader(one)).toBe(false);
  expect(loop.removeWriter(one)).toBe(false);
  one.close();
  other.close();
});

check('bad arguments', function* (loop, descriptor) {
  expect(() => loop.addReader(1.5, () => {})).toThrow(RangeError);
  expect(() => loop.addReader('3' as never, () => {})).toThrow(RangeError);
  expect(() => loop.removeReader({} as never)).toThrow(RangeError);
  loop.setDebug(true);
  expect(() => loop.addReader(descriptor, function* () {} as never)).toThrow(/coroutines cannot/);
  loop.setDebug(false);
  expect(() => loop.addReader(-1, () => {})).toThrow(RangeError);
  expect(() => loop.addReader(descriptor, 5 as never)).toThrow(/^callback/);
  expect(() => loop.addReader(100_000, () => {})).toThrow(/EBADF/);
});
