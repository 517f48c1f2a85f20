// The monitor's socket: who can reach it, what a bad client can do, and that it leaves no trace.
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';

import {
  exchange,
  oxbow,
  runtimeFolder,
  snapshot,
  socketFolder,
  Watched,
  watchPrograms,
  whenListed,
} from './monitor-child.ts';

watchPrograms();

const SLEEPS = `
  import { run, sleep } from 'oxbow';
  await run(() => sleep('1h'));`;

function sleeping(name: string): Watched {
  return new Watched(name, SLEEPS);
}

test('the socket is for its user only', async () => {
  const program = sleeping('modes');
  await whenListed(program, 1);
  expect((lstatSync(socketFolder()).mode & 0o777).toString(8)).toBe('700');
  expect((lstatSync(program.socket).mode & 0o777).toString(8)).toBe('600');
  expect(lstatSync(program.socket).isSocket()).toBe(true);
});

test('however a program ends, its exit code and output are its own, the socket goes', async () => {
  const ends: [string, number, string][] = [
    ['', 0, ''],
    ['process.exitCode = 5;', 5, ''],
    ['process.exit(7);', 7, ''],
    ['throw new Error("uncaught");', 1, 'Error: uncaught'],
  ];
  await Promise.all(
    ends.map(async ([source, code, stderr], at) => {
      const program = new Watched(
        `end-${at}`,
        `
      import { once } from 'node:events';
      import { run, sleep } from 'oxbow';
      console.log('up');
      await run(async () => { await once(process.stdin, 'data'); });
      process.stdin.pause();
      ${source}`,
      );
      await whenListed(program, 1);
      expect(existsSync(program.socket)).toBe(true);
      program.tell('end\n');
      const ended = await program.ended;
      expect([ended.code, ended.signal, ended.stdout]).toEqual([code, null, 'up\n']);
      expect(ended.stderr).toContain(stderr);
      if (stderr === '') expect(ended.stderr).toBe('');
      expect(existsSync(program.socket)).toBe(false);
    }),
  );
});

test('a program that ends at once is not held up, one without loops starts nothing', async () => {
  const watcher = "process.on('worker', () => console.log('a thread'));";
  const short = new Watched('short', "import { run } from 'oxbow'; await run(async () => 1);");
  const without = new Watched('without', `import 'oxbow'; ${watcher}`);
  const off = new Watched(
    'off',
    `
    ${watcher}
    const { run } = await import('oxbow');
    await run(async () => 1);`,
    { env: { OXBOW_MONITOR: '0' } },
  );
  const ended = await Promise.all([short, without, off].map((program) => program.ended));
  expect(ended).toEqual(Array(3).fill({ code: 0, signal: null, stdout: '', stderr: '' }));
  expect(existsSync(short.socket)).toBe(false);
});

test('what the program was started with is not started in the monitor again', async () => {
  const preload = `data:text/javascript,${encodeURIComponent('console.log("preloaded")')}`;
  const program = new Watched(
    'preload',
    `
    import { isMainThread } from 'node:worker_threads';
    import { run, sleep } from 'oxbow';
    console.log('main', isMainThread);
    await run(() => sleep('1h'));`,
    {
      args: ['--import', preload],
      env: {
        NODE_OPTIONS: `--import "${preload}" --no-warnings`,
      },
    },
  );
  await whenListed(program, 1);
  await snapshot(program);
  program.child.kill('SIGTERM');
  expect((await program.ended).stdout).toBe(
    'preloaded\npreloaded\nmain true\n'.replace(
      // Node runs the same module once, however often it is named.
      'preloaded\npreloaded',
      'preloaded',
    ),
  );
});

test('two clients at once get answers of their own', async () => {
  const program = sleeping('two');
  await whenListed(program, 1);
  const commands = ['snapshot', 'metrics', 'snapshot'];
  const answers = await Promise.all(
    commands.map((command, at) =>
      exchange(program.socket, `{"version":1,"id":${at + 1},"command":"${command}"}\n`),
    ),
  );
  expect(
    answers.map((text) => {
      const { ok, id, process } = JSON.parse(text);
      return [ok, id, process.pid, process.threads[0].loops[0].tasks.length];
    }),
  ).toEqual([
    [true, 1, program.pid, 1],
    [true, 2, program.pid, 0],
    [true, 3, program.pid, 1],
  ]);
});

test('nonsense is refused with a reason', async () => {
  const program = sleeping('nonsense');
  await whenListed(program, 1);
  const error = async (line: string | Buffer): Promise<string> =>
    JSON.parse(await exchange(program.socket, line)).error;
  expect(await error('hello\n')).toBe('a request must be one line of JSON');
  expect(await error('[1]\n')).toBe('a request must be a JSON object');
  expect(await error('{"version":2,"id":1,"command":"snapshot"}\n')).toBe(
    'version 2 is not spoken here, only 1',
  );
  expect(await error('{"version":1,"id":"1","command":"snapshot"}\n')).toBe(
    'id: "1" is not a number',
  );
  expect(await error('{"version":1,"id":1,"command":"exit"}\n')).toBe(
    "command: \"exit\" is not 'snapshot' or 'metrics'",
  );
  expect(await error(Buffer.alloc(100_000, 120))).toBe('a request has at most 4096 bytes');
  expect(await error(`${'x'.repeat(5000)}\n`)).toBe('a request has at most 4096 bytes');
  expect(await error(Buffer.from([0xff, 0xfe, 0, 10]))).toBe('a request must be one line of JSON');
});

