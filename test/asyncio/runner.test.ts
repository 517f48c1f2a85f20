// run, runSync, Runner.
import {
  Context,
  ContextVar,
  createTask,
  currentTask,
  DeadlockError,
  getRunningLoop,
  run,
  runSync,
  Runner,
  sleep,
} from 'oxbow';
import type { AbstractEventLoop, Duration, ExceptionContext, Future } from 'oxbow';
import { runVirtual, VirtualLoop } from 'oxbow/testing';

import { rejection, thrown } from '../support/outcomes.ts';

const loopFactory = (): VirtualLoop => new VirtualLoop();

test('run takes every kind of main and gives its result or error', async () => {
  expect(
    await run(
      function* () {
        return yield* sleep(1, 'generator');
      },
      { loopFactory },
    ),
  ).toBe('generator');
  expect(await run(async () => sleep(1, 'async'), { loopFactory })).toBe('async');
  expect(
    await run(
      (function* () {
        return 'object';
      })(),
      { loopFactory },
    ),
  ).toBe('object');
  expect(await run(Promise.resolve('promise'), { loopFactory })).toBe('promise');
  const error = new Error('from main');
  expect(
    await rejection(
      run(
        function* () {
          throw error;
        },
        { loopFactory },
      ),
    ),
  ).toBe(error);
});

test('runSync owns the thread and returns', () => {
  expect(
    runSync(
      function* () {
        return yield* sleep(1000, 'sync');
      },
      { loopFactory },
    ),
  ).toBe('sync');
  const error = new Error('from main');
  expect(
    thrown(() =>
      runSync(
        function* () {
          throw error;
        },
        { loopFactory },
      ),
    ),
  ).toBe(error);
});

test('runSync of what only Node can deliver is a DeadlockError, not a hang', () => {
  const error = thrown(() =>
    runSync(
      function* () {
        yield* createTask(async () => {
          await Promise.resolve();
        });
      },
      { loopFactory: quiet },
    ),
  ) as DeadlockError;
  expect(error).toBeInstanceOf(DeadlockError);
  expect(error.code).toBe('EDEADLK');
  expect(error.message).toMatch(/run\(\) instead of runSync\(\)/);
});

/** A loop that does not write the tasks it had to drop to stderr. */
function quiet(): VirtualLoop {
  const loop = new VirtualLoop();
  loop.setExceptionHandler(() => {});
  return loop;
}

test('run from inside a running loop is a RuntimeError, in both lanes', async () => {
  const message = /cannot be called from a running event loop/;
  await runVirtual(function* () {
    expect(thrown(() => runSync(function* () {})).message).toMatch(message);
  });
  await runVirtual(async () => {
    await null;
    expect((await rejection(run(function* () {}))).message).toMatch(message);
  });
});

test('several runs may overlap, each with its own loop', async () => {
  const results = await Promise.all(
    [1, 2, 3].map((n) =>
      run(
        async () => {
          const loop = getRunningLoop();
          await sleep(n);
          await new Promise((resolve) => {
            setImmediate(resolve);
          });
          expect(getRunningLoop()).toBe(loop);
          return loop;
        },
        { loopFactory },
      ),
    ),
  );
  expect(new Set(results).size).toBe(3);
});

test('the tasks that are left are cancelled, waited for, and their errors reported', async () => {
  const reports: ExceptionContext[] = [];
  let cleaned = false;
  await run(
    function* () {
      getRunningLoop().setExceptionHandler((_loop, context) => reports.push(context));
      createTask(function* () {
        try {
          yield* sleep(100);
        } finally {
          yield* sleep(1);
          cleaned = true;
        }
      });
      createTask(async () => {
        try {
          await sleep(100);
        } finally {
          throw new Error('while ending');
        }
      });
      yield;
    },
    { loopFactory },
  );
  expect(cleaned).toBe(true);
  expect(reports.map((report) => [report.message, (report.exception as Error).message])).toEqual([
    ['unhandled exception during run() shutdown', 'while ending'],
  ]);
});

