// No error vanishes: what nobody has looked at is told of at the latest when the loop is closed,
// whether or not the garbage collector came by.
import {
  asCompleted,
  createTask,
  ensureFuture,
  ExceptionGroup,
  Future,
  gather,
  getRunningLoop,
  newEventLoop,
  promise,
  run,
  runCoroutineThreadsafe,
  Runner,
  runSync,
  shield,
  sleep,
  TaskGroup,
  wait,
  waitFor,
} from 'oxbow';
import type { AbstractEventLoop, Coro, ExceptionContext, RunOptions } from 'oxbow';
import { VirtualLoop } from 'oxbow/testing';

import { collectReports, rejection, thrown } from '../support/outcomes.ts';

const lost = new Error('nobody hears of this');
function* failing(error: Error = lost): Coro<never> {
  yield;
  throw error;
}

/** What the exception handler of a run hears, after its end. */
async function reportsOf(
  main: () => Coro<unknown> | Promise<unknown>,
  options: RunOptions = {},
): Promise<ExceptionContext[]> {
  let reports: ExceptionContext[] = [];
  const loopFactory = (): AbstractEventLoop => {
    const loop = new VirtualLoop();
    reports = collectReports(loop);
    return loop;
  };
  await run(main, { ...options, loopFactory });
  return reports;
}

const NOBODY: Record<string, () => Coro<unknown> | Promise<unknown>> = {
  'a task': function* () {
    createTask(failing());
    yield* sleep(1);
  },
  'a task of the async lane': async () => {
    createTask(async () => {
      await sleep(0);
      throw lost;
    });
    await sleep(1);
  },
  'a task that fails in the last turn': function* () {
    createTask(failing());
    yield;
  },
  'a future': function* () {
    getRunningLoop().createFuture().setException(lost);
    yield;
  },
  'a future made of a Promise': function* () {
    ensureFuture(Promise.reject(lost));
    yield* sleep(1);
  },
  'promise()': async () => {
    void promise(Promise.reject(lost));
    await sleep(1);
  },
  gather: function* () {
    gather([failing(), sleep(1)]);
    yield* sleep(2);
  },
  waitFor: function* () {
    waitFor(failing(), 1);
    yield* sleep(2);
  },
  'the rest of a wait': function* () {
    const { done } = yield* wait([createTask(failing())]);
    return done.size;
  },
  'the rest of asCompleted': function* () {
    asCompleted([failing()]);
    yield* sleep(1);
  },
  'a future with a callback that does not look': function* () {
    const future = new Future();
    future.addDoneCallback(() => {});
    future.setException(lost);
    yield* sleep(1);
  },
  'a call into a loop': function* () {
    runCoroutineThreadsafe(failing, getRunningLoop());
    yield* sleep(1);
  },
  'a call into a loop, with a callback that does not look': function* () {
    runCoroutineThreadsafe(failing, getRunningLoop()).addDoneCallback(() => {});
    yield* sleep(1);
  },
  'a future for a task that has no turn any more': function* () {
    const loop = getRunningLoop();
    const future = new Future();
    loop
      .createTask(function* () {
        yield* future;
      })
      .addDoneCallback(() => {});
    yield* sleep(1);
    future.setException(lost);
    loop.stop();
    yield* new Future();
  },
};

test.each(Object.entries(NOBODY))('%s', async (name, main) => {
  let reports: ExceptionContext[] = [];
  if (name.startsWith('a future for a task')) {
    const loop = new VirtualLoop();
    reports = collectReports(loop);
    await rejection(loop.runUntilComplete(main()));
    loop.close();
    reports = reports.filter(({ message }) => !message.startsWith('Task was destroyed'));
  } else reports = await reportsOf(main);
  expect(reports.map(({ exception }) => exception)).toEqual([lost]);
  expect(reports[0]!.message).toMatch(/^(Task|Future) exception was never retrieved$/);
  expect((reports[0]!.future as Future<any>).exception()).toBe(lost);
});

const SOMEBODY: Record<string, () => Coro<unknown> | Promise<unknown>> = {
  'a call into a loop, awaited': async () => {
    await rejection(runCoroutineThreadsafe(failing, getRunningLoop()));
  },
  'a call into a loop, awaited later': function* () {
    const future = runCoroutineThreadsafe(failing, getRunningLoop());
    yield* sleep(1);
    try {
      yield* future;
    } catch {
      /* looked at */
    }
  },
  'exception() of a call into a loop': function* () {
    const future = runCoroutineThreadsafe(failing, getRunningLoop());
    yield* sleep(1);
    future.exception();
  },
  'a callback of a call into a loop': function* () {
    runCoroutineThreadsafe(failing, getRunningLoop()).addDoneCallback((one) => one.exception());
    yield* sleep(1);
  },
  'a call into a loop that is cancelled': function* () {
    const future = runCoroutineThreadsafe(failing, getRunningLoop());
    future.cancel();
    yield* sleep(1);
  },
  'awaited later': function* () {
    const task = createTask(failing());
    yield* sleep(1);
    try {
      yield* task;
    } catch {
      /* looked at */
    }
  },
  'exception()': function* () {
    const task = createTask(failing());
    yield* sleep(1);
    task.exception();
  },
  'the other children of a gather that has failed': function* () {
    const all = gather(failing(), failing(new Error('another')));
    try {
      yield* all;
    } catch {
      /* looked at */
    }
    yield* sleep(1);
  },
  'a child of a group': async () => {
    await TaskGroup.run(async (group) => {
      group.createTask(failing());
    }).then(null, () => {});
  },
  'shield, which tells by itself': function* () {
    try {
      yield* shield(failing());
    } catch {
      /* looked at */
    }
  },
  'a cancelled task': function* () {
    const task = createTask(function* () {
      yield* sleep(5);
    });
    yield;
    task.cancel();
    yield;
  },
};

