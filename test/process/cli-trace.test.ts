// `oxbow trace` and OXBOW_TRACE: arguments, exit codes, and a whole file however the program ends.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { checkTrace, readTrace } from '../support/trace-format.ts';
import type { TraceEvent } from '../support/trace-format.ts';
import { MAIN, oxbow, programs } from './cli-child.ts';
import type { Programs } from './cli-child.ts';
import { spawnSync } from 'node:child_process';

let files: Programs;
beforeAll(() => {
  files = programs('cli-trace');
  files.write(
    'plain.mjs',
    "import { createTask, sleep } from 'oxbow';",
    'export default function* main(...args) {',
    "  console.log('arguments', ...args);",
    '  yield* createTask(function* child() { yield* sleep(0.002); });',
    '}',
  );
  files.write(
    'end.mjs',
    "import { getRunningLoop, sleep } from 'oxbow';",
    'export default async function main(how) {',
    '  await sleep(0.001);',
    '  getRunningLoop().callSoon(function last() {',
    "    if (how === 'exit') process.exit(3);",
    "    if (how === 'kill') process.kill(process.pid, 'SIGKILL');",
    "    if (how === 'abort') process.abort();",
    "    if (how === 'uncaught') process.nextTick(() => { throw new Error('nobody'); });",
    "    if (how === 'interrupt') process.kill(process.pid, 'SIGINT');",
    '  });',
    "  if (how === 'throw') throw new Error('main throws');",
    '  await sleep(3600);',
    '}',
  );
});
afterAll(() => files.remove());

function trace(...args: string[]): ReturnType<typeof oxbow> {
  return oxbow(['trace', ...args], { cwd: files.folder });
}

function read(name: string): TraceEvent[] {
  return readTrace(join(files.folder, name));
}

test('by default it is written to the current folder, and says so on stderr', async () => {
  const { code, stdout, stderr } = await trace('plain.mjs', 'a', '--b');
  expect(stdout).toBe('arguments a --b\n');
  const events = read('plain.trace.json');
  expect(stderr).toBe(
    `oxbow trace: ${events.length} events are in ${join(files.folder, 'plain.trace.json')}\n`,
  );
  expect(checkTrace(events)).toEqual([]);
  expect(events.some(({ name, ph }) => name.startsWith('child (') && ph === 'b')).toBe(true);
  expect(code).toBe(0);
});

test('a program that runs itself is recorded to its end', async () => {
  files.write(
    'itself.mjs',
    "import { run, sleep } from 'oxbow';",
    "void run(function* () { yield* sleep('2ms'); yield* sleep('1ms'); });",
  );
  const { code, stderr } = await trace('itself.mjs');
  const events = read('itself.trace.json');
  expect([code, stderr]).toEqual([
    0,
    `oxbow trace: ${events.length} events are in ${join(files.folder, 'itself.trace.json')}\n`,
  ]);
  expect(checkTrace(events)).toEqual([]);
  // The task has ended.
  expect(events.filter(({ cat, ph }) => cat === 'task' && ph === 'e')).not.toHaveLength(0);
});

test('the file to write is named before the program, in either way', () =>
  Promise.all(
    (
      [
        [['--output', 'one.json', 'plain.mjs', 'x'], 'one.json'],
        [['two.json', 'plain.mjs', 'x'], 'two.json'],
        [['three.json.gz', 'plain.mjs', 'x'], 'three.json.gz'],
        [['--limit', '20', 'four.json', '--duration', '5', 'plain.mjs', 'x'], 'four.json'],
        [['--output=five', '--', 'plain.mjs', 'x'], 'five'],
      ] as const
    ).map(async ([args, name]) => {
      const { code, stdout } = await trace(...args);
      expect(stdout).toBe('arguments x\n');
      expect(checkTrace(read(name))).toEqual([]);
      expect(read(name).length).toBeGreaterThan(10);
      expect(code).toBe(0);
    }),
  ));

const ENDS = [
  ['exit', 3, null],
  ['throw', 1, null],
  ['uncaught', 1, null],
  ['interrupt', 130, null],
  ['kill', null, 'SIGKILL'],
  ['abort', null, 'SIGABRT'],
] as const;
const ends = new Map<string, ReturnType<typeof trace>>();
// At once, for each of them mostly waits for a process to start.
beforeAll(() => ENDS.forEach(([how]) => ends.set(how, trace(`${how}.json`, 'end.mjs', how))));

test.each(ENDS)('the file is whole when the program ends by: %s', async (how, code, signal) => {
  const ended = await ends.get(how)!;
  expect([ended.code, ended.signal]).toEqual([code, signal]);
  const events = read(`${how}.json`);
  expect(checkTrace(events, signal !== null)).toEqual([]);
  expect(events.some(({ name }) => name === 'turn')).toBe(true);
  if (signal !== null) return;
  expect(ended.stderr).toContain(`oxbow trace: ${events.length} events are in `);
  if (how !== 'throw') expect(events.some(({ name }) => name === 'last')).toBe(true);
});

