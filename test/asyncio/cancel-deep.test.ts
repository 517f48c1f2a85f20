// Cancelling tasks that wait for each other in a circle, or in a chain longer than the stack.
import { createTask, gather, getRunningLoop, sleep, wait, waitFor } from 'oxbow';
import type { Task } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

type Wait = (task: Task<unknown>) => any;
const ways: [string, Wait][] = [
  ['itself', (task) => task],
  ['gather', (task) => gather(task, sleep(1000))],
  ['waitFor', (task) => waitFor(task, 1000)],
];

/** A task that waits for the one that `other` gives, as soon as there is one. */
function waiting(lane: string, way: Wait, other: () => Task<unknown>): Task<unknown> {
  if (lane === 'await') {
    return createTask(async () => {
      await sleep(0);
      return await way(other());
    });
  }
  return createTask(function* (): Generator<any, unknown> {
    yield* sleep(0);
    return yield* way(other());
  });
}

describe.each(['yield*', 'await'])('%s', (lane) => {
  test.each(ways)('a cancel ends all tasks of a circle (%s)', (_, way) => runVirtual(function* () {
    for (const size of [1, 2, 3, 250]) {
      if (size === 1 && way === ways[0]![1]) continue;
      const tasks: Task<unknown>[] = [];
      for (let i = 0; i < size; i++) {
        tasks.push(waiting(lane, way, () => tasks[(i + 1) % size]!));
      }
      yield* sleep(1);
      expect(tasks[0]!.cancel('enough')).toBe(true);
      expect(tasks.map((task) => task.cancelling())).toEqual(tasks.map(() => 1));
      yield* wait(tasks);
      expect(tasks.every((task) => task.cancelled())).toBe(true);
      expect(getRunningLoop().time()).toBeLessThan(1000);
    }
  }));

  test.each(ways)('a cancel reaches the end of a chain of 10,000 (%s)', (_, way) =>
    runVirtual(function* () {
      const first = createTask(() => sleep(1e6));
      const tasks: Task<unknown>[] = [first];
      for (let i = 0; i < 10_000; i++) {
        const before = tasks[i]!;
        tasks.push(waiting(lane, way === ways[1]![1] ? (task) => gather(task) : way, () => before));
      }
      yield* sleep(1);
      const last = tasks.at(-1)!;
      expect(last.cancel()).toBe(true);
      expect(tasks.every((task) => task.cancelling() === 1 && !task.done())).toBe(true);
      yield* wait([last]);
      expect(tasks.every((task) => task.cancelled())).toBe(true);
    }));

  test('a task that cancels itself, and then waits in a circle, ends', () =>
    runVirtual(function* () {
      const a: Task<unknown> = waiting(lane, (other) => {
        a.cancel('own');
        return other;
      }, () => b);
      const b = waiting(lane, (other) => other, () => a);
      yield* wait([a, b]);
      expect([a.cancelled(), b.cancelled()]).toEqual([true, true]);
    }));
});

test('a task reached by two ways has two requests, as in asyncio', () => runVirtual(function* () {
  const end = createTask(() => sleep(100));
  const left = waiting('yield*', (task) => task, () => end);
  const right = waiting('yield*', (task) => task, () => end);
  const top = createTask(function* () { yield* gather(left, right); });
  yield* sleep(1);
  top.cancel();
  expect(end.cancelling()).toBe(2);
  yield* wait([top, left, right, end]);
  expect(end.cancelled()).toBe(true);
}));

test('a cancelled circle can be cancelled again', () => runVirtual(function* () {
  let refused = 0;
  const a: Task<unknown> = createTask(function* (): Generator<any, unknown> {
    yield* sleep(0);
    for (;;) {
      try {
        return yield* b;
      } catch (error) {
        if (++refused === 3) throw error;
      }
    }
  });
  const b: Task<unknown> = createTask(function* (): Generator<any, unknown> {
    yield* sleep(0);
    for (;;) {
      try {
        return yield* a;
      } catch (error) {
        if (a.done()) throw error;
      }
    }
  });
  for (let i = 0; i < 3; i++) {
    yield* sleep(1);
    b.cancel();
  }
  yield* wait([a, b]);
  expect([refused, a.cancelled()]).toEqual([3, true]);
}));
