// CancelScope, moveOnAfter, failAfter: level-triggered cancellation, in both lanes.
import {
  CancelledError,
  CancelScope,
  createTask,
  currentTask,
  failAfter,
  getRunningLoop,
  Lock,
  moveOnAfter,
  RuntimeError,
  sleep,
  TaskGroup,
  TimeoutError,
  waitFor,
} from 'oxbow';
import type { Coro } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection, thrown } from '../support/outcomes.ts';

test('in time: what the body returns; too late: undefined, or a TimeoutError', () =>
  runVirtual(async () => {
    expect(
      await moveOnAfter('2s', function* () {
        return yield* sleep(1, 'x');
      }),
    ).toBe('x');
    expect(await moveOnAfter(2, async () => sleep(1, 'y'))).toBe('y');
    expect(
      await moveOnAfter(1, function* () {
        return yield* sleep(9, 'x');
      }),
    ).toBe(undefined);
    expect(await moveOnAfter(1, async () => sleep(9, 'y'))).toBe(undefined);
    expect(await failAfter(null, () => sleep(9, 'z'))).toBe('z');
    expect(
      await rejection(
        failAfter(1, function* () {
          yield* sleep(9);
        }),
      ),
    ).toBeInstanceOf(TimeoutError);
    expect(await rejection(failAfter(1, async () => sleep(9)))).toBeInstanceOf(TimeoutError);
    expect(
      await moveOnAfter(0, function* () {
        return 'no wait';
      }),
    ).toBe('no wait');
    expect(getRunningLoop().time()).toBeLessThan(20);
  }));

test('every wait inside fails, and cancelling() stays as it is', () =>
  runVirtual(function* () {
    const log: unknown[] = [];
    let kept: CancelScope | undefined;
    yield* CancelScope.run({}, function* (scope) {
      kept = scope;
      getRunningLoop().callLater(1, () => scope.cancel('enough'));
      for (let n = 0; n < 3; n++) {
        try {
          if (n === 1) yield;
          else yield* sleep(100);
        } catch (error) {
          log.push((error as CancelledError).reason, currentTask()!.cancelling());
        }
      }
      yield* sleep(100);
    });
    expect(log).toEqual(['enough', 0, 'enough', 0, 'enough', 0]);
    expect([kept!.cancelCalled, kept!.cancelledCaught, kept!.reason]).toEqual([
      true,
      true,
      'enough',
    ]);
    yield* sleep(1);
  }));

test('the same in the async lane', () =>
  runVirtual(async () => {
    const log: unknown[] = [];
    let kept: CancelScope | undefined;
    await CancelScope.run({}, async (scope) => {
      kept = scope;
      getRunningLoop().callLater(1, () => scope.cancel('enough'));
      for (let n = 0; n < 3; n++) {
        try {
          await sleep(100);
        } catch (error) {
          log.push((error as CancelledError).reason, currentTask()!.cancelling());
        }
      }
      await sleep(100);
    });
    expect(log).toEqual(['enough', 0, 'enough', 0, 'enough', 0]);
    expect(kept!.cancelledCaught).toBe(true);
    expect(getRunningLoop().time()).toBeLessThan(3);
  }));

test('a body that does not wait again ends as it likes', () =>
  runVirtual(function* () {
    const scope = yield* CancelScope.run({}, function* (inner) {
      inner.cancel();
      inner.cancel('second');
      return inner;
    });
    expect([scope!.cancelCalled, scope!.cancelledCaught, scope!.reason]).toEqual([
      true,
      false,
      undefined,
    ]);
    expect(
      (yield* rejected(
        CancelScope.run({}, function* (inner) {
          inner.cancel();
          throw new Error('own');
        }),
      )).message,
    ).toBe('own');
  }));

