// Work in child processes: toProcess and ProcessPoolExecutor.
import {
  CancelledError,
  createTask,
  getRunningLoop,
  ProcessPoolExecutor,
  run,
  RuntimeError,
  sleep,
  toProcess,
} from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection, thrown } from '../support/outcomes.ts';
import { runChild } from './core-child.ts';

/** A module for the processes. */
const WORK = `data:text/javascript,${encodeURIComponent(`
  export default (n) => n + 1;
  export const pid = () => process.pid;
  export const wait = () => new Promise(() => setInterval(() => {}, 1000));
`)}`;

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a function and a module work in another process, in both lanes', async () => {
  await run(function* () {
    expect(yield* toProcess((a: number, b: number) => a + b, 1, 2)).toBe(3);
    const pid: number = yield* toProcess({ module: WORK, name: 'pid' });
    expect(pid).not.toBe(process.pid);
    // It is kept for the next.
    expect(yield* toProcess({ func: () => process.pid })).toBe(pid);
    expect(yield* toProcess({ module: WORK }, 1)).toBe(2);
    expect(yield* toProcess(() => new Map([[1, Buffer.from('x')]]))).toEqual(
      new Map([[1, new Uint8Array([120])]]),
    );
  });
  await run(async () => {
    expect(await toProcess(async (text: string) => text.toUpperCase(), 'a')).toBe('A');
  });
});

test('errors keep what they are, and say what is wrong with the work', () =>
  run(async () => {
    const range = await rejection(
      toProcess(() => {
        throw Object.assign(new RangeError('too far'), { code: 'EFAR' });
      }),
    );
    expect(range).toBeInstanceOf(RangeError);
    expect(range).toMatchObject({ message: 'too far', code: 'EFAR' });
    const outside = 5;
    expect((await rejection(toProcess(() => outside))).message).toMatch(
      /sent to a process is only its source text/,
    );
    expect((await rejection(toProcess(() => () => 1))).name).toBe('DataCloneError');
    expect(
      thrown(() =>
        toProcess(
          (f: unknown) => f,
          () => 1,
        ),
      ).message,
    ).toMatch(/argument 1 .* cannot travel to a process/);
    expect(
      thrown(() => toProcess({ func: () => 1, transfer: [new ArrayBuffer(1)] })),
    ).toBeInstanceOf(TypeError);
    expect((await rejection(toProcess({ module: WORK, name: 'none' }))).message).toMatch(
      /exports no function called none; it exports default, pid, wait/,
    );
    expect(thrown(() => toProcess(class {} as never))).toBeInstanceOf(TypeError);
  }));

test('a process that ends before its work is an error, and the next work has another', () =>
  run(async () => {
    const error = await rejection(toProcess(() => process.exit(3)));
    expect(error).toBeInstanceOf(RuntimeError);
    expect(error.message).toBe('the process that ran <anonymous> has ended');
    expect(await toProcess(() => 1)).toBe(1);
  }));

test('work that is cancelled while it runs ends with its process; waiting work never begins', () =>
  run(async () => {
    await using processes = new ProcessPoolExecutor({ maxWorkers: 1, name: 'one' });
    expect(String(processes)).toBe('<ProcessPoolExecutor one>');
    const loop = getRunningLoop();
    const pid: number = await loop.runInExecutor(processes, { module: WORK, name: 'pid' });
    const running = loop.runInExecutor(processes, () => {
      for (;;);
    });
    const waiting = loop.runInExecutor(processes, () => 'waited');
    const given = loop.runInExecutor(processes, () => 'never');
    given.cancel();
    running.cancel();
    expect(await rejection(running)).toBeInstanceOf(CancelledError);
    expect(await rejection(given)).toBeInstanceOf(CancelledError);
    expect(await waiting).toBe('waited');
    expect(await loop.runInExecutor(processes, () => process.pid)).not.toBe(pid);
    expect(alive(pid)).toBe(false);
    const abort = new AbortController();
    const signalled = processes.submit({ module: WORK, name: 'wait' }, [], {
      signal: abort.signal,
    });
    abort.abort('why');
    expect(await rejection(signalled)).toMatchObject({ code: 'ABORT_ERR', cause: 'why' });
    expect(await rejection(processes.submit(() => 1, [], { signal: abort.signal }))).toMatchObject({
      code: 'ABORT_ERR',
    });
  }));

test('shutdown: gently, without what waits, and by force', async () => {
  const gentle = new ProcessPoolExecutor({ maxWorkers: 1 });
  const done = [gentle.submit(() => 1), gentle.submit(() => 2)];
  await gentle.shutdown();
  expect(await Promise.all(done)).toEqual([1, 2]);
  expect(thrown(() => gentle.submit(() => 1))).toBeInstanceOf(RuntimeError);
  const pending = new ProcessPoolExecutor({ maxWorkers: 1 });
  const first = pending.submit(() => 'first');
  const second = rejection(pending.submit(() => 'second'));
  await pending.shutdown({ cancelPending: true });
  expect([await first, (await second).name]).toEqual(['first', 'CancelledError']);
  const forced = new ProcessPoolExecutor({ maxWorkers: 1 });
  const pid: number = await forced.submit({ module: WORK, name: 'pid' });
  const endless = rejection(forced.submit({ module: WORK, name: 'wait' }));
  await forced.shutdown({ terminate: true });
  expect(await endless).toBeInstanceOf(RuntimeError);
  expect(alive(pid)).toBe(false);
  await new ProcessPoolExecutor().shutdown();
});

test('options that are none', () => {
  expect(() => new ProcessPoolExecutor({ maxWorkers: 0 })).toThrow(RangeError);
  expect(() => new ProcessPoolExecutor({ name: 5 as never })).toThrow(TypeError);
  expect(() => new ProcessPoolExecutor({ workers: 1 } as never)).toThrow("no option 'workers'");
  expect(thrown(() => toProcess(() => 1))).toBeInstanceOf(RuntimeError);
});

test('simulated time stands still meanwhile', () =>
  runVirtual(async () => {
    const timer = createTask(() => sleep(1000).then());
    expect(await toProcess(() => 1)).toBe(1);
    expect(timer.done()).toBe(false);
    timer.cancel();
  }));

test('a program that used processes ends, and leaves none behind', async () => {
  const ended = await runChild(`
    import { run, toProcess, createTask, sleep } from 'oxbow';
    await run(async () => {
      console.log(await toProcess(() => process.pid));
      const task = createTask(async () => { await toProcess({ module: ${JSON.stringify(WORK)}, name: 'wait' }); });
      await sleep(0);
      task.cancel();
    });`);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(alive(Number(ended.stdout))).toBe(false);
});
