// timeout and timeoutAt, in both lanes.
import {
  CancelledError,
  CancelScope,
  createTask,
  currentTask,
  getRunningLoop,
  RuntimeError,
  sleep,
  timeout,
  timeoutAt,
  TimeoutError,
} from 'oxbow';
import type { Timeout } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection, thrown } from '../support/outcomes.ts';

test('in time: what the body returns; too late: TimeoutError', () =>
  runVirtual(function* () {
    expect(
      yield* timeout('2s', function* () {
        return yield* sleep(1, 'x');
      }),
    ).toBe('x');
    expect(yield* timeout(2, async () => 'y')).toBe('y');
    expect(yield* timeout(null, () => sleep(50, 'z'))).toBe('z');
    let error: unknown;
    try {
      yield* timeout(1, function* () {
        yield* sleep(100);
      });
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(TimeoutError);
    expect((error as Error).cause).toBeInstanceOf(CancelledError);
    expect(currentTask()!.cancelling()).toBe(0);
  }));

test('the same in the async lane', () =>
  runVirtual(async () => {
    expect(await timeout(2, async () => sleep(1, 'x'))).toBe('x');
    expect(
      await timeout(2, function* () {
        return yield* sleep(1, 'y');
      }),
    ).toBe('y');
    expect(
      await rejection(
        timeout(1, async () => {
          await sleep(100);
        }),
      ),
    ).toBeInstanceOf(TimeoutError);
    expect(currentTask()!.cancelling()).toBe(0);
  }));

test('the body runs in the task itself in the generator lane', () =>
  runVirtual(function* () {
    const main = currentTask();
    expect(
      yield* timeout(1, function* () {
        return currentTask();
      }),
    ).toBe(main);
  }));

test('a body that does not wait is not timed out', () =>
  runVirtual(function* () {
    const [value, scope] = yield* timeout(0, function* (inner) {
      return ['done', inner] as [string, Timeout];
    });
    expect([value, scope.expired()]).toEqual(['done', false]);
  }));

test('a deadline that has passed fires at the first wait', () =>
  runVirtual(async () => {
    expect(
      await rejection(
        timeoutAt(-5, function* () {
          yield* sleep(100);
        }),
      ),
    ).toBeInstanceOf(TimeoutError);
    expect(getRunningLoop().time()).toBeLessThan(1);
  }));

test('a swallowed cancel gives no error, and expired() tells', () =>
  runVirtual(function* () {
    const scope = yield* timeout(1, function* (inner) {
      try {
        yield* sleep(100);
      } catch {
        /* swallowed on purpose */
      }
      return inner;
    });
    expect(scope.expired()).toBe(true);
    expect(currentTask()!.cancelling()).toBe(0);
  }));

test('an error of the body wins', () =>
  runVirtual(async () => {
    const error = await rejection(
      timeout(1, function* () {
        try {
          yield* sleep(100);
        } finally {
          throw new Error('other');
        }
      }),
    );
    expect(error.message).toBe('other');
  }));

test('with a cancel from outside too, CancelledError goes through', () =>
  runVirtual(async () => {
    for (const body of [
      function* () {
        yield* timeout(1, function* () {
          yield* sleep(100);
        });
      },
      async () => {
        await timeout(1, async () => {
          await sleep(100);
        });
      },
    ]) {
      const loop = getRunningLoop();
      const task = createTask<void>(body);
      // Both in one turn, the timeout's own cancel first or second.
      loop.callLater(1, () => task.cancel('outside'));
      expect(await rejection(task)).toBeInstanceOf(CancelledError);
      expect(task.cancelled()).toBe(true);
    }
  }));

test('nested: the one that expires speaks; both at once: the outer', () =>
  runVirtual(async () => {
    const names: string[] = [];
    const nested = (outer: number, inner: number) =>
      timeout(outer, function* () {
        try {
          yield* timeout(inner, function* () {
            yield* sleep(100);
          });
        } catch (error) {
          names.push((error as Error).name);
          throw error;
        }
      });
    await rejection(nested(5, 1));
    await rejection(nested(1, 5));
    const loop = getRunningLoop();
    const when = loop.time() + 1;
    const both = timeoutAt(when, function* () {
      try {
        yield* timeoutAt(when, function* () {
          yield* sleep(100);
        });
      } catch (error) {
        names.push((error as Error).name);
        throw error;
      }
    });
    expect(await rejection(both)).toBeInstanceOf(TimeoutError);
    expect(names).toEqual(['TimeoutError', 'CancelledError', 'CancelledError']);
  }));

test('when, reschedule, and the states in which it may be', () =>
  runVirtual(function* () {
    const loop = getRunningLoop();
    const start = loop.time();
    const scope = yield* timeout(1, function* (inner) {
      expect(inner.when()).toBeCloseTo(start + 1);
      inner.reschedule(start + 10);
      yield* sleep(5);
      inner.reschedule(null);
      expect(inner.when()).toBe(null);
      yield* sleep(50);
      return inner;
    });
    expect(scope.expired()).toBe(false);
    expect(thrown(() => scope.reschedule(1)).message).toBe(
      'Cannot change state of finished Timeout',
    );
  }));

test('entered while a cancel is outstanding it remembers the count', () =>
  runVirtual(async () => {
    let inner: unknown;
    const task = createTask(function* () {
      try {
        yield* sleep(100);
      } finally {
        try {
          yield* timeout(1, function* () {
            yield* sleep(100);
          });
        } catch (error) {
          inner = error;
        }
      }
    });
    await sleep(1);
    task.cancel();
    await rejection(task);
    expect(inner).toBeInstanceOf(TimeoutError);
    expect(task.cancelled()).toBe(true);
  }));

test('misuse is explained', () =>
  runVirtual(function* () {
    expect(thrown(() => timeout(1, 5 as never))).toBeInstanceOf(TypeError);
    expect(thrown(() => timeout(NaN, function* () {}))).toBeInstanceOf(RangeError);
    expect(thrown(() => timeout('soon', function* () {}))).toBeInstanceOf(TypeError);
    const scope = timeout(1, function* () {
      return 1;
    });
    expect(yield* scope).toBe(1);
    let error: unknown;
    try {
      yield* scope;
    } catch (caught) {
      error = caught;
    }
    expect((error as Error).message).toBe('the scope has already been entered');
  }));

test('outside a task it is a RuntimeError', () =>
  runVirtual(function* () {
    const loop = getRunningLoop();
    let error: unknown;
    loop.callSoon(() => {
      error = thrown(() =>
        timeout(1, function* () {})
          [Symbol.iterator]()
          .next(),
      );
    });
    yield;
    expect(error).toBeInstanceOf(RuntimeError);
  }));

test('a scope may be gathered or given to createTask by way of ensureFuture', () =>
  runVirtual(async () => {
    const { gather } = await import('oxbow');
    expect(
      await gather(
        timeout(5, function* () {
          return yield* sleep(1, 'a');
        }),
        sleep(1, 'b'),
      ),
    ).toEqual(['a', 'b']);
  }));

test('a point in time is a number: a unit would say "from now"', () =>
  runVirtual(function* () {
    const message = "when: '2s' is not a number";
    const refused = (body: () => unknown): void => expect(thrown(body).message).toBe(message);
    refused(() => timeoutAt('2s' as never, function* () {}));
    refused(() => getRunningLoop().callAt('2s' as never, () => {}));
    yield* timeout(5, function* (scope) {
      const when = scope.when();
      refused(() => scope.reschedule('2s' as never));
      expect(thrown(() => scope.reschedule(NaN)).name).toBe('RangeError');
      expect(scope.when()).toBe(when);
      scope.reschedule(undefined);
      expect(scope.when()).toBe(null);
    });
    expect(
      thrown(() => CancelScope.run({ deadline: '2s' as never }, function* () {})).message,
    ).toBe("deadline: '2s' is not a number");
  }));