function* rejected(awaitable: { [Symbol.iterator](): Iterator<any, unknown, unknown> }) {
  try {
    yield* awaitable;
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

test("a cancel of the task passes through, also beside the scope's own", () =>
  runVirtual(async () => {
    for (const also of [false, true]) {
      for (const lane of ['generator', 'async']) {
        let kept: CancelScope | undefined;
        const task = createTask<unknown>(
          lane === 'generator'
            ? function* () {
                yield* CancelScope.run({}, function* (scope) {
                  kept = scope;
                  yield* sleep(100);
                });
              }
            : async () => {
                await CancelScope.run({}, async (scope) => {
                  kept = scope;
                  await sleep(100);
                });
              },
        );
        await sleep(1);
        if (also) kept!.cancel();
        task.cancel();
        await rejection(task);
        expect([task.cancelled(), kept!.cancelledCaught]).toEqual([true, false]);
      }
    }
  }));

test('nested: the outer one reaches the inner body; shield keeps it out', () =>
  runVirtual(function* () {
    const log: string[] = [];
    yield* CancelScope.run({}, function* (outer) {
      getRunningLoop().callLater(1, () => outer.cancel());
      try {
        yield* CancelScope.run({}, function* () {
          yield* sleep(100);
        });
        log.push('unreached');
      } finally {
        yield* CancelScope.run({ shield: true }, function* (inner) {
          yield* sleep(5);
          yield;
          log.push('cleaned up');
          inner.shield = false;
          yield* sleep(5);
          log.push('unreached');
        });
      }
    });
    expect(log).toEqual(['cleaned up']);
    expect(getRunningLoop().time()).toBeLessThan(9);
  }));

test('the same in the async lane', () =>
  runVirtual(async () => {
    const log: string[] = [];
    await CancelScope.run({}, async (outer) => {
      getRunningLoop().callLater(1, () => outer.cancel());
      try {
        await CancelScope.run({}, async () => {
          await sleep(100);
        });
        log.push('unreached');
      } finally {
        await CancelScope.run({ shield: true }, async () => {
          await sleep(5);
          log.push('cleaned up');
        });
        log.push('after');
        await sleep(100);
        log.push('unreached');
      }
    });
    expect(log).toEqual(['cleaned up', 'after']);
    expect(getRunningLoop().time()).toBeLessThan(9);
  }));

test('a shielded scope that runs when the outer one is cancelled goes on', () =>
  runVirtual(async () => {
    for (const lane of ['generator', 'async']) {
      const log: string[] = [];
      const work =
        lane === 'generator'
          ? function* () {
              yield* sleep(5);
              log.push('inside');
            }
          : async () => {
              await sleep(5);
              log.push('inside');
            };
      const body =
        lane === 'generator'
          ? function* (): Generator<any, void, any> {
              yield* CancelScope.run({ shield: true }, work);
              yield* sleep(100);
            }
          : async () => {
              await CancelScope.run({ shield: true }, work);
              await sleep(100);
            };
      expect(await moveOnAfter(1, body)).toBe(undefined);
      expect(log).toEqual(['inside']);
    }
  }));

test('the deadline may be moved', () =>
  runVirtual(function* () {
    const loop = getRunningLoop();
    const scope = yield* CancelScope.run({ deadline: loop.time() + 1 }, function* (inner) {
      inner.deadline = loop.time() + 10;
      yield* sleep(5);
      inner.deadline = null;
      yield* sleep(20);
      return inner;
    });
    expect([scope!.deadline, scope!.cancelCalled]).toEqual([null, false]);
    expect(
      yield* CancelScope.run({ deadline: loop.time() - 1 }, function* () {
        yield* sleep(5);
        return 'unreached';
      }),
    ).toBe(undefined);
  }));

test('a group inside waits for its children, and the loop is not kept busy', () =>
  runVirtual(function* () {
    let cleaned = false;
    expect(
      yield* moveOnAfter(1, function* () {
        yield* TaskGroup.run(function* (group) {
          group.createTask(function* () {
            try {
              yield* sleep(100);
            } finally {
              yield* sleep(5);
              cleaned = true;
            }
          });
        });
        return 'unreached';
      }),
    ).toBe(undefined);
    expect(cleaned).toBe(true);
  }));

test('a lock that is waited for is not lost', () =>
  runVirtual(function* () {
    const lock = new Lock();
    yield* lock.acquire();
    const task = createTask(function* () {
      return yield* moveOnAfter(1, function* () {
        yield* lock.acquire();
        return 'got it';
      });
    });
    getRunningLoop().callLater(1, () => lock.release());
    const got = yield* task;
    if (got === 'got it') lock.release();
    yield* waitFor(lock.acquire(), 1);
  }));

test('misuse is explained', () =>
  runVirtual(function* () {
    expect(thrown(() => moveOnAfter(NaN, function* () {}))).toBeInstanceOf(RangeError);
    expect(thrown(() => CancelScope.run({}, 5 as never))).toBeInstanceOf(TypeError);
    expect(
      thrown(() => CancelScope.run({ deadline: 'x' as never }, function* () {})),
    ).toBeInstanceOf(TypeError);
    let error: unknown;
    getRunningLoop().callSoon(() => {
      error = thrown(() =>
        CancelScope.run({}, function* () {})
          [Symbol.iterator]()
          .next(),
      );
    });
    yield;
    expect(error).toBeInstanceOf(RuntimeError);
  }));

test.each(['function*', 'async'])('scopes that end together: the outer one has it (%s)', (lane) =>
  runVirtual(async () => {
    const seen: unknown[] = [];
    const inner =
      lane === 'async'
        ? async (): Promise<void> => {
            await failAfter(1, async (scope) => {
              seen.push(scope);
              await sleep(5);
            });
          }
        : function* (): Coro<void> {
            yield* failAfter(1, function* (scope) {
              seen.push(scope);
              yield* sleep(5);
            });
          };
    await moveOnAfter(1, (outer) => {
      seen.push(outer);
      return inner();
    });
    const scopes = seen as CancelScope[];
    expect(scopes.map((scope) => scope.cancelCalled)).toEqual([true, true]);
    expect(scopes.map((scope) => scope.cancelledCaught)).toEqual([true, false]);
  }),
);

test('an inner scope that ends while the outer one is being left passes it on', () =>
  runVirtual(function* () {
    const seen: CancelScope[] = [];
    yield* moveOnAfter(1, function* (outer) {
      yield* moveOnAfter(2, function* (inner) {
        seen.push(outer, inner);
        try {
          yield* sleep(5);
        } finally {
          yield* CancelScope.run({ shield: true }, function* () {
            yield* sleep(3);
          });
        }
      });
      seen.length = 0; // does not come here
    });
    expect(seen.map((scope) => scope.cancelledCaught)).toEqual([true, false]);
    expect(currentTask()!.cancelling()).toBe(0);
  }));
