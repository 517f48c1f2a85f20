// `oxbow ps`, `pstree` and `top` look at programs that run.
import { oxbow, snapshotWhen, Watched, watchPrograms, whenListed } from './monitor-child.ts';

watchPrograms();

const LANES = `
import { createTask, gather, Lock, Queue, run, sleep } from 'oxbow';
const queue = new Queue();
const lock = new Lock();
function* inner() {
  yield* sleep('1h');
}
function* sleeper() {
  yield* inner();
}
async function asyncSleeper() { await sleep('1h'); }
function* getter() {
  yield* queue.get();
}
async function locker() { await lock.acquire(); }
function* gatherer() {
  yield* gather(createTask(sleeper, { name: 'child' }), createTask(asyncSleeper, { name: 'lane' }));
}
async function waiter(task) { await task; }
await run(function* main() {
  yield* lock.acquire();
  createTask(getter, { name: 'getter' });
  createTask(locker, { name: 'locker' });
  const all = createTask(gatherer, { name: 'gatherer' });
  createTask(() => waiter(all), { name: 'waiter' });
  console.log('up');
  yield* all;
});`;

test('tasks of both lanes: where they wait, what for, and who waits for them', async () => {
  const program = new Watched('lanes', LANES);
  const {
    threads: [main],
  } = await whenListed(program, 7);
  const { tasks } = main!.loops[0]!;
  const named = (name: string): (typeof tasks)[number] => tasks.find((task) => task.name === name)!;
  const places = (name: string): string[] =>
    named(name).frames.map(({ file, line, functionName }) => `${functionName} ${file}:${line}`);
  const { file } = program;
  expect(places('getter')).toEqual([`getter ${file}:13`]);
  expect(places('child')).toEqual([`inner ${file}:6`, `sleeper ${file}:9`]);
  expect(places('gatherer')).toEqual([`gatherer ${file}:17`]);
  expect(named('lane').frames[0]!.functionName).toBe('asyncSleeper');
  expect(Object.fromEntries(tasks.map(({ name, waitsFor }) => [name, waitsFor]))).toEqual({
    'Task-1': 'task gatherer',
    getter: 'Queue.get',
    locker: 'Lock.acquire',
    gatherer: 'gather',
    waiter: 'task gatherer',
    child: 'sleep',
    lane: 'sleep',
  });
  expect(Object.fromEntries(tasks.map(({ name, lane }) => [name, lane]))).toEqual({
    'Task-1': 'generator',
    getter: 'generator',
    locker: 'async',
    gatherer: 'generator',
    waiter: 'async',
    child: 'generator',
    lane: 'async',
  });
  expect(tasks.every(({ state }) => state === 'waiting')).toBe(true);
  const gatherer = named('gatherer').id;
  expect(new Set(named('gatherer').awaitedBy)).toEqual(
    new Set([named('Task-1').id, named('waiter').id]),
  );
  expect([named('child').awaitedBy, named('lane').awaitedBy]).toEqual([[gatherer], [gatherer]]);

  const ps = await oxbow(['ps', program.pid]);
  expect([ps.code, ps.stderr]).toEqual([0, '']);
  expect(ps.stdout).toMatch(/^Loop 1 {2}epoll, main thread, running, 7 tasks$/m);
  expect(ps.stdout).toMatch(/^ *\d+ {2}getter +Queue\.get +\S*lanes\.mjs:13 in getter$/m);
  const tree = await oxbow(['pstree', program.pid]);
  expect([tree.code, tree.stderr]).toEqual([0, '']);
  expect(tree.stdout).toMatch(
    new RegExp(
      [
        String.raw`├── Task-1 \(waiting: task gatherer\)\n`,
        String.raw`│   │   \S*lanes\.mjs:27 in main\n`,
        String.raw`│   └── gatherer #\d+ \(waiting: gather\)\n`,
        String.raw`│       │   \S*lanes\.mjs:17 in gatherer\n`,
        String.raw`│       ├── child #\d+ \(waiting: sleep\)\n`,
        String.raw`│       │       \S*lanes\.mjs:9 in sleeper\n`,
        String.raw`│       │       \S*lanes\.mjs:6 in inner\n`,
        String.raw`│       └── lane #\d+ \(waiting: sleep\)\n`,
      ].join(''),
    ),
  );
  expect(tree.stdout).toMatch(
    /└── waiter #\d+ \(waiting: task gatherer\)\n.*\n {4}└── gatherer #\d+ \(see above\)\n/,
  );
});

