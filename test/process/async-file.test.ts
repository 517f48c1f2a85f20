// AsyncFile: files beside the loop (curio's), with nothing lost by a cancel, in both lanes.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { AsyncFile, CancelledError, createTask, gather, openFile, run, sleep } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection, thrown } from '../support/outcomes.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'oxbow-file-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Bytes that tell where they stand. */
function pattern(size: number): Buffer {
  return Buffer.from(Uint32Array.from({ length: size / 4 }, (_, n) => n * 2654435761).buffer);
}

test('reads: whole, in parts, by line, into a buffer', () =>
  run(function* () {
    const path = fileOf('lines', 'one\ntwo\n\nlast');
    const file = yield* openFile(path);
    expect(file).toBeInstanceOf(AsyncFile);
    expect([file.path, file.closed, typeof file.fileno()]).toEqual([path, false, 'number']);
    expect(String(yield* file.read(2))).toBe('on');
    expect(file.tell()).toBe(2);
    expect(String(yield* file.readline())).toBe('e\n');
    const buffer = Buffer.alloc(3);
    expect([yield* file.readInto(buffer), String(buffer)]).toEqual([3, 'two']);
    expect((yield* file.readlines()).map(String)).toEqual(['\n', '\n', 'last']);
    expect([String(yield* file.readline()), String(yield* file.read())]).toEqual(['', '']);
    expect(yield* file.seek(4)).toBe(4);
    expect(yield* file.readText()).toBe('two\n\nlast');
    expect(yield* file.seek(-4, 'end')).toBe(9);
    expect(String(yield* file.read(100))).toBe('last');
    expect(yield* file.seek(-3, 'current')).toBe(10);
    expect(String(yield* file.read(1))).toBe('a');
    yield* file.close();
    yield* file.close();
    expect(String(file)).toBe(`<AsyncFile ${path} closed>`);
    expect(() => file.read()).toThrow('closed');
  }));

test('a large file, by iteration, by parts of any size, and as it was', () =>
  run(async () => {
    const bytes = pattern(3 * 1024 * 1024);
    const path = fileOf('large', bytes);
    await using file = await openFile(pathToFileURL(path));
    const lines: Buffer[] = [];
    for await (const line of file) lines.push(line);
    expect(Buffer.concat(lines).equals(bytes)).toBe(true);
    await file.seek(0);
    const parts: Buffer[] = [];
    for (let size = 1; ; size = (size * 7) % 300_007) {
      const part = await file.read(size);
      if (part.length === 0) break;
      parts.push(part);
    }
    expect(Buffer.concat(parts).equals(bytes)).toBe(true);
    await file.seek(0);
    expect((await file.read()).equals(bytes)).toBe(true);
  }));

test('calls are done in their order, whoever makes them', () =>
  run(async () => {
    const path = fileOf('order', '');
    await using file = await openFile(path, { flags: 'r+' });
    const writes = ['a', 'bb', 'ccc'].map((text) => file.write(text));
    const back = file.seek(0);
    const all = file.readText();
    expect(await gather([...writes, back, all] as const)).toEqual([1, 2, 3, 0, 'abbccc']);
  }));

test('writes: where it stands, at the end, and what reading ahead does not disturb', () =>
  run(function* () {
    const path = fileOf('writes', 'one\ntwo\nthree\n');
    const file = yield* openFile(path, { flags: 'r+' });
    yield* file.readline();
    expect(yield* file.write('TWO')).toBe(3);
    expect(String(yield* file.readline())).toBe('\n');
    yield* file.truncate();
    expect(yield* file.writelines(['é', Buffer.from('!\n')])).toBe(4);
    yield* file.sync();
    yield* file.close();
    const end = yield* openFile(path, { flags: 'a', mode: 0o600 });
    yield* end.write('end');
    yield* end.truncate(7);
    yield* end.write('!');
    yield* end.close();
    expect(readFileSync(path, 'utf8')).toBe('one\nTWO!');
  }));

test('a cancel before it begins, and a signal, leave everything', () =>
  run(async () => {
    const path = fileOf('cancel', 'content');
    await using file = await openFile(path);
    const reading = file.read();
    reading.cancel('why');
    expect(await rejection(reading)).toMatchObject({ name: 'CancelledError', reason: 'why' });
    const abort = new AbortController();
    const signalled = file.readline({ signal: abort.signal });
    abort.abort();
    expect(await rejection(signalled)).toMatchObject({ code: 'ABORT_ERR' });
    expect(await rejection(file.read(3, { signal: abort.signal }))).toMatchObject({
      code: 'ABORT_ERR',
    });
    expect(String(await file.read())).toBe('content');
  }));

