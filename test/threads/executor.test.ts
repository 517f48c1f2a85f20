// Executors and their loop. Threads: thread-pool.test.ts and test/process.
import {
  CancelledError,
  createTask,
  DeadlockError,
  getRunningLoop,
  run,
  Runner,
  runSync,
  RuntimeError,
  sleep,
  ThreadPoolExecutor,
  toThread,
  waitFor,
} from 'oxbow';
import type { AbstractEventLoop, Executor, Future } from 'oxbow';
import { runVirtual, VirtualLoop } from 'oxbow/testing';

import { collectReports, rejection, thrown } from '../support/outcomes.ts';
import { Meeting, WORK } from './thread-meeting.ts';

/** An executor that keeps what it was asked; its work is settled by hand. */
class Manual implements Executor {
  readonly asked: {
    work: unknown;
    args: readonly unknown[];
    signal: AbortSignal | undefined;
  }[] = [];
  readonly shutdowns: object[] = [];
  answer: (work: unknown) => PromiseLike<unknown> = () => new Promise(() => {});

  submit(work: unknown, args: readonly unknown[], options?: { signal?: AbortSignal }): any {
    this.asked.push({ work, args, signal: options?.signal });
    return this.answer(work);
  }

  shutdown(options?: object): Promise<void> {
    this.shutdowns.push({ ...options });
    return Promise.resolve();
  }
}

test('runInExecutor takes any executor, also one that is not made of threads', async () => {
  await runVirtual(function* () {
    const manual = new Manual();
    manual.answer = () => Promise.resolve('done');
    const loop = getRunningLoop();
    expect(yield* loop.runInExecutor(manual, 'a job' as any, 1, 2)).toBe('done');
    expect(manual.asked[0]).toMatchObject({ work: 'a job', args: [1, 2] });
    loop.setDefaultExecutor(manual);
    expect(yield* toThread('another' as any)).toBe('done');
    manual.answer = () => Promise.reject(new RangeError('no'));
    try {
      yield* toThread('x' as any);
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
    }
    manual.answer = () => 3 as any;
    expect(thrown(() => toThread('x' as any)).message).toMatch(
      /submit\(\) .* gave 3, not a Promise/,
    );
    manual.answer = () => {
      throw new RangeError('at once');
    };
    expect(thrown(() => toThread('x' as any)).message).toBe('at once');
  });
});

test('cancel does not wait for an executor that never answers, and tells it', async () => {
  for (const lane of ['generator', 'async']) {
    await runVirtual(async () => {
      const manual = new Manual();
      const wait = (): Future<any> => getRunningLoop().runInExecutor(manual, () => 1);
      const task =
        lane === 'async'
          ? createTask(async () => {
              await wait();
            })
          : createTask(function* () {
              yield* wait();
            });
      await sleep(1);
      task.cancel('enough');
      expect((await rejection(task)).message).toBe('enough');
      const { signal } = manual.asked[0]!;
      expect(signal!.aborted).toBe(true);
      expect(signal!.reason).toBeInstanceOf(CancelledError);
      expect((await rejection(waitFor(wait(), 5))).name).toBe('TimeoutError');
    });
  }
});

test('a cancel at any turn around the answer: the one or the other, never neither', async () => {
  for (const lane of ['generator', 'async']) {
    for (let turn = 0; turn < 8; turn++) {
      const outcome = await runVirtual(async () => {
        const manual = new Manual();
        manual.answer = () =>
          new Promise((resolve) => {
            getRunningLoop().callLater(0.004, resolve, 'answer');
          });
        const wait = (): Future<any> => getRunningLoop().runInExecutor(manual, () => 1);
        const task =
          lane === 'async'
            ? createTask(async () => wait())
            : createTask(function* () {
                return yield* wait();
              });
        await sleep(turn / 1000);
        for (let more = 0; more < turn % 3; more++) await sleep(0);
        task.cancel();
        return task.catch((error: unknown) => (error as Error).name);
      });
      expect(outcome).toBe(turn < 4 ? 'CancelledError' : 'answer');
    }
  }
});

test('what is no executor is refused, with what is missing', async () => {
  await runVirtual(function* () {
    const loop = getRunningLoop();
    const refusal = (executor: any): string => {
      const error = thrown(() => loop.setDefaultExecutor(executor));
      expect(error).toBeInstanceOf(TypeError);
      return error.message;
    };
    expect(refusal(null)).toBe(
      'setDefaultExecutor(): null is no executor: it has no submit() and no shutdown()',
    );
    expect(refusal({ submit() {} })).toBe(
      'setDefaultExecutor(): Object is no executor: it has no shutdown()',
    );
    expect(refusal(ThreadPoolExecutor)).toMatch(/the function ThreadPoolExecutor is no executor/);
    expect(thrown(() => loop.runInExecutor('x' as any, () => 1)).message).toMatch(
      /^runInExecutor\(\): x is no executor/,
    );
  });
});

