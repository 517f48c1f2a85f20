// Lock (lost wakeups), in both lanes.
import { createTask, Lock, RuntimeError, sleep, timeout, TimeoutError, waitFor } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection, thrown } from '../support/outcomes.ts';

test('acquire gives a truthy guard; release frees it', () =>
  runVirtual(function* () {
    const lock = new Lock();
    expect(lock.locked()).toBe(false);
    const guard = yield* lock.acquire();
    expect(guard).toBeTruthy();
    expect(lock.locked()).toBe(true);
    guard.release();
    expect(lock.locked()).toBe(false);
    expect(thrown(() => guard.release())).toBeInstanceOf(RuntimeError);
    expect(thrown(() => lock.release()).message).toBe('Lock is not acquired.');
  }));

test('first come, first served, in both lanes', () =>
  runVirtual(async () => {
    const lock = new Lock();
    const order: string[] = [];
    await lock.acquire();
    const tasks = [
      createTask(function* () {
        yield* lock.acquire();
        order.push('a');
        lock.release();
      }),
      createTask(async () => {
        await lock.acquire();
        order.push('b');
        lock.release();
      }),
      createTask(function* () {
        yield* lock.acquire();
        order.push('c');
        lock.release();
      }),
    ];
    await sleep(1);
    expect(order).toEqual([]);
    lock.release();
    expect(lock.locked()).toBe(false);
    for (const task of tasks) await task;
    expect(order).toEqual(['a', 'b', 'c']);
    expect(lock.locked()).toBe(false);
  }));

test('nobody gets in between a release and the one who waits', () =>
  runVirtual(function* () {
    const lock = new Lock();
    yield* lock.acquire();
    const order: string[] = [];
    const waiter = createTask(function* () {
      yield* lock.acquire();
      order.push('waiter');
      yield* sleep(1);
      lock.release();
    });
    yield* sleep(0);
    lock.release();
    yield* lock.acquire();
    order.push('main');
    lock.release();
    yield* waiter;
    expect(order).toEqual(['waiter', 'main']);
  }));

for (const lane of ['generator', 'async'] as const) {
  for (const turns of [0, 1, 2, 3]) {
    test(`a cancel ${turns} turns after the release loses nothing (${lane})`, () =>
      runVirtual(function* () {
        const lock = new Lock();
        yield* lock.acquire();
        const task = createTask<void>(
          lane === 'generator'
            ? function* () {
                yield* lock.with(function* () {
                  yield* sleep(10);
                });
              }
            : async () => {
                await lock.with(async () => {
                  await sleep(10);
                });
              },
        );
        yield* sleep(1);
        const next = createTask(function* () {
          yield* lock.acquire();
          return 'next';
        });
        yield* sleep(1);
        lock.release();
        for (let turn = 0; turn < turns; turn++) yield;
        task.cancel();
        expect(yield* waitFor(next, 5)).toBe('next');
        yield* sleep(1);
        expect(task.cancelled()).toBe(true);
        lock.release();
        expect(lock.locked()).toBe(false);
      }));
  }
}

test('waitFor of an acquire loses nothing either', () =>
  runVirtual(function* () {
    const lock = new Lock();
    yield* lock.acquire();
    const task = createTask(function* () {
      yield* waitFor(lock.acquire(), 100);
    });
    yield* sleep(1);
    lock.release();
    task.cancel();
    yield* sleep(0);
    expect(task.cancelled()).toBe(true);
    yield* waitFor(lock.acquire(), 1);
    expect(lock.locked()).toBe(true);
    expect(yield* promiseOf(waitFor(lock.acquire(), 1))).toBeInstanceOf(TimeoutError);
  }));

function* promiseOf(awaitable: Iterable<any> & PromiseLike<unknown>) {
  try {
    yield* awaitable;
    return null;
  } catch (error) {
    return error;
  }
}

test('a cancelled waiter leaves its place', () =>
  runVirtual(function* () {
    const lock = new Lock();
    yield* lock.acquire();
    const first = lock.acquire();
    const second = lock.acquire();
    expect(first.cancel()).toBe(true);
    lock.release();
    expect(second.done()).toBe(true);
    expect(String(lock)).toBe('<Lock [locked]>');
  }));

test('with releases after an error and a timeout, in both lanes', () =>
  runVirtual(async () => {
    const lock = new Lock();
    expect(
      await lock.with(function* (same) {
        return same === lock && lock.locked();
      }),
    ).toBe(true);
    expect(
      (
        await rejection(
          lock.with(async () => {
            throw new Error('x');
          }),
        )
      ).message,
    ).toBe('x');
    expect(
      await rejection(
        timeout(1, () =>
          lock.with(function* () {
            yield* sleep(9);
          }),
        ),
      ),
    ).toBeInstanceOf(TimeoutError);
    expect(lock.locked()).toBe(false);
  }));

test('a guard disposes of itself once', () =>
  runVirtual(async () => {
    const lock = new Lock();
    const guard = await lock.acquire();
    guard[Symbol.dispose]();
    await lock.acquire();
    guard[Symbol.dispose]();
    expect(lock.locked()).toBe(true);
  }));

test('a signal ends the wait with an AbortError', () =>
  runVirtual(async () => {
    const lock = new Lock();
    await lock.acquire();
    const controller = new AbortController();
    const wait = lock.acquire({ signal: controller.signal });
    controller.abort();
    expect((await rejection(wait)).name).toBe('AbortError');
    lock.release();
    expect(lock.locked()).toBe(false);
  }));

test('bound to the loop whose tasks wait first', async () => {
  const lock = new Lock();
  await runVirtual(function* () {
    yield* lock.acquire();
    lock.acquire().cancel();
  });
  await runVirtual(function* () {
    expect(thrown(() => lock.acquire())).toBeInstanceOf(RuntimeError);
  });
});

test('ten thousand hand-overs keep the count', () =>
  runVirtual(function* () {
    const lock = new Lock();
    let inside = 0;
    let done = 0;
    const tasks = Array.from({ length: 100 }, () =>
      createTask(function* () {
        for (let round = 0; round < 100; round++) {
          yield* lock.acquire();
          expect(++inside).toBe(1);
          yield;
          inside--;
          done++;
          lock.release();
        }
      }),
    );
    for (const task of tasks) yield* task;
    expect(done).toBe(10_000);
  }));