test('a cancelled write says how much of it is in the file, which goes on from there', () =>
  run(async () => {
    const path = fileOf('large-write', '');
    const bytes = pattern(32 * 1024 * 1024);
    await using file = await openFile(path, { flags: 'r+' });
    const writer = createTask(async () => {
      await file.write(bytes);
    });
    while (statSync(path).size === 0) await sleep(0);
    writer.cancel('enough');
    const error = (await rejection(writer)) as CancelledError & { bytesWritten: number };
    expect(error).toBeInstanceOf(CancelledError);
    expect(error.bytesWritten).toBe(statSync(path).size);
    expect(file.tell()).toBe(error.bytesWritten);
    await file.write(bytes.subarray(error.bytesWritten));
    expect(readFileSync(path).equals(bytes)).toBe(true);
  }));

test('a cancelled read of a pipe does not wait for it, and loses none of its bytes', () =>
  run(async () => {
    const path = join(folder, 'fifo');
    execFileSync('mkfifo', [path]);
    // Both ends, so that nobody's open waits for the other.
    await using file = await openFile(path, { flags: 'r+' });
    const reader = createTask(async () => {
      await file.readline();
    });
    for (let turn = 0; turn < 50; turn++) await sleep(0);
    reader.cancel();
    expect(await rejection(reader)).toBeInstanceOf(CancelledError);
    await using other = await openFile(path, { flags: 'w' });
    await other.write('kept\n');
    expect(String(await file.readline())).toBe('kept\n');
    expect(await rejection(file.seek(0))).toMatchObject({ name: 'RuntimeError' });
  }));

test('a line over the limit stays where it is', () =>
  run(function* () {
    const file = yield* openFile(fileOf('long', `${'x'.repeat(50)}\nshort\n`), { limit: 20 });
    const [error] = yield* gather([file.readline()], { returnExceptions: true });
    expect(error).toMatchObject({ name: 'LimitOverrunError', consumed: 51 });
    expect(String(yield* file.read(51))).toBe(`${'x'.repeat(50)}\n`);
    expect(String(yield* file.readline())).toBe('short\n');
    yield* file.close();
  }));

test('errors are those of the system, and bad input is told at once', () =>
  run(async () => {
    const missing = join(folder, 'missing');
    expect(await rejection(openFile(missing))).toMatchObject({
      code: 'ENOENT',
      syscall: 'open',
      path: missing,
    });
    await using file = await openFile(fileOf('read-only', 'abc'));
    expect(await rejection(file.write('x'))).toMatchObject({ code: 'EBADF' });
    expect(String(await file.read())).toBe('abc');
    expect(() => openFile(5 as never)).toThrow(TypeError);
    expect(() => openFile('x', { limit: 0 })).toThrow(RangeError);
    expect(() => openFile('x', { flag: 'r' } as never)).toThrow("did you mean 'flags'?");
    expect(() => file.read(-1)).toThrow(RangeError);
    expect(() => file.read(1.5)).toThrow(RangeError);
    expect(() => file.readInto([] as never)).toThrow(TypeError);
    expect(() => file.write(5 as never)).toThrow('takes a string or a Uint8Array');
    expect(() => file.seek(0, 'middle' as never)).toThrow("'start', 'current' or 'end'");
    expect((await rejection(file.seek(-1))).name).toBe('RangeError');
    expect(() => file.truncate(-1)).toThrow(RangeError);
    expect(thrown(() => new (AsyncFile as any)())).toBeInstanceOf(Error);
  }));

test('simulated time stands still meanwhile', () =>
  runVirtual(async () => {
    const timer = createTask(() => sleep(1000).then());
    await using file = await openFile(fileOf('virtual', 'x'.repeat(1_000_000)));
    expect((await file.read()).length).toBe(1_000_000);
    expect(timer.done()).toBe(false);
    timer.cancel();
  }));

test('a file that was opened for nobody is closed again', () =>
  run(async () => {
    const path = fileOf('nobody', '');
    const opening = openFile(path);
    opening.cancel();
    expect(await rejection(opening)).toBeInstanceOf(CancelledError);
    // Opened last, so what was opened before is closed when this one is.
    await (await openFile(path)).close();
    while (descriptorsOf(path) > 0) await sleep(0);
  }));

/** How many descriptors of this process are open on a file; Linux tells. */
function descriptorsOf(path: string): number {
  if (!existsSync('/proc/self/fd')) return 0;
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path;
    } catch {
      return false;
    }
  }).length;
}
