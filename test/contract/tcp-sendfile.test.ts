/** `sendfile`: over transports, streams and sockets, with the system's call and without. */
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  type Coro,
  createConnection,
  createServer,
  createTask,
  type EventLoop,
  getRunningLoop,
  openConnection,
  openFile,
  promise,
  run,
  Socket,
  startServer,
} from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { people } from '../tls/tls-support.ts';
import { failure, portOf, Recorder, until } from './tcp-support.ts';

const HOST = '127.0.0.1';
const SIZE = 3_000_003;
const LONG = 20_000_000;
const CONTENT = Buffer.alloc(SIZE);
for (let at = 0; at < SIZE; at++) CONTENT[at] = (at * 7 + (at >> 8)) & 0xff;

let folder: string;
let path: string;
let file: number;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'oxbow-'));
  path = join(folder, 'content');
  writeFileSync(path, CONTENT);
  file = openSync(path, 'r');
});

afterAll(() => {
  closeSync(file);
  rmSync(folder, { recursive: true });
});

function check(name: string, body: (loop: EventLoop) => Coro<void>): void {
  test(name, () => run(() => body(getRunningLoop())));
}

/** A client that sends, and the server's end that receives. */
function* connected(options = {}, clientOptions = {}): Coro<[Recorder, Recorder, () => void]> {
  const far = new Recorder();
  const server = yield* createServer(() => far, HOST, 0, options);
  const near = new Recorder();
  yield* createConnection(() => near, 'localhost', portOf(server), { family: 4, ...clientOptions });
  yield* far.made;
  return [near, far, () => server.close()];
}

function* over(
  [near, far, close]: [Recorder, Recorder, () => void],
  loop: EventLoop,
  part: [offset?: number, count?: number | null],
  options = {},
): Coro<void> {
  const [offset = 0, count = null] = part;
  near.transport.write('before ');
  const sent = yield* loop.sendfile(near.transport, file, offset, count, options);
  near.transport.write(' behind');
  const expected = CONTENT.subarray(offset, count === null ? SIZE : offset + count);
  expect(sent).toBe(expected.length);
  yield* far.atLeast(expected.length + 14);
  const all = Buffer.concat([Buffer.from('before '), expected, Buffer.from(' behind')]);
  expect(far.received.equals(all)).toBe(true);
  expect(near.transport.isReading()).toBe(true);
  near.transport.close();
  yield* near.lost;
  close();
}

check('a file, or a part of it, between what is written before and behind', function* (loop) {
  yield* over(yield* connected(), loop, [], { fallback: false });
  yield* over(yield* connected(), loop, [1000, 1_500_000]);
  yield* over(yield* connected(), loop, [SIZE - 5]);
});

check('over TLS it is read and written', function* (loop) {
  const who = yield* promise(people());
  const tls = [{ tls: who.mine }, { tls: who.trust }] as const;
  yield* over(yield* connected(...tls), loop, [10, 1_000_000]);
  const [near, , close] = yield* connected(...tls);
  expect(
    yield* failure((() =>
      loop.sendfile(near.transport, file, 0, null, { fallback: false })) as never),
  ).toMatchObject({ name: 'SendfileNotAvailableError', bytesSent: 0 });
  near.transport.close();
  close();
});

test('in simulated time it is read and written', () =>
  runVirtual(function* () {
    yield* over(yield* connected(), getRunningLoop(), [5, 200_000]);
  }));

check('the end of the file comes before the count; an empty file; its position', function* (loop) {
  const [near, far, close] = yield* connected();
  expect(yield* loop.sendfile(near.transport, file, SIZE - 3, 10)).toBe(3);
  expect(yield* loop.sendfile(near.transport, file, SIZE + 3)).toBe(0);
  const empty = openSync(join(folder, 'empty'), 'w+');
  expect(yield* loop.sendfile(near.transport, empty)).toBe(0);
  // A FileHandle and an AsyncFile, whose positions stay.
  const handle = yield* promise(open(path));
  expect(yield* loop.sendfile(near.transport, handle, 0, 4)).toBe(4);
  const { buffer } = yield* promise(handle.read(Buffer.alloc(2), 0, 2, null));
  expect(buffer.equals(CONTENT.subarray(0, 2))).toBe(true);
  yield* promise(handle.close());
  const ours = yield* openFile(path);
  expect(yield* loop.sendfile(near.transport, ours, 4, 4)).toBe(4);
  yield* ours.close();
  yield* far.atLeast(11);
  const expected = [CONTENT.subarray(SIZE - 3), CONTENT.subarray(0, 8)];
  expect(far.received.equals(Buffer.concat(expected))).toBe(true);
  closeSync(empty);
  near.transport.close();
  close();
});

