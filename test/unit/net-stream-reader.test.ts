/** StreamReader without a socket: what each read gives, limits, cancellation, pausing. */
import {
  CancelledError,
  type Coro,
  createTask,
  IncompleteReadError,
  LimitOverrunError,
  run,
  RuntimeError,
  StreamReader,
} from 'oxbow';

function check(name: string, body: (reader: StreamReader) => Coro<void>): void {
  test(name, () => run(() => body(new StreamReader({ limit: 16 }))));
}

function feed(reader: StreamReader, ...pieces: string[]): void {
  for (const piece of pieces) reader.feedData(Buffer.from(piece));
}

check('read: what is there, at most count, empty at the end', function* (reader) {
  feed(reader, 'abc', 'def');
  expect(String(yield* reader.read(4))).toBe('abcd');
  expect(String(yield* reader.read(100))).toBe('ef');
  expect(String(yield* reader.read(0))).toBe('');
  reader.feedEof();
  expect(String(yield* reader.read(5))).toBe('');
  expect(reader.atEof()).toBe(true);
});

check('read of buffered data is done at once and copies nothing', function* (reader) {
  const chunk = Buffer.from('whole');
  reader.feedData(chunk);
  const reading = reader.read(100);
  expect(reading.done()).toBe(true);
  expect((yield* reading) === chunk).toBe(true);
});

check('read that waits is woken by data and by the end', function* (reader) {
  const first = reader.read(3);
  expect(first.done()).toBe(false);
  feed(reader, 'abcdef');
  expect(String(yield* first)).toBe('abc');
  expect(String(yield* reader.read(10))).toBe('def');
  const last = reader.read(3);
  reader.feedEof();
  expect((yield* last).length).toBe(0);
});

check('nothing is read at once, also beside a read that waits', function* (reader) {
  const waiting = reader.read(1);
  expect((yield* reader.read(0)).length).toBe(0);
  expect((yield* reader.readexactly(0)).length).toBe(0);
  expect(waiting.done()).toBe(false);
  feed(reader, 'a');
  expect(String(yield* waiting)).toBe('a');
});

check('read() gives everything up to the end, beyond any limit', function* (reader) {
  const all = reader.read();
  feed(reader, 'x'.repeat(50), 'y'.repeat(50));
  expect(all.done()).toBe(false);
  reader.feedEof();
  expect((yield* all).length).toBe(100);
});

check('readexactly: the limit does not matter; IncompleteReadError at the end', function* (reader) {
  const reading = reader.readexactly(40);
  feed(reader, 'a'.repeat(39));
  expect(reading.done()).toBe(false);
  feed(reader, 'bc');
  expect(String(yield* reading)).toBe(`${'a'.repeat(39)}b`);
  const short = reader.readexactly(5);
  reader.feedEof();
  const error = yield* caughtFrom(short);
  expect(error).toBeInstanceOf(IncompleteReadError);
  expect(String((error as IncompleteReadError).partial)).toBe('c');
  expect((error as IncompleteReadError).expected).toBe(5);
});

check('readline: across pieces, the rest at the end', function* (reader) {
  feed(reader, 'one\ntw');
  expect(String(yield* reader.readline())).toBe('one\n');
  const second = reader.readline();
  feed(reader, 'o', '\n', 'rest');
  expect(String(yield* second)).toBe('two\n');
  reader.feedEof();
  expect(String(yield* reader.readline())).toBe('rest');
  expect(String(yield* reader.readline())).toBe('');
});

check('readline past the limit loses nothing, found or not', function* (reader) {
  feed(reader, 'x'.repeat(20), '\nnext\n');
  for (let n = 0; n < 2; n++) {
    const error = (yield* caughtFrom(reader.readline())) as LimitOverrunError;
    expect(error).toBeInstanceOf(LimitOverrunError);
    expect(error.consumed).toBe(20);
  }
  expect(String(yield* reader.readexactly(21))).toBe(`${'x'.repeat(20)}\n`);
  expect(String(yield* reader.readline())).toBe('next\n');
  feed(reader, 'y'.repeat(30));
  const error = (yield* caughtFrom(reader.readline())) as LimitOverrunError;
  expect(String(yield* reader.readexactly(error.consumed))).toBe('y'.repeat(30));
});

check('readuntil: shortest match of several, separators cut in two', function* (reader) {
  feed(reader, 'a--b\r');
  const reading = reader.readuntil('\r\n');
  feed(reader, '\nc;d');
  expect(String(yield* reading)).toBe('a--b\r\n');
  expect(String(yield* reader.readuntil(['d', Buffer.from(';')]))).toBe('c;');
  reader.feedEof();
  const error = (yield* caughtFrom(reader.readuntil('!'))) as IncompleteReadError;
  expect(String(error.partial)).toBe('d');
  expect(error.expected).toBe(null);
  expect(() => reader.readuntil('')).toThrow(RangeError);
  expect(() => reader.readuntil([])).toThrow(RangeError);
  expect(() => reader.readuntil(5 as never)).toThrow(TypeError);
});