test('a wrong command line is told and nothing is run', () =>
  Promise.all(
    (
      [
        [[], 'no FILE was given'],
        [['only.json'], 'only.json is no program to run'],
        [
          ['a.json', '--output', 'b.json', 'plain.mjs'],
          'both a.json and --output b.json were given',
        ],
        [['--limit', '-1', 'plain.mjs'], '--limit'],
        [['--limit', 'many', 'plain.mjs'], '--limit: many is no number of events'],
        [['--duration', 'long', 'plain.mjs'], '--duration: "long" is no duration'],
        [['--such', 'plain.mjs'], '--such'],
      ] as const
    ).map(async ([args, message]) => {
      const { code, stdout, stderr } = await trace(...args);
      expect(stderr).toContain(message);
      expect(stderr).toContain('Usage: oxbow trace');
      expect([code, stdout]).toEqual([2, '']);
    }),
  ));

test('a program or a folder that is not there is an error with its name', async () => {
  const [program, folder] = await Promise.all([
    trace('nothing.mjs'),
    trace('no/such.json', 'plain.mjs'),
  ]);
  expect(program.code).toBe(2);
  expect(program.stderr).toContain('nothing.mjs');
  expect(existsSync(join(files.folder, 'nothing.trace.json'))).toBe(false);
  expect(folder.code).toBe(1);
  expect(folder.stderr).toContain('ENOENT');
  expect(folder.stdout).toBe('');
});

test('workers write into the same file, as threads of the process', async () => {
  files.write(
    'worker.mjs',
    "import { run, sleep } from 'oxbow';",
    'await run(function* inWorker() { yield* sleep(0.002); });',
  );
  files.write(
    'parent.mjs',
    "import { Worker } from 'node:worker_threads';",
    'export default () => Promise.all([1, 2].map(() => new Promise((resolve, reject) => {',
    "  const worker = new Worker(new URL('./worker.mjs', import.meta.url));",
    "  worker.on('error', reject).on('exit', resolve);",
    '})));',
  );
  const { code } = await trace('workers.json', 'parent.mjs');
  expect(code).toBe(0);
  const events = read('workers.json');
  expect(checkTrace(events)).toEqual([]);
  expect(new Set(events.map(({ pid }) => pid)).size).toBe(1);
  const threads = events
    .filter(({ name, ph }) => name === 'inWorker' && ph === 'X')
    .map(({ tid }) => tid);
  expect(new Set(threads).size).toBe(2);
  const names = events
    .filter(({ name }) => name === 'thread_name')
    .map(({ args }) => String(args!['name']).split(',')[0]);
  expect(names.sort()).toEqual(['main', 'worker 1', 'worker 2']);
});

test('a worker that is terminated while it writes leaves a whole file', async () => {
  files.write(
    'busy.mjs',
    "import { parentPort } from 'node:worker_threads';",
    "import { run } from 'oxbow';",
    'await run(function* () {',
    "  for (let n = 0; ; n++) { if (n === 2000) parentPort.postMessage('go'); yield; }",
    '});',
  );
  files.write(
    'terminates.mjs',
    "import { Worker } from 'node:worker_threads';",
    'export default async () => {',
    '  for (let n = 0; n < 5; n++) {',
    "    const worker = new Worker(new URL('./busy.mjs', import.meta.url));",
    "    await new Promise((resolve) => worker.on('message', resolve));",
    '    await worker.terminate();',
    '  }',
    '};',
  );
  const { code } = await trace('terminated.json', 'terminates.mjs');
  expect(code).toBe(0);
  const events = read('terminated.json');
  expect(checkTrace(events, true)).toEqual([]);
  expect(new Set(events.map(({ tid }) => tid)).size).toBe(6);
});

test('OXBOW_TRACE does the same for any program, and its children write files of their own', () => {
  const program = files.write(
    'env.mjs',
    "import { spawnSync } from 'node:child_process';",
    "import { run, sleep } from 'oxbow';",
    'await run(function* () { yield* sleep(0.001); });',
    "if (process.argv[2] !== 'child') {",
    "  const { pid } = spawnSync(process.execPath, [process.argv[1], 'child']);",
    '  console.log(pid);',
    '}',
  );
  const { stdout, stderr, status } = spawnSync(process.execPath, [program], {
    cwd: files.folder,
    encoding: 'utf8',
    env: { ...process.env, OXBOW_TRACE: 'env.json' },
  });
  expect([stderr, status]).toEqual(['', 0]);
  for (const name of ['env.json', `env.${stdout.trim()}.json`]) {
    expect(checkTrace(read(name))).toEqual([]);
    expect(read(name).length).toBeGreaterThan(5);
  }
});

test('OXBOW_TRACE that cannot be written is a warning, and the program runs', () => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [MAIN, 'run', join(files.folder, 'plain.mjs')],
    {
      cwd: files.folder,
      encoding: 'utf8',
      env: { ...process.env, OXBOW_TRACE: 'no/such.json' },
    },
  );
  expect([stdout, status]).toEqual(['arguments\n', 0]);
  expect(stderr).toContain('OXBOW_TRACE: ENOENT');
});
