// The user's own AsyncLocalStorage, carried on request.
import { AsyncLocalStorage } from 'node:async_hooks';
import { closeSync, openSync, writeSync } from 'node:fs';

import {
  createTask,
  currentTask,
  gather,
  getRunningLoop,
  newEventLoop,
  openConnection,
  promise,
  run,
  Runner,
  runSync,
  sleep,
  startServer,
  TaskGroup,
  timeout,
} from 'oxbow';
import type { Future } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection } from '../support/outcomes.ts';

const storage = new AsyncLocalStorage<string>();
const store = (): string | undefined => storage.getStore();
const CARRIED = { asyncLocalStorage: true };

/** Awaits nothing of ours, so that what comes after it is called by Node. */
const foreign = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** A function that settles a future with the store that it is called with. */
function told(): [(..._args: unknown[]) => void, Future<string | undefined>] {
  const future = getRunningLoop().createFuture<string | undefined>();
  return [() => future.setResult(store()), future];
}

describe('callbacks see the stores of whoever scheduled them', () => {
  const ways: [string, (callback: () => void) => unknown][] = [
    ['callSoon', (callback) => getRunningLoop().callSoon(callback)],
    ['callLater', (callback) => getRunningLoop().callLater(0.001, callback)],
    ['callAt', (callback) => getRunningLoop().callAt(getRunningLoop().time(), callback)],
    ['callSoonThreadsafe', (callback) => getRunningLoop().callSoonThreadsafe(callback)],
    ['addDoneCallback of what is pending', (callback) => sleep(0.001).addDoneCallback(callback)],
    [
      'addDoneCallback of what is done',
      (callback) => {
        const done = getRunningLoop().createFuture<void>();
        done.setResult();
        done.addDoneCallback(callback);
      },
    ],
    [
      'then',
      (callback) => {
        void sleep(0.001).then(callback);
      },
    ],
    [
      'catch',
      (callback) => {
        const failing = getRunningLoop().createFuture();
        getRunningLoop().callSoon(() => failing.setException(new Error('x')));
        void failing.catch(callback);
      },
    ],
  ];

  test.each(ways)('%s', async (_name, schedule) => {
    const main = async (): Promise<(string | undefined)[]> => {
      const [first, one] = told();
      const [second, two] = told();
      storage.run('one', () => schedule(first));
      storage.run('two', () => schedule(second));
      return [await one, await two, store()];
    };
    expect(await storage.run('main', () => run(main, CARRIED))).toEqual(['one', 'two', 'main']);
  });

  test('addReader, each time that it is called', async () => {
    await run(function* () {
      const loop = getRunningLoop();
      const seen: (string | undefined)[] = [];
      const done = loop.createFuture<void>();
      const descriptor = openSync('/dev/ptmx', 'r+');
      try {
        storage.run('reader', () =>
          loop.addWriter(descriptor, () => {
            seen.push(store());
            storage.enterWith('entered by the callback');
            if (seen.length === 3) {
              loop.removeWriter(descriptor);
              done.setResult();
            }
          }),
        );
        yield* done;
      } finally {
        writeSync(descriptor, '');
        closeSync(descriptor);
      }
      expect(seen).toEqual(['reader', 'reader', 'reader']);
    }, CARRIED);
  });
});

