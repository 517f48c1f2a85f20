// startTrace: what the file has, that it is right whenever it is looked at, and wrong arguments.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getEnvironmentData } from 'node:worker_threads';

import {
  createTask,
  EventLoop,
  getRunningLoop,
  run,
  runSync,
  sleep,
  startTrace,
  Task,
  TraceSummary,
} from 'oxbow';
import { runVirtual, VirtualLoop } from 'oxbow/testing';
import { TRACE_KEY } from '#lib/monitor/trace/trace.js';

import { checkTrace, readTrace } from '../support/trace-format.ts';
import type { TraceEvent } from '../support/trace-format.ts';
import { thrown } from '../support/outcomes.ts';
import { ROOT } from '../support/root.ts';

const folder = mkdtempSync(join(tmpdir(), 'oxbow-trace-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const newPath = (ending = 'json'): string => join(folder, `${++files}.${ending}`);

function named(events: readonly TraceEvent[], name: string, ph: string): TraceEvent[] {
  return events.filter((event) => event.name === name && event.ph === ph);
}

test('the checker finds what it is for', () => {
  const event = (more: Partial<TraceEvent>): TraceEvent => ({
    name: 'a',
    cat: 'c',
    ph: 'X',
    ts: 0,
    dur: 10,
    pid: 1,
    tid: 1,
    ...more,
  });
  expect(checkTrace([event({}), event({ ts: 2, dur: 3 })])).toEqual([]);
  expect(checkTrace([event({}), event({ ts: 5, dur: 6 })]).length).toBe(1);
  expect(checkTrace([event({ ts: 5 }), event({ ts: 2, tid: 2 }), event({ ts: 1 })]).length).toBe(1);
  const { dur: _, ...bare } = event({});
  expect(checkTrace([bare]).length).toBe(1);
  expect(checkTrace([{ ...bare, ph: 'B' }])).toEqual(['a never ends']);
  expect(checkTrace([{ ...bare, ph: 'e', id: '1' }]).length).toBe(1);
});

test.each([
  ['a guest', (main: () => Generator<any, any>) => run(main)],
  ['the owner of the thread', async (main: () => Generator<any, any>) => runSync(main)],
])('as %s: turns, callbacks, steps, lives of tasks and lag are there', async (_n, start) => {
  const path = newPath();
  const trace = startTrace(path);
  await start(function* () {
    getRunningLoop().callLater(0.002, function lateOne() {});
    yield* createTask(function* child() {
      yield* sleep(0.003);
    });
  });
  const { events: count } = trace.stop();
  const events = readTrace(path);
  expect(checkTrace(events)).toEqual([]);
  expect(events.length).toBe(count);
  expect(named(events, 'turn', 'X').length).toBeGreaterThan(3);
  expect(named(events, 'lateOne', 'X')[0]!.args!['lag_us']).toBeGreaterThanOrEqual(0);
  expect(named(events, 'child', 'X').length).toBe(2);
  const [life] = events.filter(({ ph, name }) => ph === 'b' && name.startsWith('child (Task-'));
  expect(life!.args!['made_at']).toMatch(/trace\.test\.[jt]s:\d+$/);
  const [end] = events.filter(({ ph, id }) => ph === 'e' && id === life!.id);
  expect(end!.args).toEqual({ end: 'done' });
  expect(end!.ts - life!.ts).toBeGreaterThanOrEqual(3000);
  expect(events.filter(({ ph, id }) => 'sf'.includes(ph) && id === life!.id).length).toBe(2);
});

test('in simulated time the times are simulated, and two runs give the same', async () => {
  const record = async (): Promise<TraceEvent[]> => {
    const path = newPath();
    await runVirtual(function* () {
      const trace = startTrace(path, { loop: getRunningLoop() });
      const task = createTask(
        async function child() {
          await sleep(3600);
        },
        { name: 'c' },
      );
      yield* sleep(1);
      yield* task;
      yield* trace.stop();
    });
    const events = readTrace(path);
    expect(checkTrace(events)).toEqual([]);
    // What numbers the process has given to tasks so far has nothing to do with the run.
    const text = JSON.stringify(events.map(({ pid: _, ...rest }) => rest));
    return JSON.parse(text.replace(/Task-\d+/g, 'Task-N')) as TraceEvent[];
  };
  const first = await record();
  const slept = named(first, 'poll', 'X').map(({ ts, dur }) => [ts, dur]);
  expect(slept).toEqual([
    [0, 1e6],
    [1e6, 3599e6],
  ]);
  expect(named(first, 'child (c)', 'e')[0]!.ts).toBe(3600e6);
  expect(named(first, 'wakes child (c)', 'X').length).toBe(1);
  expect(await record()).toEqual(first);
});

test('a trace that starts and stops inside of a callback is whole', () => {
  const loop = new EventLoop();
  const path = newPath();
  loop.callSoon(() => {
    const trace = startTrace(path, { loop });
    loop.callSoon(function inside() {
      loop.callSoon(function later() {
        trace.stop();
      });
      loop.callSoon(function after() {
        loop.stop();
      });
    });
  });
  loop.runForeverSync();
  loop.close();
  const events = readTrace(path);
  expect(checkTrace(events)).toEqual([]);
  expect(named(events, 'inside', 'X').length).toBe(1);
  expect(events.some(({ name }) => name === 'later')).toBe(true);
  expect(events.some(({ name }) => name === 'after')).toBe(false);
});

test('at any time the file is one JSON text, also in the middle of a callback', () => {
  const loop = new VirtualLoop();
  const path = newPath();
  const trace = startTrace(path, { loop });
  let read: TraceEvent[] = [];
  let turns = 0;
  const spin = (): void => {
    for (let n = 0; n < 1000; n++) loop.callSoon(() => {});
    if (turns === 3) read = readTrace(path);
    if (++turns === 10) loop.stop();
    else loop.callSoon(spin);
  };
  loop.callSoon(spin);
  loop.runForeverSync();
  loop.close();
  expect(read.length).toBeGreaterThan(0);
  expect(checkTrace(read, true)).toEqual([]);
  trace.stop();
  expect(checkTrace(readTrace(path))).toEqual([]);
});

test('one turn of very many entries is written in pieces, and a limit cuts it', () => {
  const loop = new VirtualLoop();
  const whole = startTrace(newPath(), { loop });
  const limited = startTrace(newPath(), { loop, limit: 5000 });
  let written = 0;
  for (let n = 0; n < 20_000; n++) loop.callSoon(() => {});
  loop.callSoon(() => {
    written = readTrace(whole.path).length;
    loop.stop();
  });
  loop.runForeverSync();
  loop.close();
  expect(written).toBeGreaterThan(15_000);
  for (const trace of [whole, limited]) {
    const { events } = trace.stop();
    expect(checkTrace(readTrace(trace.path))).toEqual([]);
    expect(readTrace(trace.path).length).toBe(events);
  }
  expect(limited.events).toBeLessThan(5000 + 2100);
});

test('the names of functions and tasks may be anything', () =>
  runVirtual(function* () {
    const path = newPath();
    const loop = getRunningLoop();
    const trace = startTrace(path, { loop });
    const names = ['"}]', '\n\\', '\u2028', '\ud83d', 'x'.repeat(5000), 'ä€'];
    for (const name of names) {
      const named = (): void => {};
      Object.defineProperty(named, 'name', { value: name });
      loop.callSoon(named);
      createTask(function* () {}, { name });
    }
    yield* sleep(1);
    trace.stop();
    const events = readTrace(path);
    expect(checkTrace(events)).toEqual([]);
    for (const name of names) {
      expect(events.some((event) => event.name === name.slice(0, 200))).toBe(true);
    }
  }));

test('names that throw, and names that are no text, do no harm', () =>
  runVirtual(function* () {
    const path = newPath();
    const loop = getRunningLoop();
    const trace = startTrace(path, { loop });
    class Hostile extends Task<number> {
      override getName(): string {
        throw new Error('name');
      }
      override toString(): string {
        throw new Error('text');
      }
      static override get name(): never {
        throw new Error('class');
      }
    }
    class Odd extends Task<number> {
      override getName(): string {
        return 7n as never;
      }
    }
    const body = function* (): Generator<any, number> {
      yield* sleep(1);
      return 5;
    };
    const hostile = new Hostile(body, { loop });
    const odd = new Odd(body, { loop });
    const waits = createTask(function* () {
      return yield* hostile;
    });
    expect([yield* waits, yield* odd]).toEqual([5, 5]);
    trace.stop();
    const events = readTrace(path);
    expect(checkTrace(events)).toEqual([]);
    expect(events.some(({ args }) => args?.['task'] === '7')).toBe(true);
  }));

test('with .gz in its name it is compressed', () =>
  runVirtual(function* () {
    const path = newPath('json.gz');
    const trace = startTrace(path, { loop: getRunningLoop() });
    yield* sleep(1);
    const { events } = trace.stop();
    expect(readFileSync(path).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
    expect(readTrace(path).length).toBe(events);
  }));

test('limit and duration end it, and the program goes on', () =>
  runVirtual(function* () {
    const limited = startTrace(newPath(), { loop: getRunningLoop(), limit: 50 });
    const timed = startTrace(newPath(), { loop: getRunningLoop(), duration: '0ms' });
    for (let n = 0; n < 100; n++) yield* sleep(1);
    for (const trace of [limited, timed]) {
      const { events } = trace.stop();
      expect(readTrace(trace.path).length).toBe(events);
      expect(checkTrace(readTrace(trace.path))).toEqual([]);
      // By one turn it may go over.
      expect(events).toBeLessThan(60);
    }
  }));

test('stop() gives the same again, to await and to yield*', () =>
  runVirtual(async () => {
    const trace = startTrace(newPath(), { loop: getRunningLoop() });
    await sleep(1);
    const summary = trace.stop();
    expect(summary).toBeInstanceOf(TraceSummary);
    expect(summary.events).toBeGreaterThan(0);
    expect(await trace.stop()).toBe(summary);
    expect(
      await createTask(function* () {
        return yield* trace.stop();
      }),
    ).toBe(summary);
  }));

test('a trace without a loop is an empty list', () => {
  const path = newPath();
  const trace = startTrace(path, { loop: new VirtualLoop() });
  expect(readTrace(path)).toEqual([]);
  expect(trace.stop().events).toBe(0);
  expect(readTrace(path)).toEqual([]);
});

test('two loops of a thread are two threads of the trace', async () => {
  const path = newPath();
  const trace = startTrace(path);
  const main = function* (): Generator<any, void> {
    yield* sleep(0.001);
  };
  await Promise.all([run(main), run(main)]);
  trace.stop();
  const events = readTrace(path);
  expect(checkTrace(events)).toEqual([]);
  expect(new Set(named(events, 'turn', 'X').map(({ tid }) => tid)).size).toBe(2);
  expect(named(events, 'thread_name', 'M').length).toBe(2);
});

test('a trace of one loop that ends leaves the trace that workers join', () => {
  const whole = startTrace(newPath());
  const shared = getEnvironmentData(TRACE_KEY);
  expect(shared).toBeDefined();
  startTrace(newPath(), { loop: new VirtualLoop() }).stop();
  expect(getEnvironmentData(TRACE_KEY)).toBe(shared);
  whole.stop();
  expect(getEnvironmentData(TRACE_KEY)).toBeUndefined();
});

test('a task that is older than the trace begins where it is seen, without an arrow', () =>
  runVirtual(function* () {
    const task = createTask(function* old() {
      yield* sleep(1);
    });
    const path = newPath();
    const trace = startTrace(path, { loop: getRunningLoop() });
    yield* task;
    trace.stop();
    const events = readTrace(path);
    expect(checkTrace(events)).toEqual([]);
    const { id, args } = events.find(({ name, ph }) => name.startsWith('old (') && ph === 'b')!;
    expect(args).toBeUndefined();
    const all = events.filter((event) => event.id === id).map(({ ph }) => ph);
    expect(all).toEqual(['b', 'e']);
  }));

test('wrong arguments are named, and no file is made', () => {
  expect(thrown(() => startTrace('' as never)).message).toBe("path: '' is not the name of a file");
  expect(thrown(() => startTrace(7 as never))).toBeInstanceOf(TypeError);
  const path = newPath();
  expect(thrown(() => startTrace(path, { limit: '5' as never })).message).toBe(
    "limit: '5' is not a number of events",
  );
  expect(thrown(() => startTrace(path, { limit: 0 }))).toBeInstanceOf(RangeError);
  expect(thrown(() => startTrace(path, { limit: NaN }))).toBeInstanceOf(RangeError);
  expect(thrown(() => startTrace(path, { duration: 'soon' })).message).toMatch(/^duration: /);
  expect(thrown(() => startTrace(path, { loop: {} as never })).message).toBe(
    'loop: {} is not an event loop',
  );
  expect(thrown(() => readFileSync(path))).toMatchObject({ code: 'ENOENT' });
  expect(thrown(() => startTrace(join(folder, 'no', 'such.json')))).toMatchObject({
    code: 'ENOENT',
    syscall: 'open',
  });
});

test('a file that cannot be written to is an error at the start', () => {
  const path = newPath();
  startTrace(path, { loop: new VirtualLoop() }).stop();
  chmodSync(path, 0o400);
  // Who may write anywhere has no such error.
  if (process.getuid?.() !== 0) {
    expect(thrown(() => startTrace(path))).toMatchObject({ code: 'EACCES' });
  }
  if (process.platform !== 'linux') return;
  const descriptors = (): number => readdirSync('/proc/self/fd').length;
  const before = descriptors();
  expect(thrown(() => startTrace('/dev/full'))).toMatchObject({ code: 'ENOSPC' });
  expect(descriptors()).toBe(before);
});

test.each(['json', 'json.gz'])('on a full disk the file is whole up to there: .%s', (ending) => {
  const path = newPath(ending);
  // Names that compress badly, and one chunk of events more than a file may have.
  const program = `
    import { randomBytes } from 'node:crypto';
    import { startTrace } from 'oxbow';
    import { VirtualLoop } from 'oxbow/testing';
    const loop = new VirtualLoop();
    const trace = startTrace(${JSON.stringify(path)}, { loop });
    process.on('warning', ({ message }) => console.log(message));
    const spin = (turns) => {
      for (let n = 0; n < 1000; n++) {
        const callback = () => {};
        Object.defineProperty(callback, 'name', { value: randomBytes(64).toString('hex') });
        loop.callSoon(callback);
      }
      if (turns === 0) loop.stop();
      else loop.callSoon(spin, turns - 1);
    };
    loop.callSoon(spin, 25);
    loop.runForeverSync();
    console.log(trace.stop().events);
    loop.close();`;
  const limited = ['-c', 'ulimit -f 1024 && exec "$@"', 'sh', process.execPath];
  const { stdout, stderr } = spawnSync(
    'sh',
    [...limited, '--no-warnings', '--input-type=module', '-e', program],
    {
      cwd: ROOT,
      encoding: 'utf8',
    },
  );
  expect(stderr).toBe('');
  const [count, warning] = stdout.trim().split('\n');
  expect(warning).toMatch(/ends here: EFBIG/);
  const events = readTrace(path);
  expect(events.length).toBe(Number(count));
  expect(events.length).toBeGreaterThan(0);
});
