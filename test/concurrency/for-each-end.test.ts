// How forEach ends: cancels at every turn, signals and errors, and that nothing is disturbed twice.
import {
  allTasks,
  createTask,
  currentTask,
  forEach,
  moveOnAfter,
  sleep,
  timeout,
  TimeoutError,
} from 'oxbow';
import type { Task } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection, thrown } from '../support/outcomes.ts';

/** Counts up, and notes how far it was asked and whether it was closed. */
function counting(end: number) {
  const state = { asked: 0, closed: false };
  function* items() {
    try {
      for (let n = 0; n < end; n++) {
        state.asked++;
        yield n;
      }
    } finally {
      state.closed = true;
    }
  }
  return { state, items: items() };
}

for (const [what, count] of [
  ['more items', 100],
  ['no more items', 3],
] as const) {
  for (const how of ['cancel', 'signal', 'error'] as const) {
    test(`no item is disturbed twice in its clean-up: ${how}, ${what} to come`, () =>
      runVirtual(function* () {
        const control = new AbortController();
        const cleaned: number[] = [];
        const { items } = counting(count);
        const task = createTask(function* () {
          yield* forEach(
            items,
            function* (n) {
              try {
                if (how === 'error' && n === 0) {
                  yield* sleep(1);
                  throw new Error('own');
                }
                yield* sleep(10);
              } finally {
                for (let left = n; left > 0; left--) yield* sleep(1);
                cleaned.push(n);
              }
            },
            { concurrency: 3, signal: control.signal },
          );
        });
        yield* sleep(1);
        if (how === 'cancel') task.cancel();
        if (how === 'signal') control.abort();
        yield* sleep(1.5);
        if (how !== 'cancel') control.abort();
        yield* sleep(5);
        expect([task.done(), cleaned]).toEqual([true, [0, 1, 2]]);
        const ended = task.cancelled() ? 'cancelled' : (task.exception() as Error).message;
        expect(ended).toBe(
          {
            cancel: 'cancelled',
            signal: 'The operation was aborted',
            error: 'own',
          }[how],
        );
      }));
  }
}

test('an item that is cancelled from outside leaves the others to end, and is an error then', () =>
  runVirtual(function* () {
    const ended: number[] = [];
    const tasks: Task<any>[] = [];
    const run = createTask(function* () {
      yield* forEach(
        [0, 1],
        function* (n) {
          tasks.push(currentTask()!);
          yield* sleep(10);
          ended.push(n);
        },
        { concurrency: 2 },
      );
    });
    yield* sleep(1);
    tasks[0]!.cancel('outside');
    yield* sleep(20);
    expect([run.cancelled(), ended]).toEqual([true, [1]]);
    expect(thrown(() => run.result())).toMatchObject({ reason: 'outside' });
  }));

for (let turns = 0; turns < 12; turns++) {
  for (const lane of ['generator', 'async'] as const) {
    test(`cancelled at turn ${turns}, nothing is left running (${lane})`, () =>
      runVirtual(function* () {
        let inside = 0;
        const { state, items } = counting(6);
        const work = function* (n: number) {
          inside++;
          try {
            for (let left = n; left > 0; left--) yield;
          } finally {
            inside--;
          }
        };
        const workAsync = async (n: number) => {
          inside++;
          try {
            for (let left = n; left > 0; left--) await sleep(0);
          } finally {
            inside--;
          }
        };
        const task = createTask(
          lane === 'generator'
            ? function* () {
                return yield* forEach(items, work, { concurrency: 2 });
              }
            : async () => await forEach(items, workAsync, { concurrency: 2 }),
        );
        const main = allTasks().size - 1;
        for (let turn = 0; turn < turns; turn++) yield;
        task.cancel();
        yield* sleep(1);
        expect(task.done()).toBe(true);
        expect([inside, allTasks().size]).toEqual([0, main]);
        if (task.cancelled() && state.asked > 0) expect(state.closed).toBe(true);
      }));
  }
}

for (const lane of ['generator', 'async'] as const) {
  test(`in a cancel scope and in a timeout it ends as they say (${lane})`, () =>
    runVirtual(function* () {
      let cleaned = 0;
      const work = function* () {
        try {
          yield* sleep(10);
        } finally {
          cleaned++;
        }
      };
      const run =
        lane === 'generator'
          ? function* () {
              yield* forEach([1, 2, 3], work, { concurrency: 2 });
            }
          : async () => {
              await forEach([1, 2, 3], work, { concurrency: 2 });
            };
      const scope = yield* moveOnAfter(1, function* (scope) {
        yield* createTask(run);
        return scope;
      });
      expect([scope, cleaned]).toEqual([undefined, 2]);
      expect(yield* createTask(() => rejection(timeout(1, run)))).toBeInstanceOf(TimeoutError);
      yield* moveOnAfter(1, run);
      expect(cleaned).toBe(6);
    }));
}