check(
  'meanwhile nothing can be written, reading is paused, and others have turns',
  function* (loop) {
    const [near, far, close] = yield* connected();
    far.transport.pauseReading();
    // More than one turn sends.
    const long = openSync(join(folder, 'long'), 'w+');
    writeSync(long, 'x', LONG - 1);
    const sending = loop.sendfile(near.transport, long);
    expect(() => near.transport.write('x')).toThrow('unable to write; sendfile is in progress');
    expect(() => near.transport.writeEof()).toThrow('unable to write; sendfile is in progress');
    expect(() => loop.sendfile(near.transport, file)).toThrow('sendfile is in progress');
    expect(near.transport.isReading()).toBe(false);
    let turns = 0;
    while (!sending.done()) {
      turns++;
      far.transport.resumeReading();
      yield;
    }
    expect(turns).toBeGreaterThan(2);
    expect(yield* sending).toBe(LONG);
    near.transport.write('!');
    yield* far.atLeast(LONG + 1);
    closeSync(long);
    near.transport.close();
    close();
    const late = yield* failure(function* () {
      void loop.sendfile(near.transport, file);
    });
    expect(late.message).toBe('Transport is closing');
  },
);

/** A transport whose peer does not read, with a file on its way that is stuck. */
function* stuck(loop: EventLoop): Coro<any> {
  const [near, far, close] = yield* connected();
  far.transport.pauseReading();
  const large = openSync(join(folder, 'large'), 'w+');
  writeSync(large, 'x', 256 << 20);
  const controller = new AbortController();
  const sending = loop.sendfile(near.transport, large, 0, null, { signal: controller.signal });
  // The kernel may take some more, but not all: nobody reads, and no buffer is so large.
  yield* until(() => sending.bytesSent > 0);
  let before = 0;
  while (before !== sending.bytesSent) {
    before = sending.bytesSent;
    for (let n = 0; n < 20; n++) yield;
  }
  return { near, far, close, large, sending, controller };
}

check('a cancel and an abort tell how much was sent, and the transport goes on', function* (loop) {
  for (const how of ['cancel', 'abort', 'task'] as const) {
    const { near, far, close, large, sending, controller } = yield* stuck(loop);
    let error: any;
    if (how === 'task') {
      const task = createTask(function* () {
        yield* sending;
      });
      yield;
      task.cancel('enough');
      error = yield* failure(() => task as never);
    } else {
      if (how === 'cancel') sending.cancel();
      else controller.abort();
      error = yield* failure(() => sending as never);
    }
    expect(error.name).toBe(how === 'abort' ? 'AbortError' : 'CancelledError');
    expect(error.bytesSent ?? sending.bytesSent).toBe(sending.bytesSent);
    expect(sending.bytesSent).toBeGreaterThan(0);
    near.transport.write('and on');
    far.transport.resumeReading();
    const { bytesSent } = sending;
    yield* far.atLeast(bytesSent + 6);
    expect(far.received.toString('latin1', bytesSent)).toBe('and on');
    near.transport.close();
    yield* near.lost;
    close();
    closeSync(large);
  }
});

check('the end of the connection ends it', function* (loop) {
  for (const how of ['abort', 'reset', 'close'] as const) {
    const { near, far, close, large, sending } = yield* stuck(loop);
    if (how === 'reset') far.transport.abort();
    else near.transport[how]();
    const error = yield* failure(() => sending as never);
    expect(['ECONNRESET', 'EPIPE']).toContain(error.code);
    expect(error.bytesSent).toBe(sending.bytesSent);
    yield* near.lost;
    close();
    closeSync(large);
  }
});

check('a file that is closed meanwhile is an error, and the connection stays', function* (loop) {
  const { near, far, close, large, sending } = yield* stuck(loop);
  closeSync(large);
  far.transport.resumeReading();
  const error = yield* failure(() => sending as never);
  expect(error).toMatchObject({ code: 'EBADF', syscall: 'sendfile' });
  near.transport.write('alive');
  yield* far.atLeast(sending.bytesSent + 5);
  near.transport.close();
  close();
});

