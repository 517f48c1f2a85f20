// Tasks and the driver.
import {
  allTasks,
  createTask,
  currentTask,
  ensureFuture,
  Future,
  gather,
  getRunningLoop,
  isTask,
  promise,
  run,
  RuntimeError,
  sleep,
  Task,
} from 'oxbow';
import type { Coro } from 'oxbow';
import { runVirtual, VirtualLoop } from 'oxbow/testing';

import { collectReports, rejection, thrown } from '../support/outcomes.ts';

test('a task runs in the next turn and gives what the coroutine returns', () =>
  runVirtual(function* () {
    let started = false;
    const task = createTask(function* () {
      started = true;
      return 'result';
    });
    expect(started).toBe(false);
    expect(yield* task).toBe('result');
    expect(isTask(task)).toBe(true);
  }));

test('tasks take their first steps in the order they were made', () =>
  runVirtual(function* () {
    const order: number[] = [];
    const tasks = [1, 2, 3].map((n) =>
      createTask(function* () {
        order.push(n);
      }),
    );
    yield* gather(tasks);
    expect(order).toEqual([1, 2, 3]);
  }));

test('a bare yield waits exactly one turn', () =>
  runVirtual(function* () {
    const loop = getRunningLoop();
    const order: string[] = [];
    loop.callSoon(() => {
      order.push('turn 1');
      loop.callSoon(() => order.push('turn 2'));
    });
    yield;
    expect(order).toEqual(['turn 1']);
    yield null;
    expect(order).toEqual(['turn 1', 'turn 2']);
  }));

test('generators, functions and Promises are coroutines; anything else is explained', () =>
  runVirtual(function* () {
    function* generator(): Coro<number> {
      return yield* sleep(1, 1);
    }
    expect(yield* createTask(generator())).toBe(1);
    expect(yield* createTask(generator)).toBe(1);
    expect(yield* createTask(() => generator())).toBe(1);
    expect(yield* createTask(async () => 2)).toBe(2);
    expect(yield* createTask(Promise.resolve(3))).toBe(3);
    expect(thrown(() => createTask(new Future() as never)).message).toMatch(/ensureFuture/);
    expect(thrown(() => createTask(42 as never)).message).toMatch(/coroutine was expected/);
    const wrong = createTask((() => 42) as never);
    const error = yield* gather([wrong], { returnExceptions: true });
    expect((error[0] as Error).message).toMatch(/returned 42/);
  }));

