// eagerTaskFactory and createEagerTaskFactory.
import { getEventListeners } from 'node:events';

import {
  allTasks,
  ContextVar,
  createEagerTaskFactory,
  createTask,
  currentTask,
  eagerTaskFactory,
  getRunningLoop,
  newEventLoop,
  openConnection,
  run,
  sleep,
  startServer,
  Task,
} from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { thrown } from '../support/outcomes.ts';

test('tasks run up to their first wait inside createTask', () =>
  runVirtual(function* () {
    getRunningLoop().setTaskFactory(eagerTaskFactory);
    const main = currentTask();
    const log: string[] = [];
    const task = createTask(function* () {
      log.push(String(currentTask() === main));
      yield* sleep(1);
      log.push('later');
      return 1;
    });
    log.push('created');
    expect(currentTask()).toBe(main);
    expect(yield* task).toBe(1);
    expect(log).toEqual(['false', 'created', 'later']);
  }));

test('one that ends at once is done, is no task of the loop, and cannot be cancelled', () =>
  runVirtual(function* () {
    getRunningLoop().setTaskFactory(eagerTaskFactory);
    const task = createTask(function* () {
      return 5;
    });
    expect([task.done(), allTasks().has(task), task.cancel()]).toEqual([true, false, false]);
    const failed = createTask(function* () {
      throw new Error('at once');
    });
    expect((failed.exception() as Error).message).toBe('at once');
  }));

test('eagerStart: false asks for the usual start', () =>
  runVirtual(function* () {
    getRunningLoop().setTaskFactory(eagerTaskFactory);
    const task = createTask(
      function* () {
        return 5;
      },
      { eagerStart: false, name: 'usual' },
    );
    expect([task.done(), task.getName()]).toEqual([false, 'usual']);
    expect(yield* task).toBe(5);
  }));

test("with a class of one's own", () =>
  runVirtual(function* () {
    class Counted extends Task<any> {}
    getRunningLoop().setTaskFactory(createEagerTaskFactory(Counted));
    expect(createTask(function* () {})).toBeInstanceOf(Counted);
    expect(thrown(() => createEagerTaskFactory(5 as never))).toBeInstanceOf(TypeError);
  }));

describe('in an async function, also after an await of something foreign', () => {
  const foreign = (): Promise<void> =>
    new Promise((resolve) => {
      setImmediate(resolve);
    });
  const starts: [string, () => Promise<unknown>][] = [
    ['before any await', async () => {}],
    ['after one of ours', async () => sleep(0.001)],
    ['after a foreign one', foreign],
  ];

  test.each(starts)('%s, tasks of either lane begin at once', (_name, before) =>
    run(async () => {
      await before();
      const main = currentTask();
      const log: unknown[] = [];
      const inner = createTask(
        function* () {
          log.push(currentTask() === main, getRunningLoop() === main!.getLoop());
          const nested = createTask(
            async () => {
              log.push('nested', currentTask() === main);
              await foreign();
              return currentTask()!.getName();
            },
            { eagerStart: true },
          );
          log.push('after nested');
          yield* sleep(0);
          return (yield* nested) === nested.getName();
        },
        { eagerStart: true },
      );
      log.push('created', currentTask() === main);
      expect(await inner).toBe(true);
      expect(log).toEqual([false, true, 'nested', false, 'after nested', 'created', true]);
      const done = createTask(async () => 5, { eagerStart: true });
      expect([done.done(), await done]).toEqual([false, 5]);
      expect(
        createTask(
          function* () {
            return 6;
          },
          { eagerStart: true },
        ).result(),
      ).toBe(6);
      expect(currentTask() === main).toBe(true);
    }),
  );

  test.each(starts)('%s, context variables stay apart', (_name, before) =>
    run(async () => {
      const variable = new ContextVar('variable', { default: 'unset' });
      await before();
      variable.set('outer');
      const task = createTask(
        function* () {
          const seen = [variable.get()];
          variable.set('inner');
          yield;
          return [...seen, variable.get()];
        },
        { eagerStart: true },
      );
      expect(variable.get()).toBe('outer');
      expect(await task).toEqual(['outer', 'inner']);
      expect(variable.get()).toBe('outer');
    }),
  );

  test('an error at once goes to the task, and not to whoever made it', () =>
    run(async () => {
      await foreign();
      const main = currentTask();
      const task = createTask(
        function* () {
          throw new Error('at once');
        },
        { eagerStart: true },
      );
      expect((task.exception() as Error).message).toBe('at once');
      expect([currentTask() === main, getRunningLoop() === main!.getLoop()]).toEqual([true, true]);
    }));

  test('for another loop, or when none runs, it is the usual start', async () => {
    const loop = newEventLoop();
    const ran: string[] = [];
    const outside = loop.createTask(
      function* () {
        ran.push('outside');
      },
      { eagerStart: true },
    );
    await run(async () => {
      loop.createTask(
        function* () {
          ran.push('other');
        },
        { eagerStart: true },
      );
      await foreign();
      loop.createTask(
        function* () {
          ran.push('third');
        },
        { eagerStart: true },
      );
    });
    expect(ran).toEqual([]);
    await loop.runUntilComplete(outside);
    expect(ran).toEqual(['outside', 'other', 'third']);
    loop.close();
  });
});