test('a Runner makes its loop late, runs several mains in one context, and closes', async () => {
  const variable = new ContextVar('v', { default: 'unset' });
  let made = 0;
  const runner = new Runner({
    loopFactory: () => {
      made++;
      return new VirtualLoop();
    },
  });
  expect(made).toBe(0);
  await runner.run(function* () {
    variable.set('kept');
  });
  expect(
    await runner.run(function* () {
      return variable.get();
    }),
  ).toBe('kept');
  expect(variable.get()).toBe('unset');
  const loop = runner.getLoop();
  expect(made).toBe(1);
  await runner.close();
  await runner.close();
  expect(loop.isClosed()).toBe(true);
  expect(thrown(() => runner.getLoop()).message).toBe('Runner is closed');
  expect((await rejection(runner.run(function* () {}))).message).toBe('Runner is closed');
});

test('a Runner that owns the thread', () => {
  const runner = new Runner({ loopFactory, debug: true });
  expect(
    runner.runSync(function* () {
      return getRunningLoop().getDebug();
    }),
  ).toBe(true);
  expect(
    runner.runSync(function* () {
      return currentTask()!.getName();
    }),
  ).toMatch(/^Task-/);
  runner.closeSync();
});

test('a main that ends cancelled rejects with CancelledError', async () => {
  const error = await rejection(
    runVirtual(function* () {
      currentTask()!.cancel('gone');
      yield;
    }),
  );
  expect([error.name, error.message]).toEqual(['CancelledError', 'gone']);
});

test('Runner.run takes a context, which keeps what main sets, in both lanes', async () => {
  const variable = new ContextVar('v', { default: 'unset' });
  const runner = new Runner({ loopFactory });
  for (const lane of ['generator', 'async']) {
    const context = new Context();
    const main =
      lane === 'async'
        ? async () => {
            await sleep(1);
            variable.set(lane);
          }
        : function* () {
            yield* sleep(1);
            variable.set(lane);
          };
    await runner.run(main, { context });
    expect(context.get(variable)).toBe(lane);
  }
  expect(
    await runner.run(function* () {
      return variable.get();
    }),
  ).toBe('unset');
  await runner.close();
});

test('a closed Runner refuses everything but another close, in both forms', async () => {
  for (const used of [false, true]) {
    const runner = new Runner({ loopFactory });
    if (used) runner.runSync(function* () {});
    runner.closeSync();
    runner.closeSync();
    await runner.close();
    for (const wrong of [() => runner.getLoop(), () => runner.runSync(function* () {})]) {
      const error = thrown(wrong);
      expect([error.name, error.message]).toEqual(['RuntimeError', 'Runner is closed']);
    }
    expect((await rejection(runner.run(function* () {}))).message).toBe('Runner is closed');
  }
});

test('closing a Runner from inside is a RuntimeError, and it can be closed later', async () => {
  const runner = new Runner({ loopFactory });
  let loop: AbstractEventLoop;
  await runner.run(async () => {
    loop = getRunningLoop();
    const message = 'Cannot close a Runner while its event loop is running';
    expect(thrown(() => runner.closeSync()).message).toBe(message);
    expect((await rejection(runner.close())).message).toBe(message);
    await sleep(1);
  });
  expect(loop!.isClosed()).toBe(false);
  await runner.close();
  expect(loop!.isClosed()).toBe(true);
});

test('the end of a run: tasks once, then generators, then the executor, then the loop', async () => {
  const events: string[] = [];
  class Loud extends VirtualLoop {
    override shutdownAsyncgens(): Future<void> {
      events.push('asyncgens');
      return super.shutdownAsyncgens();
    }

    override shutdownDefaultExecutor(timeout?: Duration | null): Future<void> {
      events.push(`executor ${timeout}`);
      return super.shutdownDefaultExecutor(timeout);
    }

    override close(): void {
      if (!this.isClosed()) events.push('close');
      super.close();
    }
  }
  await run(
    async () => {
      createTask(function* () {
        for (let n = 1; n <= 2; n++) {
          try {
            yield* sleep(10);
          } catch (error) {
            events.push(`cancelled ${n}: ${(error as Error).name}`);
          }
        }
      });
      await sleep(0);
    },
    { loopFactory: () => new Loud() },
  );
  expect(events).toEqual(['cancelled 1: CancelledError', 'asyncgens', 'executor 300', 'close']);
});
