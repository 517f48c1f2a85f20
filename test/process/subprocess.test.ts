/** Children with streams: how they are started, what they are given, how they end. */
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import {
  type Coro,
  createSubprocessExec,
  createSubprocessShell,
  gather,
  Process,
  run,
  type SubprocessOptions,
} from 'oxbow';

/** What a shell script prints, and its end. */
function* output(script: string, options: SubprocessOptions = {}): Coro<string> {
  const child = yield* createSubprocessShell(script, { stdout: 'pipe', ...options });
  const [stdout] = yield* child.communicate();
  return `${stdout}`;
}

test('a program gets its arguments as they are, and its output comes back', async () => {
  const args = ['a b', '', '*', "'", '"', '$HOME', 'ö\n'];
  await run(function* () {
    const child = yield* createSubprocessExec('printf', '[%s]', ...args, { stdout: 'pipe' });
    expect(child).toBeInstanceOf(Process);
    expect(child.stdin).toBeNull();
    expect(child.stderr).toBeNull();
    expect(child.pid).toBeGreaterThan(1);
    const [stdout, stderr] = yield* child.communicate();
    expect(`${stdout}`).toBe(args.map((each) => `[${each}]`).join(''));
    expect(stderr).toBeNull();
    expect(child.returncode).toBe(0);
  });
});

test('both lanes', async () => {
  const [stdout] = await run(async () => {
    const child = await createSubprocessExec('cat', { stdin: 'pipe', stdout: 'pipe' });
    expect(child.returncode).toBeNull();
    return await child.communicate('from an async function');
  });
  expect(`${stdout}`).toBe('from an async function');
});

test('lines are read while it runs, and stdin is written to', async () => {
  await run(function* () {
    const child = yield* createSubprocessShell(
      'while read line; do echo "got $line"; done; echo end >&2',
      { stdin: 'pipe', stdout: 'pipe', stderr: 'pipe' },
    );
    for (const line of ['one', 'two']) {
      child.stdin!.write(`${line}\n`);
      yield* child.stdin!.drain();
      expect(`${yield* child.stdout!.readline()}`).toBe(`got ${line}\n`);
    }
    child.stdin!.close();
    expect(`${yield* child.stderr!.read()}`).toBe('end\n');
    expect(yield* child.wait()).toBe(0);
    yield* child.stdin!.waitClosed();
  });
});

test.each([
  ['exit 0', 0],
  ['exit 7', 7],
  ['exit 255', 255],
  ['kill -TERM $$', -15],
  ['kill -KILL $$', -9],
  ['kill -HUP $$', -1],
])('the end of %s is told as %d, any number of times', async (script, code) => {
  await run(function* () {
    const child = yield* createSubprocessShell(script);
    expect(yield* gather(child.wait(), child.wait())).toEqual([code, code]);
    expect(yield* child.wait()).toBe(code);
    expect(child.returncode).toBe(code);
    expect(String(child)).toBe(`<Process ${child.pid} returncode=${code}>`);
  });
});

test('stdout and stderr may be one pipe, nothing, or a descriptor of ours', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'oxbow-'));
  const path = join(folder, 'file');
  const file = openSync(path, 'w');
  try {
    await run(function* () {
      const script = 'echo out; echo err >&2';
      expect(yield* output(script, { stderr: 'stdout' })).toBe('out\nerr\n');
      expect(yield* output(`${script}; cat`, { stdin: 'null', stderr: 'null' })).toBe('out\n');
      expect(yield* output(script, { stdout: 'null', stderr: 'stdout' })).toBe('null');
      const child = yield* createSubprocessShell(script, { stdout: { fd: file }, stderr: file });
      expect(yield* child.wait()).toBe(0);
      expect(readFileSync(path, 'latin1')).toBe('out\nerr\n');
      // Descriptors that are given may be any of the first three, in any order.
      const swapped = yield* createSubprocessShell(`exec 3>&1; ${script}`, {
        stdin: 'null',
        stdout: file,
        stderr: 'stdout',
      });
      expect(yield* swapped.wait()).toBe(0);
      expect(readFileSync(path, 'latin1')).toBe('out\nerr\nout\nerr\n');
    });
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true });
  }
});

