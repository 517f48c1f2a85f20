// Condition, in both lanes.
import { CancelledError, Condition, createTask, Lock, RuntimeError, sleep } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection, thrown } from '../support/outcomes.ts';

test('without the lock: RuntimeError', () =>
  runVirtual(function* () {
    const condition = new Condition();
    expect(thrown(() => condition.wait())).toBeInstanceOf(RuntimeError);
    expect(thrown(() => condition.notify())).toBeInstanceOf(RuntimeError);
    expect(thrown(() => condition.notifyAll())).toBeInstanceOf(RuntimeError);
    expect(thrown(() => condition.release())).toBeInstanceOf(RuntimeError);
    expect(thrown(() => new Condition(5 as never))).toBeInstanceOf(TypeError);
  }));

test('notify wakes that many, first come first served, with the lock held', () =>
  runVirtual(async () => {
    const condition = new Condition(new Lock());
    const order: number[] = [];
    const waiter = (n: number) =>
      n % 2 === 0
        ? createTask(function* () {
            yield* condition.acquire();
            expect(yield* condition.wait()).toBe(true);
            expect(condition.locked()).toBe(true);
            order.push(n);
            condition.release();
          })
        : createTask(async () => {
            await condition.with(async () => {
              await condition.wait();
              order.push(n);
            });
          });
    const tasks = [];
    for (const n of [0, 1, 2, 3, 4]) {
      tasks.push(waiter(n));
      await sleep(1);
    }
    await condition.with(function* () {
      condition.notify(2);
    });
    await sleep(1);
    expect(order).toEqual([0, 1]);
    await condition.with(function* () {
      condition.notifyAll();
    });
    for (const task of tasks) await task;
    expect(order).toEqual([0, 1, 2, 3, 4]);
    expect(String(condition)).toBe('<Condition [unlocked]>');
  }));

test('waitFor looks again until the predicate holds, and gives its value', () =>
  runVirtual(async () => {
    const condition = new Condition();
    let value = 0;
    const tasks = [
      createTask(function* () {
        return yield* condition.with(() => condition.waitFor(() => value > 2 && `got ${value}`));
      }),
      createTask(async () =>
        condition.with(async () => {
          const got = await condition.waitFor(() => value > 1 && value);
          return `async ${got}`;
        }),
      ),
    ];
    for (let round = 0; round < 4; round++) {
      await sleep(1);
      await condition.with(async () => {
        value++;
        condition.notifyAll();
      });
    }
    expect([await tasks[0], await tasks[1]]).toEqual(['got 3', 'async 2']);
  }));

test('a cancelled wait has the lock when it ends, through any number of cancels', () =>
  runVirtual(function* () {
    const condition = new Condition();
    const log: string[] = [];
    const task = createTask(function* () {
      yield* condition.acquire();
      try {
        yield* condition.wait();
      } catch (error) {
        log.push(`${(error as CancelledError).reason} ${condition.locked()}`);
        throw error;
      } finally {
        condition.release();
      }
    });
    yield* sleep(1);
    yield* condition.acquire();
    task.cancel('one');
    yield* sleep(1);
    task.cancel('two');
    yield* sleep(1);
    expect(task.done()).toBe(false);
    condition.release();
    yield* sleep(1);
    expect(log).toEqual(['two true']);
    expect(task.cancelled()).toBe(true);
    expect(condition.locked()).toBe(false);
  }));

for (const turns of [0, 1, 2, 3]) {
  test(`a notify is passed on when a cancel comes ${turns} turns later`, () =>
    runVirtual(function* () {
      const condition = new Condition();
      const woken: string[] = [];
      const wait = (name: string) =>
        createTask(function* () {
          yield* condition.acquire();
          try {
            yield* condition.wait();
            woken.push(name);
          } finally {
            condition.release();
          }
        });
      const first = wait('first');
      const second = wait('second');
      yield* sleep(1);
      yield* condition.acquire();
      condition.notify(1);
      condition.release();
      for (let turn = 0; turn < turns; turn++) yield;
      first.cancel();
      yield* sleep(1);
      expect(woken).toHaveLength(1);
      expect(first.cancelled()).toBe(woken[0] === 'second');
      second.cancel();
    }));
}

test('a signal ends the wait with the lock held', () =>
  runVirtual(async () => {
    const condition = new Condition();
    const controller = new AbortController();
    await condition.acquire();
    const wait = condition.wait({ signal: controller.signal });
    controller.abort('enough');
    const error = await rejection(wait);
    expect([error.name, error.cause, condition.locked()]).toEqual(['AbortError', 'enough', true]);
  }));

test('the guard of acquire() releases the lock after a wait, too', () =>
  runVirtual(async () => {
    const condition = new Condition();
    for (const end of ['notify', 'cancel'] as const) {
      const waiter = createTask(function* () {
        const guard = yield* condition.acquire();
        try {
          yield* condition.wait();
        } finally {
          guard.release();
        }
      });
      await sleep(1);
      if (end === 'cancel') waiter.cancel();
      else
        await condition.with(function* () {
          condition.notify();
        });
      await sleep(1);
      expect([waiter.done(), condition.locked()]).toEqual([true, false]);
    }
  }));
