/** connectReadPipe and connectWritePipe on the two ends of a FIFO, and on what is none. */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  fstatSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { open as openHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  type Coro,
  type EventLoop,
  getRunningLoop,
  promise,
  ReadTransport,
  run,
  WriteTransport,
} from 'oxbow';
import { VirtualLoop } from 'oxbow/testing';

import { commands, testWith } from '../support/needs.ts';
import { caught, failure, Recorder } from './tcp-support.ts';

interface Ends {
  loop: EventLoop;
  reader: number;
  writer: number;
  path: string;
}

/** The body owns both ends, which are blocking, as a shell makes them. */
function check(name: string, body: (ends: Ends) => Coro<void>): void {
  testWith(commands('mkfifo'))(name, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'oxbow-'));
    const path = join(folder, 'fifo');
    execFileSync('mkfifo', [path]);
    const both = openSync(path, constants.O_RDWR);
    const reader = openSync(path, constants.O_RDONLY);
    const writer = openSync(path, constants.O_WRONLY);
    closeSync(both);
    try {
      await run(() => body({ loop: getRunningLoop(), reader, writer, path }));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

function* connecting(
  loop: EventLoop,
  pipe: unknown,
  factory: () => Recorder = () => new Recorder(),
): Coro<unknown> {
  return yield* loop.connectReadPipe(factory, pipe as number);
}

function isOpen(descriptor: number): boolean {
  try {
    fstatSync(descriptor);
    return true;
  } catch {
    return false;
  }
}

check('what goes in comes out, to the end', function* ({ loop, reader, writer }) {
  const [input, taker] = yield* loop.connectReadPipe(() => new Recorder(), reader);
  const [output, giver] = yield* loop.connectWritePipe(() => new Recorder(), writer);
  expect(input).toBeInstanceOf(ReadTransport);
  expect(output).toBeInstanceOf(WriteTransport);
  expect(`${input} ${output}`).toBe('<ReadTransport open> <WriteTransport open>');
  expect(input.getExtraInfo('pipe')).toBe(reader);
  expect(input.getExtraInfo('peername')).toBeNull();
  const much = Buffer.alloc(1 << 20, 'pipe ');
  output.write('first ');
  output.write(much);
  expect(giver.events).toEqual(['made', 'pause']);
  const got = yield* taker.atLeast(much.length + 6);
  expect(got.equals(Buffer.concat([Buffer.from('first '), much]))).toBe(true);
  output.writelines(['last ', 'words']);
  output.writeEof();
  expect(yield* giver.lost).toBeNull();
  expect(yield* taker.lost).toBeNull();
  expect(String(taker.received.subarray(-10))).toBe('last words');
  expect(taker.events.slice(-2)).toEqual(['eof', 'lost']);
  expect([isOpen(reader), isOpen(writer)]).toEqual([false, false]);
});

check('the end of a read pipe closes it, whatever eofReceived says', function* (ends) {
  const factory = (): Recorder => Object.assign(new Recorder(), { keepOpen: true });
  const [, taker] = yield* ends.loop.connectReadPipe(factory, ends.reader);
  closeSync(ends.writer);
  expect(yield* taker.lost).toBeNull();
});

check('a write pipe whose reader is gone closes itself', function* ({ loop, reader, writer }) {
  const [output, giver] = yield* loop.connectWritePipe(() => new Recorder(), writer);
  closeSync(reader);
  expect(yield* giver.lost).toBeNull();
  expect(output.isClosing()).toBe(true);
  output.write('nothing happens');
});

check('it is an error when something was still unsent', function* ({ loop, reader, writer }) {
  const [output, giver] = yield* loop.connectWritePipe(() => new Recorder(), writer);
  output.write(Buffer.alloc(1 << 20));
  closeSync(reader);
  expect(yield* giver.lost).toMatchObject({ code: 'EPIPE', syscall: 'write' });
});

check('reading pauses and goes on', function* ({ loop, reader, writer }) {
  const [input, taker] = yield* loop.connectReadPipe(() => new Recorder(), reader);
  input.pauseReading();
  expect(input.isReading()).toBe(false);
  writeSync(writer, 'later');
  for (let n = 0; n < 10; n++) yield;
  expect(taker.events).toEqual(['made']);
  input.resumeReading();
  yield* taker.atLeast(5);
  input.close();
  expect(yield* taker.lost).toBeNull();
  closeSync(writer);
});

check('each end refuses what it cannot', function* ({ loop, reader, writer }) {
  const [input, taker] = yield* loop.connectReadPipe(() => new Recorder(), reader);
  const [output, giver] = yield* loop.connectWritePipe(() => new Recorder(), writer);
  expect(() => input.write()).toThrow('a ReadTransport is only read from');
  expect(() => input.writelines()).toThrow('a ReadTransport is only read from');
  expect(() => input.writeEof()).toThrow('a ReadTransport is only read from');
  expect([input.canWriteEof(), output.canWriteEof()]).toEqual([false, true]);
  output.pauseReading();
  output.resumeReading();
  expect(output.isReading()).toBe(false);
  output.write('still');
  yield* taker.atLeast(5);
  output.abort();
  expect([yield* giver.lost, yield* taker.lost]).toEqual([null, null]);
});

check('objects with a descriptor are closed by their own close()', function* (ends) {
  const { loop, reader, writer, path } = ends;
  const file = yield* promise(openHandle(path, constants.O_WRONLY));
  const [output, giver] = yield* loop.connectWritePipe(() => new Recorder(), file);
  closeSync(writer);
  output.write('text');
  output.close();
  yield* giver.lost;
  const bytes = Buffer.alloc(8);
  expect(readSync(reader, bytes)).toBe(4);
  expect(file.fd).toBe(-1);
  const [input, taker] = yield* loop.connectReadPipe(() => new Recorder(), {
    fileno: () => reader,
  });
  input.close();
  yield* taker.lost;
  expect(isOpen(reader)).toBe(true);
  closeSync(reader);
});

check('what is no pipe is refused and stays as it is', function* ({ loop, reader, writer, path }) {
  const wrong = (pipe: unknown): Coro<Error> => failure(() => connecting(loop, pipe));
  const file = openSync(join(path, '..', 'file'), 'w+');
  const folder = openSync(join(path, '..'), 'r');
  expect((yield* wrong(file)).message).toBe(
    `connectReadPipe(): descriptor ${file} is a regular file; ` +
      'it must be a socket, a pipe, a terminal, a device',
  );
  expect((yield* wrong(folder)).message).toContain('is nothing that bytes stream through');
  expect((yield* wrong(writer)).message).toBe(
    `connectReadPipe(): descriptor ${writer} is not open for reading`,
  );
  expect(yield* wrong(99_999)).toMatchObject({ code: 'EBADF', syscall: 'fstat' });
  expect(yield* wrong(-1)).toBeInstanceOf(RangeError);
  expect(yield* wrong('stdin')).toBeInstanceOf(TypeError);
  expect(yield* wrong(null)).toBeInstanceOf(TypeError);
  expect(yield* wrong({ fd: 1.5 })).toBeInstanceOf(RangeError);
  const noProtocol = (): Coro<Error> => failure(() => connecting(loop, reader, (() => 7) as never));
  expect((yield* noProtocol()).message).toContain('a protocol must have');
  const [input, taker] = yield* loop.connectReadPipe(() => new Recorder(), reader);
  expect((yield* wrong(reader)).message).toBe(
    `connectReadPipe(): descriptor ${reader} is used by a transport`,
  );
  writeSync(writer, 'fine');
  yield* taker.atLeast(4);
  input.close();
  yield* taker.lost;
  for (const each of [file, folder, writer]) closeSync(each);
});

check('a cancel leaves nothing behind', function* ({ loop, reader, writer }) {
  const contexts = caught();
  const future = loop.connectReadPipe(() => new Recorder(), reader);
  yield;
  future.cancel();
  while (isOpen(reader)) yield;
  expect(contexts).toEqual([]);
  closeSync(writer);
});

check('an abort closes the pipe, and later leaves it alone', function* (ends) {
  const { loop, reader, writer } = ends;
  const controller = new AbortController();
  const { signal } = controller;
  const make = () => new Recorder();
  const [output, protocol] = yield* loop.connectWritePipe(make, writer, { signal });
  const reading = loop.connectReadPipe(make, reader, { signal });
  controller.abort(new Error('enough'));
  const aborted = yield* failure(function* () {
    return yield* reading;
  });
  expect(aborted).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: signal.reason });
  while (isOpen(reader)) yield;
  // It was connected before. That nobody reads any more ends it.
  yield* protocol.lost;
  expect(output.isClosing()).toBe(true);
});