test('after shutdownDefaultExecutor runInExecutor(null) throws; others still work', async () => {
  await run(function* () {
    const loop = getRunningLoop();
    expect(yield* toThread(() => 1)).toBe(1);
    yield* loop.shutdownDefaultExecutor();
    yield* loop.shutdownDefaultExecutor('1s');
    const error = thrown(() => loop.runInExecutor(null, () => 1));
    expect(error).toBeInstanceOf(RuntimeError);
    expect(error.message).toBe('Executor shutdown has been called');
    const manual = new Manual();
    manual.answer = () => Promise.resolve(1);
    expect(yield* loop.runInExecutor(manual, () => 1)).toBe(1);
    expect(thrown(() => loop.shutdownDefaultExecutor('soon'))).toBeInstanceOf(TypeError);
  });
});

test('shutdownDefaultExecutor waits; when the time is over it warns and goes on', async () => {
  await runVirtual(async () => {
    const loop = getRunningLoop() as VirtualLoop;
    const warnings: string[] = [];
    loop._warn = (message) => {
      warnings.push(message);
    };
    const manual = new Manual();
    manual.shutdown = (options) => {
      manual.shutdowns.push({ ...options });
      return new Promise(() => {});
    };
    loop.setDefaultExecutor(manual);
    const start = loop.time();
    await loop.shutdownDefaultExecutor('5s');
    expect(loop.time() - start).toBeCloseTo(5);
    expect(warnings).toEqual(['the default executor has not ended its work within 5 seconds']);
    expect(manual.shutdowns).toEqual([{ wait: true }, { wait: false, terminate: true }]);
    loop.setDefaultExecutor(manual);
    const waiting = loop.shutdownDefaultExecutor();
    waiting.cancel();
    expect(waiting.cancelled()).toBe(true);
  });
});

test('an endless job: shutdownDefaultExecutor with a timeout ends the thread', async () => {
  await run(async () => {
    const loop = getRunningLoop();
    loop._warn = () => {};
    const meeting = new Meeting();
    const endless = toThread({ module: WORK, name: 'forever' }, meeting.shared);
    await meeting.begins();
    await loop.shutdownDefaultExecutor('10ms');
    expect((await rejection(endless)).message).toMatch(/was terminated/);
  });
});

test('run shuts the default executor down, and waits for its work', async () => {
  const manual = new Manual();
  const events: string[] = [];
  manual.shutdown = async (options) => {
    events.push(`shutdown ${JSON.stringify(options)}`);
    await null;
    events.push('ended');
  };
  let used: AbstractEventLoop;
  await runVirtual(function* () {
    used = getRunningLoop();
    used.setDefaultExecutor(manual);
    createTask(function* () {
      try {
        yield* sleep(100);
      } finally {
        events.push('cancelled');
      }
    });
    yield;
  });
  expect(events).toEqual(['cancelled', 'shutdown {"wait":true}', 'ended']);
  expect(used!.isClosed()).toBe(true);
});

test('close of a loop shuts its executor down without waiting, and late answers are dropped', async () => {
  const loop = new VirtualLoop();
  const manual = new Manual();
  let answer!: (value: unknown) => void;
  manual.answer = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  manual.shutdown = (options) => {
    manual.shutdowns.push({ ...options });
    throw new Error('cannot');
  };
  const reports = collectReports(loop);
  loop.setDefaultExecutor(manual);
  const future = loop.runInExecutor(null, () => 1);
  loop.close();
  loop.close();
  expect(manual.shutdowns).toEqual([{ wait: false, terminate: false }]);
  expect(reports.map(({ message }) => message)).toEqual([
    'the shutdown of the default executor failed',
  ]);
  answer(1);
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  expect(future.done()).toBe(false);
  expect(thrown(() => loop.runInExecutor(null, () => 1)).message).toBe('Event loop is closed');
});

test('simulated time stands still while a thread works', async () => {
  await runVirtual(async () => {
    const loop = getRunningLoop();
    const start = loop.time();
    expect(
      await waitFor(
        toThread(() => 'in time'),
        0.001,
      ),
    ).toBe('in time');
    expect(loop.time() - start).toBeLessThan(0.001);
    await sleep(1000);
  });
});

test('simulated time goes on under runSync, also with work left from before', async () => {
  const runner = new Runner({ loopFactory: () => new VirtualLoop() });
  const meeting = new Meeting();
  await runner.run(function* () {
    toThread({ module: WORK, name: 'meet' }, meeting.shared);
    yield;
  });
  expect(
    runner.runSync(function* () {
      return yield* sleep(10, 'slept');
    }),
  ).toBe('slept');
  meeting.letGo();
  await runner.close();
});

test('runSync: waiting for a thread is a DeadlockError that says why', () => {
  const quiet = (): VirtualLoop => {
    const loop = new VirtualLoop();
    loop.setExceptionHandler(() => {});
    return loop;
  };
  for (const loopFactory of [quiet, undefined]) {
    const error = thrown(() =>
      runSync(
        function* () {
          yield* toThread(() => 1);
        },
        loopFactory === undefined ? {} : { loopFactory },
      ),
    );
    expect(error).toBeInstanceOf(DeadlockError);
    expect(error.message).toMatch(/work in a thread.* needs run\(\) instead of runSync\(\)/);
  }
});

test('toThread outside of a loop is a RuntimeError', () => {
  expect(thrown(() => toThread(() => 1)).message).toMatch(
    /^no running event loop: toThread\(\) was called/,
  );
});