test('clients that say nothing, do not read, or come by the hundred keep nobody out', async () => {
  const program = sleeping('hostile');
  await whenListed(program, 1);
  const open: Socket[] = [];
  const join = (bytes: string): void => {
    const socket = connect(program.socket);
    socket.on('error', () => {});
    socket.pause();
    socket.write(bytes);
    open.push(socket);
  };
  for (let n = 0; n < 300; n++) join('');
  const request = '{"version":1,"id":1,"command":"snapshot"}\n';
  for (let n = 0; n < 20; n++) join(request.repeat(50));
  // It may be turned away while others are being served, but not for long.
  const answered = async (): Promise<boolean> =>
    (await exchange(program.socket, request).catch(() => '')).startsWith('{"version":1');
  while (!(await answered())) expect(program.hasEnded()).toBe(false);
  for (const socket of open) socket.destroy();
  await whenListed(program, 1);
  expect(program.child.exitCode).toBe(null);
});

test('a folder that others could write to, or that is a link, is not used', async () => {
  const trusted = async (prepare: (folder: string) => void, at: number): Promise<string> => {
    const runtime = `${runtimeFolder()}/r${at}`;
    mkdirSync(runtime);
    prepare(join(runtime, 'oxbow'));
    const program = new Watched(
      `folder-${at}`,
      `
      import { run } from 'oxbow';
      await run(async () => console.log('ran'));`,
      { env: { XDG_RUNTIME_DIR: runtime } },
    );
    const { code, stdout, stderr } = await program.ended;
    expect([code, stdout]).toEqual([0, 'ran\n']);
    return stderr;
  };
  const [open, link, closed] = await Promise.all([
    trusted((folder) => {
      mkdirSync(folder);
      chmodSync(folder, 0o770);
    }, 1),
    trusted((folder) => {
      mkdirSync(`${folder}-real`, { mode: 0o700 });
      symlinkSync(`${folder}-real`, folder);
    }, 2),
    trusted((folder) => {
      mkdirSync(folder);
      chmodSync(folder, 0o755);
    }, 3),
  ]);
  expect(open).toMatch(/OxbowWarning: .* can be written by others \(mode 770\)/);
  expect(link).toMatch(/is not a directory/);
  expect(closed).toBe('');
  expect((lstatSync(`${runtimeFolder()}/r3/oxbow`).mode & 0o777).toString(8)).toBe('700');
});

test('a monitor removes the sockets of processes that were killed, and no others', async () => {
  const killed = sleeping('killed');
  const other = sleeping('other');
  await Promise.all([whenListed(killed, 1), whenListed(other, 1)]);
  killed.child.kill('SIGKILL');
  await killed.ended;
  expect(readdirSync(socketFolder())).toContain(`${killed.pid}.sock`);
  await whenListed(sleeping('next'), 1);
  while (existsSync(killed.socket)) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(existsSync(other.socket)).toBe(true);
});

test('startMonitor and its close', async () => {
  const program = new Watched(
    'start',
    `
    import { existsSync } from 'node:fs';
    import { once } from 'node:events';
    import { run, sleep, startMonitor } from 'oxbow';
    await run(async () => {
      const monitor = startMonitor();
      console.log(startMonitor() === monitor, monitor.path);
      await once(process.stdin, 'data');
      monitor.close();
      monitor.close();
      console.log(existsSync(monitor.path), startMonitor() === monitor);
      await once(process.stdin, 'data');
      process.stdin.pause();
    });`,
    { env: { OXBOW_MONITOR: '' } },
  );
  await whenListed(program, 1);
  program.tell('close\n');
  await program.said('false false');
  await whenListed(program, 1);
  program.tell('end\n');
  expect(await program.ended).toEqual({
    code: 0,
    signal: null,
    stderr: '',
    stdout: `true ${program.socket}\nfalse false\n`,
  });
  expect(existsSync(program.socket)).toBe(false);
});

test('what goes wrong is said in one line, with the right exit code', async () => {
  const program = sleeping('errors');
  const plain = new Watched('plain', 'console.log("up"); setTimeout(() => {}, 1e6);', {
    env: { OXBOW_MONITOR: '' },
  });
  await Promise.all([whenListed(program, 1), plain.said('up')]);
  const gone = sleeping('gone');
  gone.child.kill('SIGKILL');
  await gone.ended;
  const none = `oxbow ps: there is no process ${gone.pid}`;
  const silent =
    `oxbow pstree: process ${plain.pid} has no monitor, or has made no loop yet; ` +
    'start it with OXBOW_MONITOR=1';
  const wrong: [(string | number)[], number, unknown][] = [
    [['ps', gone.pid], 1, none],
    [['pstree', plain.pid], 1, silent],
    [['top', 'abc'], 2, "oxbow top: 'abc' is not the id of a process"],
    [['ps', '-1'], 2, expect.stringMatching(/^oxbow ps: Unknown option/)],
    [['ps', '0'], 2, "oxbow ps: '0' is not the id of a process"],
    [['ps', 1, 2], 2, 'oxbow ps: one PID, not 2'],
    [['top', '-n', 'x', 1], 2, "oxbow top: --count: 'x' is not a number of frames"],
    [['top', '--interval', '1ms', 1], 2, "oxbow top: --interval: '1ms' is not between 50ms and 1h"],
  ];
  await Promise.all(
    wrong.map(async ([args, exit, line]) => {
      const { code, stderr } = await oxbow(args);
      expect([code, stderr.split('\n')[0]]).toEqual([exit, line]);
    }),
  );
  const help = await oxbow(['top', '--help']);
  expect([help.code, help.stdout.split('\n')[0]]).toEqual([0, 'Usage: oxbow top [options] [PID]']);
  const list = await oxbow(['ps']);
  expect(list.code).toBe(0);
  expect(list.stdout).toMatch(
    new RegExp(`^ *${program.pid} .* 1 {2}v\\S+ +\\S*errors\\.mjs$`, 'm'),
  );
  expect(list.stdout).not.toContain(String(plain.pid));
});