test.each(Object.entries(SOMEBODY))('not told of: %s', async (_name, main) => {
  expect(await reportsOf(main)).toEqual([]);
});

test('a task that fails because it is cancelled at the end is told of once', async () => {
  const reports = await reportsOf(function* () {
    createTask(function* () {
      try {
        yield* sleep(5);
      } finally {
        throw lost;
      }
    });
    yield;
  });
  expect(reports.map(({ exception }) => exception)).toEqual([lost]);
});

test('in the order in which they failed, and runSync too', () => {
  const loop = new VirtualLoop();
  const reports = collectReports(loop);
  runSync(
    function* () {
      for (let n = 0; n < 5; n++) createTask(failing(new Error(`${n}`)));
      yield* sleep(1);
    },
    { loopFactory: () => loop },
  );
  expect(reports.map(({ exception }) => (exception as Error).message)).toEqual([
    '0',
    '1',
    '2',
    '3',
    '4',
  ]);
});

test('a loop that is made and closed by hand', async () => {
  const loop = newEventLoop();
  const reports = collectReports(loop);
  const task = loop.createTask(failing());
  await loop.runUntilComplete(function* () {
    yield* sleep(0);
    yield;
    yield;
  });
  expect(reports).toEqual([]);
  loop.close();
  expect(reports.map(({ exception }) => exception)).toEqual([lost]);
  expect(reports[0]!.future).toBe(task);
});

test("unhandled: 'throw' makes one the error of run, several a group", async () => {
  const options: RunOptions = { unhandled: 'throw', loopFactory: () => new VirtualLoop() };
  expect(await rejection(run(NOBODY['a task']!, options))).toBe(lost);
  const other = new Error('another');
  const group = (await rejection(
    run(function* () {
      createTask(failing());
      createTask(failing(other));
      yield* sleep(1);
    }, options),
  )) as ExceptionGroup;
  expect(group).toBeInstanceOf(ExceptionGroup);
  expect(group.errors).toEqual([lost, other]);
  expect(await run(SOMEBODY['awaited later']!, options)).toBe(undefined);
  expect(thrown(() => runSync(NOBODY['a task']! as () => Coro<unknown>, options))).toBe(lost);
});

test("unhandled: 'throw' also of what fails while run comes to its end", async () => {
  const error = await rejection(
    run(
      function* () {
        createTask(function* () {
          try {
            yield* sleep(5);
          } finally {
            throw lost;
          }
        });
        yield;
      },
      { unhandled: 'throw', loopFactory: () => new VirtualLoop() },
    ),
  );
  expect(error).toBe(lost);
});

test("unhandled: 'throw', but main's own error comes first; the others are told of", async () => {
  const loop = new VirtualLoop();
  const reports = collectReports(loop);
  const own = new Error('of main');
  expect(
    await rejection(
      run(
        function* () {
          createTask(failing());
          yield* sleep(1);
          throw own;
        },
        { unhandled: 'throw', loopFactory: () => loop },
      ),
    ),
  ).toBe(own);
  expect(reports.map(({ exception }) => exception)).toEqual([lost]);
});

test("unhandled: 'throw' of a Runner comes out of close()", async () => {
  const runner = new Runner({ unhandled: 'throw', loopFactory: () => new VirtualLoop() });
  const main = function* () {
    createTask(failing());
    return yield* sleep(1, 5);
  };
  expect(await runner.run(main)).toBe(5);
  expect(await rejection(runner.close())).toBe(lost);
  await runner.close();
  const sync = new Runner({ unhandled: 'throw', loopFactory: () => new VirtualLoop() });
  sync.runSync(function* () {
    createTask(failing());
    yield* sleep(1);
  });
  expect(thrown(() => sync.closeSync())).toBe(lost);
});

test('unhandled is checked', async () => {
  const error = await rejection(run(function* () {}, { unhandled: 'thorw' as 'throw' }));
  expect(error.name).toBe('RangeError');
  expect(error.message).toBe("run(): unhandled must be 'report' or 'throw', got 'thorw'");
});
