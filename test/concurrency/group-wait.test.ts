// What curio's task groups have beside asyncio's: wait policies, the next child that is done,
// daemons.
import {
  checkCancellation,
  cancelAndWait,
  CancelScope,
  createTask,
  currentTask,
  Future,
  gather,
  getRunningLoop,
  RuntimeError,
  shield,
  sleep,
  TaskGroup,
} from 'oxbow';
import type { Task } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection, thrown } from '../support/outcomes.ts';

function* after<T>(seconds: number, result: T) {
  yield* sleep(seconds);
  return result;
}

function* failsAfter(seconds: number) {
  yield* sleep(seconds);
  throw new Error('failed');
}

describe('wait', () => {
  test("'any' ends the group with the first child that ends, in both lanes", () =>
    runVirtual(async () => {
      const start = getRunningLoop().time();
      const body = (group: TaskGroup) => [3, 1, 2].map((s) => group.createTask(after(s, s)));
      const made: Task<number>[] = [];
      const async = await TaskGroup.run({ wait: 'any' }, async (group) => {
        made.push(...body(group));
        return group;
      });
      expect(async!.completed!.result()).toBe(1);
      const lane = createTask(function* () {
        const group = yield* TaskGroup.run({ wait: 'any' }, function* (group) {
          made.push(...body(group));
          return group;
        });
        return group!.completed!.result();
      });
      expect(await lane).toBe(1);
      expect(getRunningLoop().time() - start).toBe(2);
      expect(made.map((task) => task.cancelled())).toEqual([true, false, true, true, false, true]);
    }));

  test("'firstResult' passes over undefined and null, and the body is left to end", () =>
    runVirtual(function* () {
      const start = getRunningLoop().time();
      const group = yield* TaskGroup.run({ wait: 'firstResult' }, function* (group) {
        group.createTask(after(1, undefined));
        group.createTask(after(2, null));
        group.createTask(after(3, 0));
        group.createTask(after(9, 'late'));
        yield* sleep(5);
        return group;
      });
      expect(group!.completed!.result()).toBe(0);
      expect(getRunningLoop().time() - start).toBe(5);
    }));

  test('a cancelled child does not count, an error ends the group, all may give nothing', () =>
    runVirtual(function* () {
      const start = getRunningLoop().time();
      const group = yield* TaskGroup.run({ wait: 'any' }, function* (group) {
        group.createTask(after(1, 'cancelled')).cancel();
        group.createTask(after(2, 'two'));
        return group;
      });
      expect(group!.completed!.result()).toBe('two');
      const failing = createTask(
        TaskGroup.run({ wait: 'any' }, function* (inner) {
          inner.createTask(failsAfter(1));
          inner.createTask(after(2, 'two'));
        })[Symbol.iterator]() as never,
      );
      const [error] = yield* gather([failing], { returnExceptions: true });
      expect(error).toMatchObject({ errors: [{ message: 'failed' }] });
      const none = yield* TaskGroup.run({ wait: 'firstResult' }, function* (inner) {
        inner.createTask(after(1, null));
        return inner;
      });
      expect(none!.completed).toBe(null);
      expect(getRunningLoop().time() - start).toBe(4);
    }));

  test('what it cannot be', () =>
    runVirtual(function* () {
      expect(() => TaskGroup.run({ wait: 'first' as never }, function* () {})).toThrow(
        "wait must be 'all', 'any' or 'firstResult', got 'first'",
      );
      expect(() => TaskGroup.run({ waits: 'any' } as never, function* () {})).toThrow(
        "there is no option 'waits'; did you mean 'wait'?",
      );
      expect(() => TaskGroup.run({ wait: 'any' }, undefined as never)).toThrow(TypeError);
    }));
});

