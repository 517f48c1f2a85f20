// RLock: a lock of a task, which may enter it again (threading.RLock, curio's RLock), in both
// lanes.
import {
  CancelledError,
  createTask,
  gather,
  getRunningLoop,
  promise,
  RLock,
  RuntimeError,
  sleep,
  TaskGroup,
  timeout,
} from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection, thrown } from '../support/outcomes.ts';

test('its task enters again, and it is free after as many releases', () =>
  runVirtual(function* () {
    const lock = new RLock();
    yield* lock.acquire();
    const inner = yield* lock.acquire();
    expect([lock.locked(), lock.count]).toEqual([true, 2]);
    const other = createTask(function* () {
      const guard = yield* lock.acquire();
      const at = getRunningLoop().time();
      guard.release();
      return at;
    });
    const start = getRunningLoop().time();
    yield* sleep(1);
    inner.release();
    yield* sleep(1);
    expect(other.done()).toBe(false);
    lock.release();
    expect((yield* other) - start).toBe(2);
    expect([lock.locked(), lock.owner, lock.count]).toEqual([false, null, 0]);
  }));

test('the body of a scope in the async lane counts as the task around it', () =>
  runVirtual(async () => {
    const lock = new RLock();
    const depths: number[] = [];
    const enter = (depth: number): Promise<void> =>
      lock
        .with(async () => {
          depths.push(lock.count);
          await timeout(5, async () => {
            if (depth > 0) await enter(depth - 1);
          });
        })
        .then();
    await enter(3);
    expect(depths).toEqual([1, 2, 3, 4]);
    expect(lock.locked()).toBe(false);
    // A child of a group is another task.
    await lock.with(async () => {
      const error = await rejection(
        timeout(1, () =>
          TaskGroup.run(async (group) => {
            group.createTask(() => lock.acquire().then());
          }).then(),
        ),
      );
      expect(error.name).toBe('TimeoutError');
    });
    expect(lock.locked()).toBe(false);
  }));

test('first come, first served, and a cancel at any moment loses nothing', () =>
  runVirtual(function* () {
    const lock = new RLock();
    const order: number[] = [];
    yield* lock.acquire();
    const tasks = [0, 1, 2, 3].map((n) =>
      createTask(function* () {
        yield* lock.with(function* () {
          yield* lock.with(function* () {
            order.push(n);
            yield* sleep(1);
          });
        });
      }),
    );
    yield* sleep(1);
    tasks[1]!.cancel();
    lock.release();
    // It has been promised the lock, and does not go on any more.
    tasks[0]!.cancel();
    yield* gather(tasks, { returnExceptions: true });
    expect(order).toEqual([2, 3]);
    expect(tasks.map((task) => task.cancelled())).toEqual([true, true, false, false]);
    expect(lock.locked()).toBe(false);
  }));

test('only its owner releases it, and only as often as it was acquired', () =>
  runVirtual(function* () {
    const lock = new RLock();
    expect(thrown(() => lock.release())).toBeInstanceOf(RuntimeError);
    const guard = yield* lock.acquire();
    const other = createTask(function* () {
      lock.release();
    });
    expect((yield* gather([other], { returnExceptions: true }))[0]).toMatchObject({
      message: expect.stringMatching(/held by <Task .*, and only that task may release it/),
    });
    expect(lock.locked()).toBe(true);
    guard.release();
    expect(() => guard.release()).toThrow('released already');
    expect(String(lock)).toBe('<RLock [unlocked]>');
  }));

test('a signal, a callback, and what is no signal', () =>
  runVirtual(function* () {
    const lock = new RLock();
    const holder = createTask(function* () {
      yield* lock.with(function* () {
        yield* sleep(10);
      });
    });
    yield* sleep(1);
    const abort = new AbortController();
    const waiting = lock.acquire({ signal: abort.signal });
    expect(String(lock)).toBe('<RLock [locked, waiters:1]>');
    abort.abort();
    expect(yield* gather([waiting], { returnExceptions: true })).toMatchObject([
      { code: 'ABORT_ERR' },
    ]);
    expect(String(lock)).toBe('<RLock [locked]>');
    expect(() => lock.acquire({ signal: 5 as never })).toThrow(TypeError);
    const outside = yield* promise(
      new Promise<unknown>((resolve) => {
        getRunningLoop().callSoon(() => resolve(thrown(() => lock.acquire())));
      }),
    );
    expect(outside).toBeInstanceOf(RuntimeError);
    holder.cancel();
    expect((yield* gather([holder], { returnExceptions: true }))[0]).toBeInstanceOf(CancelledError);
    expect(lock.locked()).toBe(false);
  }));