test('a task that ended at once has no coroutine, but a name', () =>
  runVirtual(function* () {
    const done = createTask(function* () {}, { eagerStart: true, name: 'quick' });
    const failed = createTask(
      function* () {
        throw new Error('x');
      },
      { eagerStart: true },
    );
    const waiting = createTask(
      function* () {
        yield;
      },
      { eagerStart: true },
    );
    expect([done.getCoro(), failed.getCoro(), done.getName()]).toEqual([null, null, 'quick']);
    expect(waiting.getCoro()).not.toBe(null);
    expect(String(failed.exception())).toBe('Error: x');
    yield* waiting;
    expect(waiting.getCoro()).not.toBe(null);
  }));

describe('a task factory', () => {
  test('gets the options as they are, also ones that only it knows', () =>
    runVirtual(function* () {
      const got: unknown[] = [];
      const loop = getRunningLoop();
      const factory = (...args: [any, any, any]): Task<any> => {
        got.push(args);
        return new Task(args[1], { loop: args[0] });
      };
      loop.setTaskFactory(factory);
      expect(loop.getTaskFactory()).toBe(factory);
      const body = function* () {};
      const options = { name: 'n', eagerStart: undefined, colour: 'red' };
      yield* loop.createTask(body, options);
      yield* createTask(body);
      const [first, second] = got as unknown[][];
      expect([first![0] === loop, first![1] === body, first![2] === options]).toEqual([
        true,
        true,
        true,
      ]);
      expect([second![0] === loop, second![1] === body, second![2]]).toEqual([true, true, {}]);
      loop.setTaskFactory(null);
      expect(loop.getTaskFactory()).toBe(null);
    }));

  test.each([undefined, null, 5, {}, Promise.resolve()])('that gives %p is told so', (value) =>
    runVirtual(function* () {
      getRunningLoop().setTaskFactory(() => value as never);
      const error = thrown(() => createTask(function* () {}));
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toMatch(/^the task factory returned .*; it must return a Task$/);
    }),
  );

  test('that throws, throws from createTask', () =>
    runVirtual(function* () {
      getRunningLoop().setTaskFactory(() => {
        throw new RangeError('not today');
      });
      expect(thrown(() => createTask(function* () {})).message).toBe('not today');
    }));
});

describe('getContext()', () => {
  const variable = new ContextVar('variable', { default: 'unset' });

  test("is the context that was given, or one of the task's own", () =>
    runVirtual(function* () {
      variable.set('main');
      const task = createTask(function* () {
        variable.set('task');
        yield;
        return variable.get();
      });
      const context = task.getContext();
      expect([task.getContext() === context, context.get(variable)]).toEqual([true, 'main']);
      yield;
      expect([context.get(variable), variable.get()]).toEqual(['task', 'main']);
      // What is set there, the task sees.
      context.run(() => variable.set('from outside'));
      expect(yield* task).toBe('from outside');
      const shared = createTask(function* () {}, { context });
      expect(shared.getContext()).toBe(context);
    }));

  test('of an async function, also for what it sets between two turns', () =>
    run(async () => {
      const task = createTask(async () => {
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
        variable.set('between');
        await sleep(0);
        return variable.get();
      });
      const context = task.getContext();
      expect(await task).toBe('between');
      expect(context.get(variable)).toBe('between');
    }));
});

test('an async generator is no coroutine: it gets an error and no endless loop', () =>
  runVirtual(function* () {
    const agen = async function* () {
      yield 1;
    };
    const error = thrown(() => createTask(agen() as never));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(/an async generator, which is no coroutine; for await/);
    const task = createTask(agen as never);
    yield;
    yield;
    expect(task.exception()).toBeInstanceOf(TypeError);
  }));

test('a daemon that fails in its first step is reported as any other', () =>
  runVirtual(function* () {
    const told: unknown[] = [];
    getRunningLoop().setExceptionHandler((_loop, { message, exception }) => {
      told.push(message, (exception as Error).message);
    });
    const controller = new AbortController();
    const options = { daemon: true, eagerStart: true, signal: controller.signal };
    createTask(function* () {
      throw new Error('at once');
    }, options);
    expect(told).toEqual(['Daemon task failed', 'at once']);
    // One that has ended does not hold on to the signal.
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    yield* sleep(0);
  }));

test('a connection whose coroutine ends in its first step is closed', () =>
  run(async () => {
    const loop = getRunningLoop();
    const told: unknown[] = [];
    loop.setExceptionHandler((_loop, { exception }) => told.push((exception as Error).message));
    loop.setTaskFactory(eagerTaskFactory);
    const server = await startServer(
      function* () {
        throw new Error('at once');
      },
      '127.0.0.1',
      0,
    );
    const [reader, writer] = await openConnection(
      '127.0.0.1',
      Number(server.sockets[0]!.getsockname()[1]),
    );
    expect((await reader.read()).length).toBe(0);
    expect(told).toEqual(['at once']);
    writer.close();
    server.close();
  }));
