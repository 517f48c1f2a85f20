// What debug mode warns of: things never awaited, cancels that were swallowed, milliseconds.
import {
  CancelledError,
  CancelScope,
  Condition,
  createTask,
  currentTask,
  getRunningLoop,
  Lock,
  Queue,
  shield,
  sleep,
  TaskGroup,
  timeout,
  TimeoutError,
  waitFor,
} from 'oxbow';
import { looksLikeMilliseconds } from '#lib/core/debug/suspicious.js';

import { warningsOf } from './debug-support.ts';

const FILE = 'debug-warnings\\.test\\.[jt]s:\\d+:\\d+';

describe('never awaited', () => {
  const lock = new Lock();
  const scopes: [name: string, make: () => unknown][] = [
    ['timeout', () => timeout(1, function* () {})],
    ['Lock.with', () => lock.with(function* () {})],
    ['TaskGroup.run', () => TaskGroup.run(async () => {})],
    ['CancelScope.run', () => CancelScope.run({}, function* () {})],
  ];

  test.each(scopes)('%s() without yield* is told of at the end of the loop', async (name, make) => {
    const warnings = await warningsOf(function* main() {
      make();
    });
    expect(warnings.length).toBe(1);
    expect(warnings[0]).toMatch(
      new RegExp(
        `^${name}\\(\\) was never awaited, so its body never ran; .* created at .*${FILE}\\)$`,
      ),
    );
  });

  test('scopes that were awaited in either lane are not', async () => {
    expect(
      await warningsOf(function* () {
        yield* timeout(1, function* () {});
      }),
    ).toEqual([]);
    expect(
      await warningsOf(async () => {
        await timeout(1, async () => {});
      }),
    ).toEqual([]);
  });

  test('without debug mode nobody is told', async () => {
    expect(
      await warningsOf(function* () {
        timeout(1, function* () {});
      }, false),
    ).toEqual([]);
  });

  test('a generator object that a callback returns runs nowhere', async () => {
    function* coroutine(): Generator<undefined, void> {
      yield;
    }
    const warnings = await warningsOf(function* () {
      getRunningLoop().callSoon(function starts() {
        return coroutine();
      });
      yield;
      yield;
    });
    expect(warnings.length).toBe(1);
    expect(warnings[0]).toMatch(/^<Handle starts\(\) .* returned a generator object, which nobody/);
  });

  test('nor does one that a task returns, in either lane', async () => {
    function* coroutine(): Generator<undefined, void> {
      yield;
    }
    for (const main of [
      () =>
        createTask(
          function* () {
            return coroutine();
          },
          { name: 'lost' },
        ),
      () => createTask(async () => coroutine(), { name: 'lost' }),
    ]) {
      const warnings = await warningsOf(async () => {
        await main();
      });
      expect(warnings.length).toBe(1);
      expect(warnings[0]).toMatch(/^a coroutine was never awaited: task 'lost' returned a gen/);
    }
  });

  test('iterators that are no generators may be returned', async () => {
    expect(
      await warningsOf(function* () {
        return yield* createTask(async () => [1, 2][Symbol.iterator]());
      }),
    ).toEqual([]);
  });
});

