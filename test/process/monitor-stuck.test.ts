// What is told of a program whose loop does not answer, and that it goes on afterwards.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';

import {
  oxbowWhen,
  snapshot,
  snapshotWhen,
  Watched,
  watchPrograms,
  whenListed,
} from './monitor-child.ts';
import { commands, testWith } from '../support/needs.ts';

watchPrograms();

/** Ends when the file is there. */
function spinning(name: string, before = ''): Watched {
  return new Watched(
    name,
    `
    import { existsSync } from 'node:fs';
    import { createTask, run, sleep } from 'oxbow';
    ${before}
    function* sleeper() {
      yield* sleep('1h');
    }
    function spin() {
      while (!existsSync(import.meta.filename + '.go')) for (let n = 0; n < 1e4; n++);
      return 'went on';
    }
    await run(function* main() {
      createTask(sleeper, { name: 'sleeper' });
      createTask(async () => { await sleep('1h'); }, { name: 'lane' });
      yield* sleep('10ms');
      console.log('stuck');
      console.log(spin());
    });`,
  );
}

test('an endless loop: where it is, the tasks, and that it goes on', async () => {
  const program = spinning('spin');
  await program.said('stuck');
  // The line before it may be paused as well, on a busy machine.
  const {
    threads: [main],
  } = await snapshotWhen(
    program,
    ({ threads: [{ state, stack }] }) =>
      state === 'busy' && stack.some(({ functionName }) => functionName === 'spin'),
  );
  expect(main!.callback).toBe('Task-1');
  expect(main!.inCallback).toBe(true);
  // In the loop itself, or in the function of Node that it calls, which is left out.
  expect(
    main!.stack
      .slice(0, 2)
      .map(({ file, line, functionName }) => `${functionName} ${file}:${line}`),
  ).toEqual([`spin ${program.file}:9`, `main ${program.file}:17`]);
  const tasks = main!.loops[0]!.tasks;
  expect(tasks.map(({ name, state }) => [name, state])).toEqual([
    ['Task-1', 'running'],
    ['sleeper', 'waiting'],
    ['lane', 'waiting'],
  ]);
  expect(tasks[0]!.frames).toEqual(main!.stack);
  // Again and again, by two at once: it must survive being paused.
  const busy = /^The main thread is busy with JavaScript and does not answer: it has/m;
  const both = await Promise.all(
    ['ps', 'pstree'].map((command) => oxbowWhen(program, [command, program.pid], busy)),
  );
  for (const { code, stdout, stderr } of both) {
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^ {2}at \S*spin\.mjs:9 in spin$/m);
  }
  for (let round = 0; round < 10; round++) await snapshot(program);
  writeFileSync(`${program.file}.go`, '');
  expect(await program.ended).toEqual({
    code: 0,
    signal: null,
    stdout: 'stuck\nwent on\n',
    stderr: '',
  });
});

test('a tight loop with nothing in it', async () => {
  const program = new Watched(
    'tight',
    `
    import { run } from 'oxbow';
    await run(function* main() {
      console.log('stuck');
      for (;;) {}
    });`,
  );
  await program.said('stuck');
  const {
    threads: [main],
  } = await snapshotWhen(program, ({ threads }) => threads[0]!.state === 'busy');
  expect(main!.stack.map(({ line, functionName }) => [functionName, line])).toEqual([['main', 5]]);
});

const testWithPipe = testWith(commands('mkfifo'));

testWithPipe('a thread that native code holds: its callback, and the tasks before', async () => {
  const program = new Watched(
    'blocked',
    `
    import { once } from 'node:events';
    import { readFileSync } from 'node:fs';
    import { promise, run } from 'oxbow';
    // Opening a pipe that nobody writes to waits in the kernel.
    const blocked = () => readFileSync(import.meta.filename + '.pipe', 'utf8');
    await run(function* main() {
      yield* promise(once(process.stdin, 'data'));
      process.stdin.pause();
      console.log('stuck');
      console.log(blocked());
    });`,
  );
  const pipe = `${program.file}.pipe`;
  execFileSync('mkfifo', [pipe]);
  await whenListed(program, 1);
  program.tell('go\n');
  await program.said('stuck');
  // What is fresh is not called old.
  const {
    threads: [main],
  } = await snapshotWhen(
    program,
    ({ threads: [{ state, age }] }) => state === 'blocked' && age !== null && age > 0.5,
  );
  expect([main!.callback, main!.inCallback, main!.stack]).toEqual(['Task-1', true, []]);
  expect(main!.loops[0]!.tasks.map(({ name, frames }) => [name, frames[0]!.line])).toEqual([
    ['Task-1', 8],
  ]);
  const { stdout } = await oxbowWhen(
    program,
    ['ps', program.pid],
    /^The main thread is blocked outside of JavaScript and does not answer/m,
  );
  expect(stdout).toMatch(/^What follows is \S+ m?s old\.$/m);
  await writeFile(pipe, 'went on');
  expect(await program.ended).toEqual({
    code: 0,
    signal: null,
    stdout: 'stuck\nwent on\n',
    stderr: '',
  });
});

test('where a debugger may be attached nothing is paused', async () => {
  const program = spinning(
    'debugged',
    `
    import inspector from 'node:inspector';
    const session = new inspector.Session();
    session.connect();
    let pauses = 0;
    session.on('Debugger.paused', () => { pauses++; });
    session.post('Debugger.enable');
    inspector.open(0);
    process.on('exit', () => console.log('pauses', pauses));`,
  );
  await program.said('stuck');
  const {
    threads: [main],
  } = await snapshotWhen(program, ({ threads }) => threads[0]!.state === 'debugger');
  expect(main!.callback).toBe('Task-1');
  writeFileSync(`${program.file}.go`, '');
  expect((await program.ended).stdout).toBe('stuck\nwent on\npauses 0\n');
});

test('a worker thread that is stuck does not keep the others from answering', async () => {
  const program = new Watched(
    'stuck-worker',
    `
    import { Worker } from 'node:worker_threads';
    import { run, sleep } from 'oxbow';
    const source = "import { run, sleep } from 'oxbow';"
      + "await run(function* () { yield* sleep('200ms'); for (;;); });";
    new Worker(new URL('data:text/javascript,' + encodeURIComponent(
      source.replace("'oxbow'", JSON.stringify(import.meta.resolve('oxbow'))))));
    await run(() => sleep('1h'));`,
  );
  const { threads } = await snapshotWhen(
    program,
    (answer) =>
      answer.threads.map(({ state }) => state).join() === 'ok,silent' &&
      answer.threads[1]!.inCallback,
  );
  expect(threads[1]!.callback).toBe('Task-1');
});

test('a process that ends while it is looked into ends as it would have', async () => {
  const ends = ['process.exit(5);', 'startMonitor().close(); burn(50); process.exitCode = 5;'];
  for (const end of ends) {
    const program = new Watched(
      'ends',
      `
      import { run, sleep, startMonitor } from 'oxbow';
      function burn(ms) {
        for (const end = performance.now() + ms; performance.now() < end;);
      }
      await run(function* () {
        yield* sleep('10ms');
        console.log('stuck');
        burn(400);
        ${end}
      });`,
    );
    let over = false;
    const ended = program.ended.finally(() => {
      over = true;
    });
    await program.said('stuck');
    // Without a pause, so that a look is being taken when it ends.
    while (!over) await Promise.race([ended, snapshot(program).catch(() => {})]);
    expect(await ended).toEqual({ code: 5, signal: null, stdout: 'stuck\n', stderr: '' });
  }
});