check(
  'a signal that has aborted before closes the pipe, and a wrong one does not',
  function* (ends) {
    const { loop, reader, writer } = ends;
    const make = () => new Recorder();
    expect(() => loop.connectReadPipe(make, reader, { signal: 5 as never })).toThrow(/AbortSignal/);
    expect(() => loop.connectReadPipe(make, reader, 5 as never)).toThrow(TypeError);
    expect([isOpen(reader), isOpen(writer)]).toEqual([true, true]);
    const signal = AbortSignal.abort();
    for (const connecting of [
      loop.connectReadPipe(make, reader, { signal }),
      loop.connectWritePipe(make, writer, { signal }),
    ]) {
      const aborted = yield* failure(function* () {
        return yield* connecting;
      });
      expect(aborted).toMatchObject({ name: 'AbortError' });
    }
    while (isOpen(reader) || isOpen(writer)) yield;
  },
);

check('in the async lane', function* ({ loop, reader, writer }) {
  yield* promise(
    (async () => {
      const [input, taker] = await loop.connectReadPipe(() => new Recorder(), reader);
      const [output] = await loop.connectWritePipe(() => new Recorder(), writer);
      output.write('text');
      output.close();
      await taker.lost;
      expect([String(taker.received), input.isClosing()]).toEqual(['text', true]);
    })(),
  );
});

testWith(commands('mkfifo'))('a loop in virtual time has no descriptors of the system', () => {
  const loop = new VirtualLoop();
  const error = loop.runUntilCompleteSync(failure(() => connecting(loop, 0)));
  expect(error.message).toContain('a loop in virtual time has no descriptors of the system');
  loop.close();
});
