// Semaphore and BoundedSemaphore, in both lanes.
import { BoundedSemaphore, createTask, Semaphore, sleep, waitFor } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection, thrown } from '../support/outcomes.ts';

test('values: a number or options; negative and fractional are refused', () => {
  expect(String(new Semaphore())).toBe('<Semaphore [unlocked, value:1]>');
  expect(String(new Semaphore({ value: 3 }))).toBe('<Semaphore [unlocked, value:3]>');
  expect(new Semaphore(0).locked()).toBe(true);
  expect(thrown(() => new Semaphore(-1))).toBeInstanceOf(RangeError);
  expect(thrown(() => new Semaphore(1.5))).toBeInstanceOf(RangeError);
  expect(thrown(() => new Semaphore('2' as never))).toBeInstanceOf(TypeError);
});

test('so many at a time, first come first served, in both lanes', () =>
  runVirtual(async () => {
    const semaphore = new Semaphore(2);
    const order: number[] = [];
    let inside = 0;
    const enter = async (n: number) => {
      order.push(n);
      expect(++inside).toBeLessThanOrEqual(2);
      await sleep(1);
      inside--;
    };
    const tasks = [0, 1, 2, 3, 4, 5].map((n) =>
      createTask<void>(
        n % 2 === 0
          ? function* () {
              yield* semaphore.with(() => enter(n));
            }
          : async () => {
              await semaphore.with(() => enter(n));
            },
      ),
    );
    for (const task of tasks) await task;
    expect([...order].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(String(semaphore)).toBe('<Semaphore [unlocked, value:2]>');
  }));

test('locked while others wait; a permit goes straight to the first', () =>
  runVirtual(function* () {
    const semaphore = new Semaphore(1);
    yield* semaphore.acquire();
    const order: string[] = [];
    const task = createTask(function* () {
      yield* semaphore.acquire();
      order.push('task');
    });
    yield* sleep(0);
    semaphore.release();
    expect(semaphore.locked()).toBe(true);
    const mine = createTask(function* () {
      yield* semaphore.acquire();
      order.push('mine');
    });
    yield* task;
    semaphore.release();
    yield* mine;
    expect(order).toEqual(['task', 'mine']);
  }));

for (const lane of ['generator', 'async'] as const) {
  for (const turns of [0, 1, 2]) {
    test(`a permit that is granted and cancelled ${turns} turns later comes back (${lane})`, () =>
      runVirtual(function* () {
        const semaphore = new Semaphore(0);
        const task = createTask<void>(
          lane === 'generator'
            ? function* () {
                yield* semaphore.with(function* () {
                  yield* sleep(5);
                });
              }
            : async () => {
                await semaphore.with(async () => {
                  await sleep(5);
                });
              },
        );
        yield* sleep(1);
        const next = createTask(function* () {
          yield* semaphore.acquire();
          return 'next';
        });
        yield* sleep(1);
        semaphore.release();
        for (let turn = 0; turn < turns; turn++) yield;
        task.cancel();
        expect(yield* waitFor(next, 1)).toBe('next');
      }));
  }
}

test('a bounded one refuses a release too many, also by a guard', () =>
  runVirtual(async () => {
    const semaphore = new BoundedSemaphore({ value: 1 });
    const guard = await semaphore.acquire();
    guard.release();
    expect(thrown(() => guard.release()).name).toBe('RuntimeError');
    expect(thrown(() => semaphore.release())).toBeInstanceOf(RangeError);
    await semaphore.acquire();
    expect((await rejection(waitFor(semaphore.acquire(), 1))).name).toBe('TimeoutError');
    semaphore.release();
    expect(semaphore.locked()).toBe(false);
  }));