const KINDS = `
import { createTask, forEach, promise, run, sleep, toThread } from 'oxbow';
import { ClientSession, Response, serve } from 'oxbow/http';
await run(function* main() {
  const server = yield* serve({ * fetch() { yield* sleep('1h'); return new Response(''); } });
  const session = new ClientSession();
  const spin = () => { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20_000); };
  createTask(function* () { yield* promise(new Promise(() => {})); }, { name: 'promise' });
  createTask(async () => { await new Promise(() => {}); }, { name: 'async promise' });
  createTask(function inThread() { return toThread(spin); }, { name: 'thread' });
  createTask(function* () { yield* toThread(spin); }, { name: 'thread too' });
  createTask(function* () { yield* forEach([1], () => sleep('1h')); }, { name: 'each' });
  createTask(function request() { return session.get(server.url); }, { name: 'client' });
  createTask(function* () { yield* server.serveForever(); }, { name: 'server' });
  yield* sleep('1h');
});`;

test('every task has a place or a name, its own number, and what it waits for', async () => {
  const program = new Watched('kinds', KINDS);
  const {
    threads: [main],
  } = await whenListed(program, 11);
  const { tasks } = main!.loops[0]!;
  const waits = Object.fromEntries(tasks.map(({ name, waitsFor }) => [name, waitsFor]));
  expect(waits).toMatchObject({
    promise: 'a Promise',
    'async promise': 'a Promise',
    thread: 'an executor',
    'thread too': 'an executor',
  });
  for (const { id, name, coroutine, frames, waitsFor } of tasks) {
    expect([name, frames.length > 0 || coroutine !== '', waitsFor !== '']).toEqual([
      name,
      true,
      true,
    ]);
    if (name.startsWith('Task-')) expect(name).toBe(`Task-${id}`);
  }
  expect(new Set(tasks.map(({ id }) => id)).size).toBe(tasks.length);
  const { stdout } = await oxbow(['ps', program.pid]);
  expect(stdout).toMatch(/^ *\d+ {2}thread +an executor +inThread$/m);
  expect(stdout).toMatch(/^ *\d+ {2}client +task Task-\d+ +request$/m);
});

test('no line is wider than COLUMNS says, and no name reaches the terminal as it is', async () => {
  const program = new Watched(
    'names',
    `
    import { createTask, run, sleep } from 'oxbow';
    await run(function* () {
      const names = [
        '\\x1b[31mred\\x1b]0;title\\x07', '名前'.repeat(40), 'a'.repeat(5000), 'x\\r\\ny',
        '\\u202eabc', 'e\\u0301'.repeat(90), '\\ud83d', '👍🏽'.repeat(30), '', '\\x9b2J'];
      const made = names.map((name) => createTask(() => sleep('1h'), { name }));
      yield* made[0];
    });`,
  );
  await whenListed(program, 11);
  for (const command of ['ps', 'pstree', 'top']) {
    const environments: Record<string, string>[] = [
      {},
      { LANG: 'C' },
      { COLUMNS: '80' },
      { COLUMNS: '61' },
    ];
    for (const env of environments) {
      const once = command === 'top' ? ['--once'] : [];
      const { code, stdout, stderr } = await oxbow([command, ...once, program.pid], env);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
      if (env['LANG'] === 'C') expect(stdout).toMatch(/^[\x20-\x7e\n]*$/);
      const width = Number(env['COLUMNS'] ?? Infinity);
      for (const line of stdout.split('\n')) {
        // As terminals count: what is wide takes two.
        const plain = line.replace(/\p{Mn}|\p{Emoji_Modifier}/gu, '');
        const wide = plain.match(/[名前👍]/gu)?.length ?? 0;
        expect([...plain].length + wide).toBeLessThanOrEqual(width);
      }
    }
  }
});