test('cwd, env, umask and the process group are what was asked for', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'oxbow-')));
  try {
    await run(function* () {
      expect(yield* output('pwd', { cwd: folder })).toBe(`${folder}\n`);
      expect(yield* output('pwd', { cwd: pathToFileURL(folder) })).toBe(`${folder}\n`);
      expect(yield* output('pwd')).toBe(`${process.cwd()}\n`);
      const env = { PATH: process.env['PATH'], A: 'x=y', B: 2, C: undefined };
      expect((yield* output('env', { env })).split('\n')).toEqual(
        expect.arrayContaining([`PATH=${process.env['PATH']}`, 'A=x=y', 'B=2']),
      );
      expect(yield* output('echo ${C-unset}', { env })).toBe('unset\n');
      expect(yield* output('umask', { umask: 0o27 })).toMatch(/^0*27\n$/);
      const group = 'ps -o pgid= -p $$ | tr -d " "; echo $$';
      const [own, pid] = (yield* output(group, { processGroup: 0 })).split('\n');
      expect(own).toBe(pid);
      const session = 'cut -d " " -f 6 /proc/$$/stat; echo $$';
      if (existsSync('/proc/self/stat')) {
        const [leader, shell] = (yield* output(session, { detached: true })).split('\n');
        expect(leader).toBe(shell);
      }
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a program is looked for in the PATH that it gets', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'oxbow-'));
  try {
    await run(function* () {
      const made = yield* createSubprocessShell(
        `printf '#!/bin/sh\\necho found "$1"\\n' > ${folder}/oxbow-only-here; chmod 755 ${folder}/oxbow-only-here`,
      );
      yield* made.wait();
      const start = (PATH: string, cwd?: string): Coro<Process> =>
        (function* () {
          return yield* createSubprocessExec('oxbow-only-here', 'it', {
            env: { PATH },
            stdout: 'pipe',
            ...(cwd === undefined ? {} : { cwd }),
          });
        })();
      for (const [path, cwd] of [
        [`/nowhere:${folder}`],
        [`/etc/passwd:${folder}`],
        ['/nowhere:', folder],
        ['.', folder],
      ] as const) {
        const child = yield* start(path, cwd);
        expect(`${(yield* child.communicate())[0]}`).toBe('found it\n');
      }
      yield* expectError(start('/nowhere'), { code: 'ENOENT' });
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function* expectError(start: Coro<unknown>, error: object): Coro<void> {
  let thrown: unknown = null;
  try {
    yield* start;
  } catch (caught) {
    thrown = caught;
  }
  expect(thrown).toMatchObject(error);
}

test('what cannot be started says what was missing, and leaves no descriptor', async () => {
  const open = (): number => readdirSync('/dev/fd').length;
  await run(function* () {
    const cases: Array<[string[], SubprocessOptions, object]> = [
      [
        ['oxbow-no-such-program', 'x'],
        {},
        {
          message: 'spawn oxbow-no-such-program ENOENT',
          code: 'ENOENT',
          syscall: 'spawn oxbow-no-such-program',
          path: 'oxbow-no-such-program',
          spawnargs: ['x'],
        },
      ],
      [['./no/such'], {}, { message: 'spawn ./no/such ENOENT', code: 'ENOENT' }],
      [
        ['true'],
        { cwd: '/no/such' },
        { message: "spawn true ENOENT: cwd '/no/such' cannot be entered", path: '/no/such' },
      ],
      [['true'], { cwd: '/etc/passwd' }, { code: 'ENOTDIR' }],
      [['/etc/passwd'], {}, { message: 'spawn /etc/passwd EACCES', code: 'EACCES' }],
      [['true'], { stdout: 4000 }, { code: 'EBADF', message: expect.stringMatching('stdout') }],
      [['true'], { passFds: [4000] }, { code: 'EBADF', message: expect.stringMatching('4000') }],
      [
        ['true'],
        { processGroup: 2 ** 31 - 1 },
        { message: `spawn true EPERM: process group ${2 ** 31 - 1}` },
      ],
    ];
    const before = open();
    for (const [args, options, error] of cases) {
      const all = { stdin: 'pipe', stderr: 'pipe', ...options } as const;
      yield* expectError(createSubprocessExec(args[0]!, ...args.slice(1), all) as never, error);
    }
    expect(open()).toBe(before);
  });
});

test('a script whose interpreter is missing says so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'oxbow-'));
  try {
    await run(function* () {
      const path = `${folder}/script`;
      yield* output(`printf '#!/no/such/interpreter\\n' > ${path}; chmod 755 ${path}`);
      yield* expectError(createSubprocessExec(path) as never, {
        code: 'ENOENT',
        message: `spawn ${path} ENOENT: ${path} is there, but not what should run it (its first line, or its loader)`,
      });
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a child has no descriptor of ours but those that were passed', async () => {
  // Without close-on-exec, as a careless library would open it.
  const leaky = openSync('/dev/null', 'r');
  try {
    await run(function* () {
      // A second child, whose pipes must not go to the first.
      const other = yield* createSubprocessExec('cat', { stdin: 'pipe', stdout: 'pipe' });
      const leaks = 'ls /dev/fd/ | sort -n | tr "\\n" " "';
      const seen = (yield* output(leaks)).trim().split(' ');
      // `ls` has one of its own for the folder.
      expect(seen.length).toBeLessThanOrEqual(4);
      expect(seen.slice(0, 3)).toEqual(['0', '1', '2']);
      expect(seen).not.toContain(String(leaky));
      const passed = (yield* output(leaks, { passFds: [leaky] })).trim().split(' ');
      expect(passed).toContain(String(leaky));
      other.close();
      expect(yield* other.wait()).toBe(-9);
    });
  } finally {
    closeSync(leaky);
  }
});

test('wait() waits for the process only, and a grandchild may hold the pipe', async () => {
  await run(function* () {
    const child = yield* createSubprocessShell('sleep 100 & echo $!; exit 3', { stdout: 'pipe' });
    const pid = Number(`${yield* child.stdout!.readline()}`);
    expect(yield* child.wait()).toBe(3);
    // communicate() would wait for the end of the pipe.
    yield* expectError(child.communicate({ timeout: '10ms' }) as never, { name: 'TimeoutError' });
    process.kill(pid, 'SIGKILL');
    expect((yield* child.communicate())[0]).toEqual(Buffer.alloc(0));
  });
});

test('signals go by name or number, to a child that is there', async () => {
  await run(function* () {
    const script =
      'trap "echo hup" HUP; trap "echo usr; exit 4" USR1; echo ready; while :; do sleep 0.01; done';
    const child = yield* createSubprocessShell(script, { stdout: 'pipe' });
    const line = (): Coro<string> =>
      (function* () {
        return `${yield* child.stdout!.readline()}`;
      })();
    expect(yield* line()).toBe('ready\n');
    expect(child.sendSignal('SIGHUP')).toBe(true);
    expect(yield* line()).toBe('hup\n');
    expect(child.sendSignal(0)).toBe(true);
    expect(child.sendSignal('SIGUSR1')).toBe(true);
    expect(yield* line()).toBe('usr\n');
    expect(yield* child.wait()).toBe(4);
    expect(child.sendSignal('SIGHUP')).toBe(false);
    expect(child.terminate()).toBe(false);
    expect(child.kill()).toBe(false);
    expect(child.kill({ after: 1 })).toBe(false);
    for (const bad of ['SIGNOPE', 'HUP', 65, -1, 1.5, 'toString']) {
      expect(() => child.sendSignal(bad as never)).toThrow(RangeError);
    }
    for (const bad of [null, undefined, {}]) {
      expect(() => child.sendSignal(bad as never)).toThrow(TypeError);
    }
  });
});

test('kill({ after }) asks first, and insists', async () => {
  await run(function* () {
    const polite = yield* createSubprocessExec('sleep', '100');
    expect(polite.kill({ after: '1h' })).toBe(true);
    expect(yield* polite.wait()).toBe(-15);
    const deaf = yield* createSubprocessShell(
      'trap "" TERM; echo ready; while :; do sleep 1; done',
      {
        stdout: 'pipe',
      },
    );
    yield* deaf.stdout!.readline();
    expect(deaf.kill({ after: '10ms' })).toBe(true);
    expect(yield* deaf.wait()).toBe(-9);
  });
});

test('await using kills a child that runs', async () => {
  await run(async () => {
    const child = await createSubprocessExec('sleep', '100');
    await child[Symbol.asyncDispose]();
    expect(child.returncode).toBe(-9);
    await child[Symbol.asyncDispose]();
  });
});

test('arguments and options that no program can have are refused at the call', async () => {
  await run(function* () {
    const exec = createSubprocessExec as (...args: unknown[]) => unknown;
    const refused: Array<[unknown[], RegExp]> = [
      [[], /program must be a string, got undefined/],
      [[''], /program must not be empty/],
      [['a\0b'], /program must not have a NUL byte/],
      [['ls', 'a\0b'], /args\[0\] must not have a NUL byte/],
      [['ls', 5, 'a'], /args\[0\] must be a string, got 5/],
      [['ls', 5], /options must be an object, got 5/],
      [['ls', { stdout: 'PIPE' }], /stdout must be 'inherit', 'pipe', 'null', a descriptor/],
      [['ls', { stdin: 'stdout' }], /stdin must be/],
      [['ls', { stdin: -1 }], /stdin must be an integer from 0/],
      [['ls', { stdin: { fd: null } }], /stdin must be/],
      [['ls', { cwd: 'a\0b' }], /cwd must not have a NUL byte/],
      [['ls', { cwd: '' }], /cwd must not be empty/],
      [['ls', { cwd: 5 }], /cwd must be a string/],
      [['ls', { env: { 'A=B': 'x' } }], /'A=B' is no name of a variable/],
      [['ls', { env: { A: 'x\0' } }], /env.A must not have a NUL byte/],
      [['ls', { env: { A: true } }], /env.A must be a string, got true/],
      [['ls', { env: ['A=B'] }], /env must be an object/],
      [['ls', { uid: 'root' }], /uid must be a number, got 'root'/],
      [['ls', { gid: -1 }], /gid must be an integer from 0/],
      [['ls', { umask: 0o1000 }], /umask must be an integer from 0 to 511/],
      [['ls', { passFds: 3 }], /passFds must be an array/],
      [['ls', { passFds: [2] }], /passFds\[0\] must be an integer from 3/],
      [['ls', { detached: 1 }], /detached must be true or false/],
      [['ls', { detached: true, processGroup: 0 }], /exclude each other/],
      [['ls', { limit: 0 }], /limit must be a positive integer/],
      [['ls', { stdour: 'pipe' }], /no option 'stdour'; did you mean 'stdout'/],
      [['ls', { shell: true }], /no option 'shell'/],
    ];
    for (const [args, message] of refused) expect(() => exec(...args)).toThrow(message);
    expect(() => createSubprocessShell(5 as never)).toThrow(/must be a string, got 5/);
    expect(() => createSubprocessShell('ls', 'x' as never)).toThrow(/options must be an object/);
    const child = yield* createSubprocessExec('true');
    expect(() => child.kill({ after: 'soon' })).toThrow(TypeError);
    expect(() => child.kill({ before: 1 } as never)).toThrow(/no option 'before'/);
    expect(() => child.wait({ timeout: 1 } as never)).toThrow(/no option 'timeout'/);
    yield* child.wait();
  });
});

test('wait() with a signal gives up the wait, not the child', async () => {
  await run(function* () {
    const child = yield* createSubprocessExec('cat', { stdin: 'pipe' });
    const controller = new AbortController();
    const waiting = child.wait({ signal: controller.signal });
    controller.abort('enough');
    yield* expectError(waiting as never, { name: 'AbortError', cause: 'enough' });
    yield* expectError(child.wait({ signal: controller.signal }) as never, { name: 'AbortError' });
    const cancelled = child.wait();
    cancelled.cancel();
    expect(child.returncode).toBeNull();
    child.stdin!.close();
    expect(yield* child.wait()).toBe(0);
  });
});