describe('the next child', () => {
  test('in the order in which they end, then null', () =>
    runVirtual(function* () {
      yield* TaskGroup.run(function* (group) {
        const tasks = [3, 1, 2].map((s) => group.createTask(after(s, s)));
        const order: unknown[] = [];
        for (let task; (task = yield* group.nextDone()) !== null;) order.push(task.result());
        expect(order).toEqual([1, 2, 3]);
        expect(tasks.every((task) => task.done())).toBe(true);
        // A group goes on, so there may be more later.
        group.createTask(after(1, 4));
        expect(yield* group.nextResult()).toBe(4);
        const [none] = yield* gather([group.nextResult()], { returnExceptions: true });
        expect(none).toBeInstanceOf(RuntimeError);
      });
    }));

  test('for await gives the tasks themselves, those that end while nobody asks too', () =>
    runVirtual(() =>
      TaskGroup.run(async (group) => {
        for (const s of [2, 1, 3]) group.createTask(after(s, s), { name: `t${s}` });
        const cancelled = group.createTask(after(9, 9), { name: 'c' });
        await sleep(2.5);
        cancelled.cancel();
        const names: string[] = [];
        for await (const task of group) names.push(task.getName());
        expect(names).toEqual(['t1', 't2', 'c', 't3']);
      }).then(),
    ));

  test('a wait that is given up in any turn loses no child', () =>
    runVirtual(function* () {
      const ends: boolean[] = [];
      for (let turns = 0; turns < 8; turns++) {
        yield* TaskGroup.run(function* (group) {
          group.createTask(after(1, 'one'));
          group.createTask(after(2, 'two'));
          const first = createTask(function* () {
            return yield* group.nextResult();
          });
          yield* sleep(1);
          for (let turn = 0; turn < turns; turn++) yield;
          first.cancel();
          const [given] = yield* gather([first], { returnExceptions: true });
          const all = [first.cancelled() ? [] : [given], yield* group.nextResult()].flat();
          if (first.cancelled()) all.push(yield* group.nextResult());
          expect(all).toEqual(['one', 'two']);
          ends.push(first.cancelled());
        });
      }
      expect(new Set(ends)).toEqual(new Set([true, false]));
    }));

  test('a group that never asks keeps no more than 256, and says so to who asks too late', () =>
    runVirtual(function* () {
      yield* TaskGroup.run(function* (group) {
        for (let n = 0; n < 257; n++) group.createTask(after(0, n));
        yield* sleep(1);
        expect(thrown(() => group.nextDone()).message).toMatch(/more than 256 tasks/);
      });
      yield* TaskGroup.run(function* (group) {
        for (let n = 0; n < 1000; n++) group.createTask(after(0, n));
        const asked = group.nextResult();
        yield* sleep(1);
        const all = [yield* asked];
        for (let task; (task = yield* group.nextDone()) !== null;) all.push(task.result());
        expect(all).toEqual(Array.from({ length: 1000 }, (_, n) => n));
      });
    }));
});

describe('daemons', () => {
  test('a group cancels them when the others have ended', () =>
    runVirtual(function* () {
      const start = getRunningLoop().time();
      const log: string[] = [];
      yield* TaskGroup.run(function* (group) {
        group.createTask(
          function* () {
            try {
              for (;;) {
                log.push('tick');
                yield* sleep(1);
              }
            } finally {
              log.push('cleaned up');
            }
          },
          { daemon: true },
        );
        group.createTask(after(2.5, 1));
        expect(yield* group.nextResult()).toBe(1);
        expect(yield* group.nextDone()).toBe(null);
        yield* sleep(1);
      });
      expect(getRunningLoop().time() - start).toBe(3.5);
      expect(log).toEqual(['tick', 'tick', 'tick', 'tick', 'cleaned up']);
    }));

  test('an error of one is the error of its group, or goes to the exception handler at once', () =>
    runVirtual(async () => {
      const error = await rejection(
        TaskGroup.run(async (group) => {
          group.createTask(failsAfter(1), { daemon: true });
          await sleep(5);
        }),
      );
      expect(error).toMatchObject({ errors: [{ message: 'failed' }] });
      const told: unknown[] = [];
      getRunningLoop().setExceptionHandler((_loop, context) => told.push(context));
      const task = createTask(failsAfter(1), { daemon: true });
      createTask(after(1, 'fine'), { daemon: true });
      createTask(after(9, 'cancelled'), { daemon: true }).cancel();
      await sleep(2);
      expect(told).toMatchObject([
        { message: 'Daemon task failed', exception: { message: 'failed' } },
      ]);
      expect((told[0] as { task: unknown }).task).toBe(task);
      expect(() => createTask(failsAfter(1), { daemon: 1 as never })).toThrow(
        'daemon must be true or false, got 1',
      );
    }));
});