test('loops of worker threads are listed until their threads end', async () => {
  const program = new Watched(
    'workers',
    `
    import { Worker } from 'node:worker_threads';
    import { run, sleep } from 'oxbow';
    const source = "import { run, sleep } from 'oxbow'; await run(() => sleep('1h'));"
      .replace("'oxbow'", JSON.stringify(import.meta.resolve('oxbow')));
    const url = new URL('data:text/javascript,' + encodeURIComponent(source));
    const worker = new Worker(url);
    process.stdin.once('data', () => worker.terminate().then(() => console.log('terminated')));
    await run(() => sleep('1h'));`,
  );
  const both = await snapshotWhen(
    program,
    ({ threads }) =>
      threads.length === 2 && threads.every(({ loops }) => loops[0]?.taskCount === 1),
  );
  expect(both.threads[0]!.thread).toBe(0);
  expect(both.threads[1]!.thread).toBeGreaterThan(0);
  const { stdout } = await oxbow(['ps', program.pid]);
  expect(stdout).toMatch(/^Loop 1 {2}epoll, worker thread \d+, running, 1 task$/m);
  program.tell('now\n');
  await program.said('terminated');
  await snapshotWhen(program, ({ threads }) => threads.length === 1);
});

test('a program whose only loops are in worker threads has a monitor too', async () => {
  const program = new Watched(
    'worker',
    `
    import { Worker } from 'node:worker_threads';
    const source = "import { run, sleep } from 'oxbow'; await run(() => sleep('1h'));"
      .replace("'oxbow'", JSON.stringify(import.meta.resolve('oxbow')));
    for (let n = 0; n < 2; n++) {
      new Worker(new URL('data:text/javascript,' + encodeURIComponent(source)));
    }`,
  );
  const { threads } = await snapshotWhen(
    program,
    (answer) =>
      answer.threads.length === 2 &&
      answer.threads.every(({ state, loops }) => state === 'ok' && loops.length === 1),
  );
  expect(threads.every(({ thread }) => thread > 0)).toBe(true);
});

test('a loop that owns its thread answers while it waits, and while it is busy', async () => {
  const program = new Watched(
    'owner',
    `
    import { createTask, runSync, sleep } from 'oxbow';
    function* sleeper() { yield* sleep('1h'); }
    runSync(function* () {
      yield* createTask(sleeper, { name: 'one' });
    });`,
  );
  const {
    threads: [idle],
  } = await whenListed(program, 2);
  expect([idle!.state, idle!.loops[0]!.running]).toEqual(['ok', true]);
  const busy = new Watched(
    'busy-owner',
    `
    import { getRunningLoop, runSync, sleep } from 'oxbow';
    runSync(function* () {
      const loop = getRunningLoop();
      const again = () => { loop.callSoon(again); };
      again();
      yield* sleep('1h');
    });`,
  );
  expect((await whenListed(busy, 1)).threads[0]!.state).toBe('ok');
});

test('top prints frames of what happened since the one before', async () => {
  const program = new Watched(
    'top',
    `
    import { getRunningLoop, run, sleep } from 'oxbow';
    await run(function* () {
      const loop = getRunningLoop();
      const tick = () => { loop.callLater('1ms', tick); };
      tick();
      loop.callSoon(function slow() { for (const end = loop.time() + 0.02; loop.time() < end;); });
      yield* sleep('1h');
    });`,
  );
  await whenListed(program, 1);
  const { code, stdout, stderr } = await oxbow([
    'top',
    '-n',
    2,
    '--interval',
    '100ms',
    program.pid,
  ]);
  expect([code, stderr]).toEqual([0, '']);
  const frames = stdout.split(/(?=^PID )/m);
  expect(frames).toHaveLength(2);
  for (const frame of frames) {
    expect(frame).toMatch(/^ {2}busy +\d+\.\d % [█░]{24}$/m);
    expect(frame).toMatch(/^ {2}\S+ turns\/s {3}\S+ events\/s {3}\S+ callbacks\/s$/m);
    expect(frame).toMatch(/^ {2}\d+ ready {3}\d+ timers {3}0 handles {3}1 tasks$/m);
    expect(frame).toMatch(/^ {2}lateness of timers +\d+ /m);
    expect(frame).toMatch(/^ +\S+ m?s +\S+ m?s ago {2}slow\(\)$/m);
  }
  expect(frames[0]).toMatch(/since the start/);
  expect(frames[1]).toMatch(/, last \S+ m?s\)$/m);
  const json = await oxbow(['top', '--once', '--json', program.pid]);
  expect(JSON.parse(json.stdout).threads[0].loops[0].metrics.turns).toBeGreaterThan(1);
});