describe('tasks carry the stores from where they were made', () => {
  const lanes: [string, (body: (seen: (string | undefined)[]) => void) => unknown][] = [
    [
      'function*',
      (note) =>
        function* () {
          const seen: (string | undefined)[] = [];
          note(seen);
          yield* sleep(0.001);
          note(seen);
          yield;
          note(seen);
          yield* promise(foreign());
          note(seen);
          return seen;
        },
    ],
    [
      'async',
      (note) => async () => {
        const seen: (string | undefined)[] = [];
        note(seen);
        await sleep(0.001);
        note(seen);
        await sleep(0);
        note(seen);
        await foreign();
        note(seen);
        return seen;
      },
    ],
  ];

  test.each(lanes)('%s, through every step', async (_name, make) => {
    const seen = await run(function* () {
      const start = make((list) => list.push(store())) as () => Generator<any, string[]>;
      const tasks = ['a', 'b'].map((name) => storage.run(name, () => createTask(start)));
      const eager = storage.run('c', () => createTask(start, { eagerStart: true }));
      storage.enterWith('main, later');
      return [...(yield* gather([...tasks, eager])), [store()]];
    }, CARRIED);
    expect(seen).toEqual([
      Array(4).fill('a'),
      Array(4).fill('b'),
      Array(4).fill('c'),
      ['main, later'],
    ]);
  });

  test.each(lanes)(
    '%s: what enterWith enters in a step stays, and leaks nowhere',
    async (_name, make) => {
      const seen = await run(function* () {
        storage.enterWith('main');
        const start = make((list) => {
          list.push(store());
          storage.enterWith(`${store()}+`);
        }) as () => Generator<any, string[]>;
        const other = createTask(function* () {
          const stores = [];
          for (let n = 0; n < 5; n++) {
            stores.push(store());
            yield;
          }
          return new Set(stores);
        });
        const eager = createTask(start, { eagerStart: true });
        const after = store();
        return [yield* eager, yield* createTask(start), after, store(), [...(yield* other)]];
      }, CARRIED);
      const steps = ['main', 'main+', 'main++', 'main+++'];
      expect(seen).toEqual([steps, steps, 'main', 'main', ['main']]);
    },
  );

  test('a cancelled task cleans up with its own stores', async () => {
    const seen: (string | undefined)[] = [];
    await run(function* () {
      const task = storage.run('task', () =>
        createTask(function* () {
          try {
            yield* sleep(99);
          } finally {
            seen.push(store());
          }
        }),
      );
      yield;
      storage.run('who cancels', () => task.cancel());
      yield* gather([task], { returnExceptions: true });
    }, CARRIED);
    expect(seen).toEqual(['task']);
  });

  test('scopes and groups, in both lanes', async () => {
    const seen = await storage.run('main', () =>
      run(async () => {
        const all: (string | undefined)[] = [];
        await timeout(9, async () => {
          await sleep(0.001);
          all.push(store());
        });
        await timeout(9, function* () {
          yield* sleep(0.001);
          all.push(store());
        });
        await TaskGroup.run(async (group) => {
          storage.run('child', () =>
            group.createTask(function* () {
              yield* sleep(0.001);
              all.push(store());
            }),
          );
        });
        return [...all, store()];
      }, CARRIED),
    );
    expect(seen).toEqual(['main', 'main', 'child', 'main']);
  });

  test("the stores are the user's: which task is running is not carried with them", async () => {
    await run(async () => {
      const main = currentTask()!;
      const helper = async (): Promise<void> => {
        await foreign();
        getRunningLoop();
      };
      // As without the option: no task drives the helper, least of all the one that made this one.
      const inside = createTask(function* () {
        yield* promise(helper());
      });
      expect((await rejection(inside)).message).toBe('no running event loop');
      const waited = getRunningLoop().createFuture<void>();
      getRunningLoop().callSoon(() => {
        void waited.then(
          () => {},
          () => {},
        );
      });
      await sleep(0.001);
      // A callback's wait is no wait of the task that scheduled it, so a cancel leaves it alone.
      main.cancel();
      await sleep(0).then(
        () => {},
        () => {},
      );
      expect(waited.done()).toBe(false);
      main.uncancel();
    }, CARRIED);
  });
});

test('protocols and stream handlers see the stores of whoever made the server', async () => {
  const seen: (string | undefined)[] = [];
  await run(async () => {
    const server = await storage.run('server', () =>
      startServer(
        async (reader, writer) => {
          seen.push(store());
          writer.write((await reader.readline()) as Buffer);
          seen.push(store());
          writer.close();
        },
        '127.0.0.1',
        0,
      ),
    );
    const [reader, writer] = await storage.run('client', () =>
      openConnection('127.0.0.1', server.sockets[0]!.address().port),
    );
    writer.write('x\n');
    await reader.read();
    writer.close();
    server.close();
    await server.waitClosed();
  }, CARRIED);
  expect(seen).toEqual(['server', 'server']);
});

test('every way of making a loop takes the option', async () => {
  const soon = function* () {
    const [callback, future] = told();
    storage.run('here', () => getRunningLoop().callSoon(callback));
    return yield* future;
  };
  expect(runSync(soon, CARRIED)).toBe('here');
  expect(await runVirtual(soon, CARRIED)).toBe('here');
  await using runner = new Runner(CARRIED);
  expect(await runner.run(soon)).toBe('here');
  const loop = newEventLoop(CARRIED);
  expect(await loop.runUntilComplete(soon)).toBe('here');
  loop.close();
  expect(await run(soon, { ...CARRIED, loopFactory: () => newEventLoop() })).toBe('here');
});

test('without the option nothing is captured, and nothing is put in between', async () => {
  await run(function* () {
    const loop = getRunningLoop();
    const handle = loop.callSoon(() => {});
    const task = createTask(function* () {});
    expect([Object.hasOwn(handle, '_run'), Object.hasOwn(task, '_run')]).toEqual([false, false]);
    yield* task;
  });
});