describe('cancelAndWait', () => {
  test('waits for the clean-up, and tells how it ended', () =>
    runVirtual(async () => {
      const loop = getRunningLoop();
      const start = loop.time();
      const reasons: unknown[] = [];
      const cleans = createTask(function* () {
        try {
          yield* sleep(9);
        } catch (error) {
          reasons.push((error as { reason: unknown }).reason);
          throw error;
        } finally {
          yield* sleep(2);
        }
      });
      await sleep(1);
      expect(await cancelAndWait(cleans, { reason: 'enough' })).toBe(true);
      expect([reasons, loop.time() - start]).toEqual([['enough'], 3]);
      const refuses = createTask(async () => {
        await rejection(sleep(9));
        return 'done';
      });
      await sleep(0);
      expect(await cancelAndWait(refuses)).toBe(false);
      expect(await cancelAndWait(refuses)).toBe(false);
      const breaks = createTask(async () => {
        await rejection(sleep(9));
        throw new Error('broke');
      });
      await sleep(0);
      expect((await rejection(cancelAndWait(breaks))).message).toBe('broke');
      expect(await cancelAndWait(new Future())).toBe(true);
    }));

  test('itself, by a signal, a cancelled wait, and what is no future', () =>
    runVirtual(async () => {
      expect(thrown(() => cancelAndWait(currentTask()!))).toBeInstanceOf(RuntimeError);
      await CancelScope.run({}, async () => {
        const me = currentTask()!;
        expect(thrown(() => cancelAndWait(me))).toBeInstanceOf(RuntimeError);
      });
      expect(thrown(() => cancelAndWait(5 as never))).toBeInstanceOf(TypeError);
      const slow = createTask(async () => {
        await rejection(sleep(9));
        await sleep(9);
      });
      await sleep(0);
      const abort = new AbortController();
      const wait = cancelAndWait(slow, { signal: abort.signal });
      abort.abort();
      expect((await rejection(wait)).name).toBe('AbortError');
      const again = cancelAndWait(shield(slow));
      expect([await again, slow.done()]).toEqual([true, false]);
    }));
});

describe('checkCancellation', () => {
  test('throws a cancel that has not come yet, once', () =>
    runVirtual(async () => {
      for (const lane of ['generator', 'async'] as const) {
        const look = () => {
          checkCancellation();
          currentTask()!.cancel('me');
          const error = thrown(() => checkCancellation()) as Error & { reason?: unknown };
          expect([error.name, error.reason]).toEqual(['CancelledError', 'me']);
          checkCancellation();
        };
        const task = createTask<unknown>(
          lane === 'async'
            ? async () => look()
            : function* () {
                look();
              },
        );
        await task;
        expect(task.cancelling()).toBe(1);
      }
    }));

  test('throws in a scope that is cancelled, and in one whose deadline has passed meanwhile', () =>
    runVirtual(function* () {
      let steps = 0;
      const late = yield* CancelScope.run({}, function* (scope) {
        scope.cancel();
        expect(thrown(() => checkCancellation()).name).toBe('CancelledError');
        expect(thrown(() => checkCancellation()).name).toBe('CancelledError');
        // A shield keeps it outside.
        yield* CancelScope.run({ shield: true }, function* () {
          checkCancellation();
          steps++;
        });
        checkCancellation();
        steps++;
      });
      expect([late, steps]).toEqual([undefined, 1]);
    }));

  test('in real time, a computation that never waits ends at its deadline', async () => {
    const { run, moveOnAfter } = await import('oxbow');
    let rounds = 0;
    await run(function* () {
      const result = yield* moveOnAfter('20ms', function* () {
        for (;;) {
          checkCancellation();
          rounds++;
        }
      });
      expect(result).toBe(undefined);
    });
    expect(rounds).toBeGreaterThan(0);
    expect(thrown(() => checkCancellation())).toBeInstanceOf(RuntimeError);
  });
});
