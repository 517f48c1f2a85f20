/**
 * `openStdin`, `openStdout`, `openStderr` in processes of their own: pipes, files and terminals.
 */
import { spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openStderr, openStdin, openStdout } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { commands, testWith } from '../support/needs.ts';
import { ROOT } from '../support/root.ts';

const withScript = testWith(commands('script'));

interface Ended {
  code: number | null;
  out: Buffer;
  err: string;
}

/** Runs a module's text in a process of its own. */
async function runText(text: string, stdio: StdioOptions, input?: string | Buffer): Promise<Ended> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], { cwd: ROOT, stdio });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on('data', (data: Buffer) => out.push(data));
  child.stderr?.on('data', (data: Buffer) => err.push(data));
  if (input !== undefined) child.stdin!.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out: Buffer.concat(out), err: String(Buffer.concat(err)) };
}

const COPY = `
  import { openStdin, openStdout, run } from 'oxbow';
  await run(function* () {
    const reader = yield* openStdin();
    const writer = yield* openStdout();
    for (let data; (data = yield* reader.read(65536)).length > 0;) {
      writer.write(data);
      yield* writer.drain();
    }
  });
`;
const PIPES: StdioOptions = ['pipe', 'pipe', 'pipe'];
const LARGE = Buffer.alloc(3 * 1024 * 1024, 'all of it\n');

test('pipes: what comes in goes out', async () => {
  const { code, out, err } = await runText(COPY, PIPES, LARGE);
  expect([code, err, out.equals(LARGE)]).toEqual([0, '', true]);
});

test('files, from one to the other', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'oxbow-'));
  try {
    writeFileSync(join(folder, 'in'), LARGE);
    const [from, to] = [openSync(join(folder, 'in'), 'r'), openSync(join(folder, 'out'), 'w')];
    const { code, err } = await runText(COPY, [from, to, 'pipe']);
    closeSync(from);
    closeSync(to);
    expect([code, err]).toEqual([0, '']);
    expect(readFileSync(join(folder, 'out')).equals(LARGE)).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('nothing at all: /dev/null', async () => {
  expect(await runText(COPY, ['ignore', 'ignore', 'pipe'])).toMatchObject({ code: 0, err: '' });
});

withScript('a terminal', async () => {
  const inside = `
    import { openStderr, openStdin, openStdout, run } from 'oxbow';
    await run(function* () {
      const out = yield* openStdout();
      out.write(\`\${process.stdin.isTTY} \${process.stdout.isTTY}\\n\`);
      const line = yield* (yield* openStdin()).readline();
      (yield* openStderr()).write('read ' + line);
    });
  `;
  const folder = mkdtempSync(join(tmpdir(), 'oxbow-'));
  try {
    const file = join(ROOT, `build/terminal-${process.pid}.mjs`);
    writeFileSync(file, inside);
    const child = spawn('script', ['-qec', `'${process.execPath}' '${file}'`, '/dev/null'], {
      cwd: ROOT,
      stdio: PIPES,
      // The shell in between would warn of a language that the system lacks.
      env: { ...process.env, LC_ALL: 'C' },
    });
    let out = '';
    let typed = false;
    child.stdout!.on('data', (data: Buffer) => {
      out += String(data);
      if (typed || !out.includes('true true\r\n')) return;
      typed = true;
      child.stdin!.write('typed\n');
    });
    const [code] = (await once(child, 'close')) as [number];
    rmSync(file);
    expect([code, out]).toEqual([0, 'true true\r\ntyped\r\nread typed\r\n']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

// More than the pipe, the queue in C++ and a turn hold; the reader begins when all was written.
describe.each([
  ['the loop is closed', ''],
  ['process.exit', 'process.exit(7);'],
  [
    'an error that nobody catches',
    "setImmediate(() => { throw new Error('x'); }); yield* sleep(9);",
  ],
])('nothing is lost at the end: %s', (_, end) => {
  test.each([5, 100_000, 5_000_000])('%d bytes', async (size) => {
    const text = `
      import { openStderr, openStdout, run, sleep } from 'oxbow';
      await run(function* () {
        const writer = yield* openStdout();
        const marks = yield* openStderr();
        marks.write('written');
        writer.write(Buffer.alloc(${size - 2}, 'x'));
        writer.write('y');
        writer.write('z');
        ${end}
      });
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', text], {
      cwd: ROOT,
      stdio: PIPES,
    });
    const ended = once(child, 'close') as Promise<[number | null]>;
    const out: Buffer[] = [];
    await once(child.stderr!, 'data');
    child.stderr!.resume();
    child.stdout!.on('data', (data: Buffer) => out.push(data));
    await ended;
    const all = Buffer.concat(out);
    expect([all.length, String(all.subarray(-2))]).toEqual([size, 'yz']);
  });
});

test('who does not read any more is no reason to wait', async () => {
  const text = `
    import { openStderr, openStdout, run } from 'oxbow';
    await run(function* () {
      const writer = yield* openStdout();
      writer.write(Buffer.alloc(5_000_000));
      (yield* openStderr()).write('written');
    });
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], {
    cwd: ROOT,
    stdio: PIPES,
  });
  await once(child.stderr!, 'data');
  child.stdout!.destroy();
  expect((await once(child, 'close'))[0]).toBe(0);
});

test('closed before, and open after', async () => {
  const text = `
    import { openStdout, run } from 'oxbow';
    await run(function* () {
      const writer = yield* openStdout();
      writer.write('ours ');
      writer.close();
      yield* writer.waitClosed();
    });
    process.stdout.write("and Node's");
  `;
  expect(String((await runText(text, PIPES)).out)).toBe("ours and Node's");
});

test('options are checked, and virtual time has none', async () => {
  await runVirtual(function* () {
    const calls: Array<(options: any) => unknown> = [openStdin, openStdout, openStderr];
    for (const call of calls) {
      expect(() => call({ sginal: 1 })).toThrow("did you mean 'signal'?");
      expect(() => call({ signal: {} })).toThrow(TypeError);
    }
    expect(() => openStdin({ limit: -1 })).toThrow(RangeError);
    let message = '';
    try {
      yield* openStdout();
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain('openStdout(): a loop in virtual time has no descriptors');
  });
});