test('a wrong yield is thrown into the coroutine, with what to write instead', () =>
  runVirtual(function* () {
    const other = new VirtualLoop();
    const foreign = other.createFuture();
    const wrong: Array<[unknown, RegExp]> = [
      [42, /^Task got bad yield: 42$/],
      [Promise.resolve(), /yield\* promise\(/],
      [sleep(1), /^yield was used instead of yield\*/],
      [(function* () {})(), /yield\* generator/],
      [function named() {}, /named/],
    ];
    for (const [value, message] of wrong) {
      let error: Error | undefined;
      try {
        yield value as never;
      } catch (caught) {
        error = caught as Error;
      }
      expect(error).toBeInstanceOf(RuntimeError);
      expect(error!.message).toMatch(message);
    }
    let error: Error | undefined;
    try {
      yield* foreign;
    } catch (caught) {
      error = caught as Error;
    }
    expect(error!.message).toMatch(/attached to a different loop/);
    other.close();
  }));

test('a task cannot wait for itself', () =>
  runVirtual(function* () {
    const task: Task<unknown> = createTask(function* (): Coro<unknown> {
      return yield* task;
    });
    const [error] = yield* gather([task], { returnExceptions: true });
    expect((error as Error).message).toMatch(/^Task cannot await on itself/);
  }));

test('errors come out of the task as they are; falsy ones as the cause', () =>
  runVirtual(function* () {
    const error = new Error('mine');
    const results = yield* gather(
      [
        createTask(function* () {
          throw error;
        }),
        createTask(function* () {
          throw 'text';
        }),
        createTask(function* () {
          throw undefined;
        }),
        createTask(async () => {
          throw error;
        }),
      ],
      { returnExceptions: true },
    );
    expect(results[0]).toBe(error);
    expect(results[1]).toBe('text');
    expect(results[2]).toBeInstanceOf(RuntimeError);
    expect(results[3]).toBe(error);
  }));

test('names, and what cannot be set', () =>
  runVirtual(function* () {
    const named = createTask(function* () {}, { name: 'mine' });
    expect(named.getName()).toBe('mine');
    named.setName('other');
    expect(String(named)).toMatch(/^<Task pending name='other'/);
    const plain = createTask(function* () {});
    expect(plain.getName()).toMatch(/^Task-\d+$/);
    expect(thrown(() => plain.setResult(undefined)).name).toBe('RuntimeError');
    expect(thrown(() => plain.setException(new Error())).name).toBe('RuntimeError');
    yield* gather(named, plain);
  }));

test('currentTask and allTasks', () =>
  runVirtual(function* () {
    const loop = getRunningLoop();
    const main = currentTask()!;
    const child = createTask(function* () {
      yield;
      return currentTask();
    });
    expect(allTasks()).toEqual(new Set([main, child]));
    let inCallback: unknown = 'not called';
    loop.callSoon(() => {
      inCallback = currentTask();
    });
    expect(yield* child).toBe(child);
    expect(inCallback).toBe(null);
    expect(currentTask()).toBe(main);
    expect(allTasks()).toEqual(new Set([main]));
  }));

test('in the async lane, currentTask and the loop survive foreign awaits', () =>
  runVirtual(async () => {
    const main = currentTask();
    const loop = getRunningLoop();
    await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(currentTask()).toBe(main);
    expect(getRunningLoop()).toBe(loop);
    // Their names: an async function that returns its own task would wait for itself.
    const names = await gather(
      async () => {
        await null;
        return currentTask()!.getName();
      },
      async () => {
        await sleep(1);
        return currentTask()!.getName();
      },
    );
    expect(new Set([...names, main!.getName()]).size).toBe(3);
  }));

test('eagerStart runs the first step at once, as that task', () =>
  runVirtual(function* () {
    const main = currentTask();
    let inside: unknown;
    const task = createTask(
      function* () {
        inside = currentTask();
        return 1;
      },
      { eagerStart: true },
    );
    expect(task.done()).toBe(true);
    expect(inside).toBe(task);
    expect(currentTask()).toBe(main);
    const waiting = createTask(
      function* () {
        return yield* sleep(1, 2);
      },
      { eagerStart: true },
    );
    expect(waiting.done()).toBe(false);
    expect(yield* waiting).toBe(2);
    return undefined;
  }));

test('ensureFuture: futures as they are, coroutines as tasks, Promises followed', () =>
  runVirtual(function* () {
    const future = new Future<number>();
    expect(ensureFuture(future)).toBe(future);
    future.setResult(1);
    expect(ensureFuture(function* () {})).toBeInstanceOf(Task);
    expect(yield* ensureFuture(Promise.resolve(4))).toBe(4);
    const other = new VirtualLoop();
    expect(thrown(() => ensureFuture(future, { loop: other }))).toBeInstanceOf(RangeError);
    expect(thrown(() => ensureFuture(5 as never)).message).toMatch(/coroutine was expected/);
    other.close();
  }));

test('promise() brings Promises into the generator lane', () =>
  runVirtual(function* () {
    expect(yield* promise(Promise.resolve('ok'))).toBe('ok');
    let error: unknown;
    try {
      yield* promise(Promise.reject(new Error('no')));
    } catch (caught) {
      error = caught;
    }
    expect((error as Error).message).toBe('no');
    expect(thrown(() => promise(3 as never))).toBeInstanceOf(TypeError);
  }));

test('a task factory makes the tasks', () =>
  runVirtual(function* () {
    const loop = getRunningLoop();
    const made: unknown[] = [];
    loop.setTaskFactory((owner, coroutine, options) => {
      made.push(options.name);
      return new Task(coroutine, { ...options, loop: owner });
    });
    expect(
      yield* createTask(
        function* () {
          return 1;
        },
        { name: 'made' },
      ),
    ).toBe(1);
    loop.setTaskFactory(null);
    expect(made).toEqual(['made']);
    expect(thrown(() => loop.setTaskFactory(1 as never))).toBeInstanceOf(TypeError);
  }));

test('an error that nobody awaits does not end the loop', () =>
  runVirtual(async () => {
    const reports = collectReports(getRunningLoop());
    const task = createTask(async () => {
      throw new Error('unseen');
    });
    await sleep(1);
    expect(task.done()).toBe(true);
    expect((await rejection(task)).message).toBe('unseen');
    expect(reports).toEqual([]);
  }));

test('a rejected Promise that becomes a task is never unhandled', async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  process.on('unhandledRejection', note);
  try {
    await run(function* () {
      const task = createTask(Promise.reject(new Error('late')));
      // Several rounds of Node's loop, in each of which Node looks for unhandled rejections.
      for (let n = 0; n < 3; n++)
        yield* promise(
          new Promise((done) => {
            setImmediate(done);
          }),
        );
      expect((task.exception() as Error).message).toBe('late');
    });
  } finally {
    process.off('unhandledRejection', note);
  }
  expect(unhandled).toEqual([]);
});