describe('swallowed cancels', () => {
  const SWALLOWED = /was cancelled and goes on waiting at the same place/;
  const going = (warnings: string[]): string[] => warnings.filter((text) => SWALLOWED.test(text));

  /** Cancels a task once while it waits, lets it go on, and ends it. */
  async function cancelOnce(body: () => any): Promise<string[]> {
    return going(
      await warningsOf(async () => {
        const task = createTask(body, { name: 'cancelled once' });
        await sleep(1);
        task.cancel();
        await sleep(20);
        while (!task.done()) {
          task.cancel('at last');
          await sleep(20);
        }
        await task.then(undefined, () => {});
      }),
    );
  }

  test('a loop that catches everything and sleeps on is told of at once', async () => {
    const warnings = await cancelOnce(function* worker() {
      let left = 3;
      while (left-- > 0) {
        try {
          yield* sleep(5);
        } catch {
          /* swallowed on purpose */
        }
      }
    });
    expect(warnings.length).toBe(1);
    expect(warnings[0]).toMatch(/^<Task cancelling name='cancelled once' coro=<worker\(\) running/);
  });

  test('so is one that waits for the next item', async () => {
    const queue = new Queue<number>();
    const warnings = await cancelOnce(function* worker() {
      let ended = false;
      while (!ended) {
        try {
          yield* queue.get();
        } catch (error) {
          ended = (error as CancelledError).reason === 'at last';
        }
      }
    });
    expect(warnings.length).toBe(1);
  });

  test('so is an async function', async () => {
    const warnings = await cancelOnce(async () => {
      let left = 3;
      while (left-- > 0) await sleep(5).catch(() => {});
    });
    expect(warnings.length).toBe(1);
  });

  test('clean-up that waits is no sign of it', async () => {
    expect(
      await cancelOnce(function* () {
        try {
          yield* sleep(5);
        } finally {
          for (let step = 0; step < 5; step++) yield* sleep(1);
        }
      }),
    ).toEqual([]);
  });

  test('nor is a cancel that was taken back', async () => {
    expect(
      await cancelOnce(function* () {
        for (let left = 3; left > 0; left--) {
          try {
            yield* sleep(5);
          } catch {
            currentTask()!.uncancel();
          }
        }
      }),
    ).toEqual([]);
  });

  test('nor are timeouts, task groups, cancel scopes and waitFor in a loop', async () => {
    expect(
      going(
        await warningsOf(function* main() {
          for (let round = 0; round < 4; round++) {
            yield* waitFor(
              createTask(function* () {
                try {
                  yield* timeout(1, function* () {
                    yield* sleep(5);
                  });
                } catch (error) {
                  expect(error).toBeInstanceOf(TimeoutError);
                }
              }),
              10,
            );
            yield* TaskGroup.run(function* (group) {
              group.createTask(function* () {
                group.cancel();
              });
              yield* sleep(5);
            });
            yield* CancelScope.run({}, function* (scope) {
              scope.cancel();
              yield* sleep(5);
            });
            try {
              yield* timeout(1, function* () {
                yield* sleep(5);
              });
            } catch (error) {
              expect(error).toBeInstanceOf(TimeoutError);
            }
          }
        }),
      ),
    ).toEqual([]);
  });

  test('nor is putting a cancel off: a shield tried again, a lock that is needed', async () => {
    expect(
      await cancelOnce(function* () {
        const inner = createTask(function* () {
          yield* sleep(5);
        });
        let cancelled: unknown;
        while (!inner.done()) {
          try {
            yield* shield(inner);
          } catch (error) {
            cancelled = error;
          }
        }
        throw cancelled;
      }),
    ).toEqual([]);
    const lock = new Lock();
    expect(
      await cancelOnce(function* () {
        const holder = createTask(function* () {
          yield* lock.with(function* () {
            yield* sleep(5);
          });
        });
        yield;
        yield;
        let cancelled: unknown;
        for (;;) {
          try {
            yield* lock.acquire();
            break;
          } catch (error) {
            cancelled = error;
          }
        }
        lock.release();
        yield* holder;
        throw cancelled;
      }),
    ).toEqual([]);
  });

  test('nor is the wait of a condition for its lock', async () => {
    expect(
      await cancelOnce(function* () {
        const condition = new Condition();
        yield* condition.with(function* () {
          yield* condition.wait();
        });
      }),
    ).toEqual([]);
  });

  test('nor is what the awaited task has swallowed', async () => {
    expect(
      await cancelOnce(function* outer() {
        for (let left = 3; left > 0; left--) {
          yield* createTask(function* inner() {
            try {
              yield* sleep(3);
            } catch {
              currentTask()!.uncancel();
            }
          });
        }
      }),
    ).toEqual([]);
  });
});

describe('milliseconds', () => {
  test('are numbers that are round in milliseconds and not in seconds', () => {
    const milliseconds = [
      1000, 1500, 2000, 2500, 3000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
      900_000, 1_800_000, 3_600_000, 86_400_000,
    ];
    const seconds = [
      0,
      0.25,
      1,
      60,
      300,
      600,
      900,
      999,
      1200,
      1800,
      3600,
      5400,
      7200,
      43_200,
      86_400,
      604_800,
      2_592_000,
      Infinity,
      -5000,
      1234.5,
    ];
    expect(milliseconds.filter((number) => !looksLikeMilliseconds(number))).toEqual([]);
    expect(seconds.filter(looksLikeMilliseconds)).toEqual([]);
  });

  test('are warned of once for each place, with the place', async () => {
    const warnings = await warningsOf(function* main() {
      for (let round = 0; round < 3; round++) sleep(5000).cancel();
      getRunningLoop()
        .callLater(30_000, () => {})
        .cancel();
      yield* timeout(60_000, function* () {});
      yield* waitFor(sleep(0), 2000);
    });
    expect(warnings.map((text) => text.replace(/ at .*test.*?\)/, ' HERE'))).toEqual([
      "sleep(): 5000 is in seconds (83 minutes) HERE; write '5000ms' for milliseconds, or '5000s' " +
        'if it is meant',
      expect.stringMatching(/^\w+\.callLater\(\): 30000 is in seconds \(8 hours\) HERE/),
      expect.stringMatching(/^timeout\(\): 60000 is in seconds \(17 hours\) HERE/),
      expect.stringMatching(/^waitFor\(\): 2000 is in seconds \(33 minutes\) HERE/),
    ]);
  });

  test('with their unit, as a time of the clock, or outside of debug mode are not', async () => {
    expect(
      await warningsOf(function* () {
        sleep('5000s').cancel();
        sleep('5000ms').cancel();
        getRunningLoop()
          .callAt(10_000, () => {})
          .cancel();
      }),
    ).toEqual([]);
    expect(
      await warningsOf(function* () {
        sleep(5000).cancel();
      }, false),
    ).toEqual([]);
  });
});