check('a stream sends a file behind what was written', function* () {
  const server = yield* startServer(
    function* (_, writer) {
      writer.write('head ');
      expect(yield* writer.sendfile(file, 0, 100_000)).toBe(100_000);
      writer.write(' tail');
      writer.close();
    },
    HOST,
    0,
  );
  const [reader, writer] = yield* openConnection(HOST, portOf(server));
  const all = yield* reader.read();
  expect(all.toString('latin1', 0, 5) + all.toString('latin1', 100_005)).toBe('head  tail');
  expect(all.subarray(5, 100_005).equals(CONTENT.subarray(0, 100_000))).toBe(true);
  writer.close();
  server.close();
});

check('sockSendfile', function* (loop) {
  const [one, other] = Socket.pair();
  const sending = loop.sockSendfile(one, file, 100, 2_000_000, { fallback: false });
  const pieces: Buffer[] = [];
  let size = 0;
  while (size < 2_000_000) {
    const piece = yield* loop.sockRecv(other, 65536);
    pieces.push(piece);
    size += piece.length;
  }
  expect(yield* sending).toBe(2_000_000);
  expect(Buffer.concat(pieces).equals(CONTENT.subarray(100, 2_000_100))).toBe(true);

  const stopped = loop.sockSendfile(one, file);
  yield* until(() => stopped.bytesSent > 0);
  for (let n = 0; n < 10; n++) yield;
  const { bytesSent } = stopped;
  stopped.cancel();
  expect(yield* failure(() => stopped as never)).toMatchObject({
    name: 'CancelledError',
    bytesSent,
  });
  for (size = 0; size < bytesSent;) size += (yield* loop.sockRecv(other, 65536)).length;
  const broken = loop.sockSendfile(one, file);
  yield* until(() => broken.bytesSent > 0);
  one.close();
  expect(yield* failure(() => broken as never)).toMatchObject({ code: 'EBADF' });
  other.close();
});

check('what is no regular file is read to its end', function* (loop) {
  const [near, far, close] = yield* connected();
  const source = openSync('/proc/self/cmdline', 'r');
  // A file of /proc has no size, and is sent all the same.
  const sent = yield* loop.sendfile(near.transport, source);
  expect(sent).toBeGreaterThan(0);
  yield* far.atLeast(sent);
  closeSync(source);
  const nothing = openSync('/dev/null', 'r');
  expect(yield* loop.sendfile(near.transport, nothing)).toBe(0);
  expect(
    yield* failure((() =>
      loop.sendfile(near.transport, nothing, 0, null, { fallback: false })) as never),
  ).toMatchObject({ name: 'SendfileNotAvailableError' });
  expect(() => loop.sendfile(near.transport, nothing, 5)).toThrow(/has no offset/);
  closeSync(nothing);
  near.transport.close();
  close();
});

check('bad arguments', function* (loop) {
  const [near, , close] = yield* connected();
  const { transport } = near;
  const cases: Array<[() => unknown, string, RegExp]> = [
    [() => loop.sendfile({} as never, file), 'TypeError', /a transport was expected/],
    [() => loop.sendfile(transport, 'path' as never), 'TypeError', /file must be an open file/],
    [() => loop.sendfile(transport, {} as never), 'TypeError', /file must be an open file/],
    [() => loop.sendfile(transport, file, -1), 'RangeError', /offset must be/],
    [() => loop.sendfile(transport, file, 0.5), 'RangeError', /offset must be/],
    [() => loop.sendfile(transport, file, 0, 0), 'RangeError', /count must be/],
    [() => loop.sendfile(transport, file, 0, '5' as never), 'RangeError', /count must be/],
    [
      () => loop.sendfile(transport, file, 0, 1, { fallback: 1 as never }),
      'TypeError',
      /fallback must be true or false/,
    ],
    [() => loop.sockSendfile({} as never, file), 'TypeError', /a Socket was expected/],
  ];
  for (const [call, name, message] of cases) {
    const error = yield* failure(function* () {
      call();
    });
    expect(error).toMatchObject({ name });
    expect(error.message).toMatch(message);
  }
  const aborted = loop.sendfile(transport, file, 0, 1, { signal: AbortSignal.abort('why') });
  expect(yield* failure(() => aborted as never)).toMatchObject({ cause: 'why', bytesSent: 0 });
  const datagram = new Socket({ type: 'datagram' });
  expect(() => loop.sockSendfile(datagram, file)).toThrow(/a stream socket was expected/);
  datagram.close();
  expect(() => loop.sendfile(transport, 54_321)).toThrow(/EBADF/);
  transport.close();
  close();
});