check('byte by byte, many lines', function* (reader) {
  const text = Array.from({ length: 300 }, (_, n) => `line ${n}\n`).join('');
  const lines: string[] = [];
  let at = 0;
  while (lines.length < 300) {
    const line = reader.readline();
    while (!line.done()) feed(reader, text[at++]!);
    lines.push(String(yield* line));
  }
  expect(lines.join('')).toBe(text);
});

check('only one read may wait', function* (reader) {
  const first = reader.read(1);
  expect(() => reader.readline()).toThrow(RuntimeError);
  expect(() => reader.readexactly(1)).toThrow(
    'readexactly() called while another coroutine is already waiting for incoming data',
  );
  first.cancel();
  feed(reader, 'a\n');
  expect(String(yield* reader.readline())).toBe('a\n');
});

check('cancelling a read that waits loses nothing', function* (reader) {
  const task = createTask(function* () {
    yield* reader.readexactly(10);
  });
  yield;
  feed(reader, 'half');
  yield;
  task.cancel();
  expect(yield* caughtFrom(task)).toBeInstanceOf(CancelledError);
  feed(reader, 'done');
  expect(String(yield* reader.read(20))).toBe('halfdone');
});

check('a task cancelled after the bytes came, before it ran, gives them back', function* (reader) {
  const task = createTask(function* () {
    return yield* reader.read(10);
  });
  yield;
  feed(reader, 'early');
  expect(task.cancel()).toBe(true);
  feed(reader, 'late');
  expect(yield* caughtFrom(task)).toBeInstanceOf(CancelledError);
  expect(String(yield* reader.read(20))).toBe('earlylate');
});

test('the same in the async lane', () =>
  run(async () => {
    const reader = new StreamReader();
    const task = createTask(async () => reader.read(10));
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    feed(reader, 'early');
    task.cancel();
    await expect(task).rejects.toBeInstanceOf(CancelledError);
    expect(String(await reader.read(20))).toBe('early');
  }));

check('cancel of a read whose bytes were taken changes nothing', function* (reader) {
  const reading = reader.read(10);
  feed(reader, 'data');
  expect(String(yield* reading)).toBe('data');
  expect(reading.cancel()).toBe(false);
  feed(reader, 'more');
  expect(String(yield* reader.read(20))).toBe('more');
});

check('setException fails the read that waits and the next ones', function* (reader) {
  const problem = new Error('on purpose');
  const reading = reader.read(1);
  reader.setException(problem);
  expect(yield* caughtFrom(reading)).toBe(problem);
  expect(yield* caughtFrom(reader.readline())).toBe(problem);
  expect(reader.exception()).toBe(problem);
});

check('pauses above twice the limit, resumes at the limit', function* (reader) {
  const calls: string[] = [];
  reader.setTransport({
    pauseReading: () => void calls.push('pause'),
    resumeReading: () => void calls.push('resume'),
  });
  feed(reader, 'x'.repeat(32));
  expect(calls).toEqual([]);
  feed(reader, 'x');
  expect(calls).toEqual(['pause']);
  yield* reader.readexactly(16);
  expect(calls).toEqual(['pause']);
  yield* reader.readexactly(1);
  expect(calls).toEqual(['pause', 'resume']);
  feed(reader, 'x'.repeat(32));
  expect(calls).toEqual(['pause', 'resume', 'pause']);
  const all = reader.readexactly(100);
  expect(calls.at(-1)).toBe('resume');
  feed(reader, 'x'.repeat(52));
  yield* all;
});

test('for await goes line by line', () =>
  run(async () => {
    const reader = new StreamReader();
    feed(reader, 'a\nb\n', 'c');
    reader.feedEof();
    const lines: string[] = [];
    for await (const line of reader) lines.push(String(line));
    expect(lines).toEqual(['a\n', 'b\n', 'c']);
  }));

check('bad arguments are named', function* (reader) {
  expect(() => reader.read('5' as never)).toThrow('count must be a number, not string');
  expect(() => reader.read(1.5)).toThrow(RangeError);
  expect(() => reader.readexactly(-1)).toThrow(RangeError);
  expect(() => new StreamReader(0)).toThrow('limit must be a positive integer');
  reader.feedEof();
  expect(() => reader.feedData(Buffer.from('x'))).toThrow(RuntimeError);
});

function* caughtFrom(step: Coro<unknown> | { [Symbol.iterator](): any }): Coro<unknown> {
  try {
    yield* step as Coro<unknown>;
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
