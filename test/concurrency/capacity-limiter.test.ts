// CapacityLimiter (trio's), in both lanes.
import { CapacityLimiter, createTask, gather, RuntimeError, sleep, timeout, waitFor } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection, thrown } from '../support/outcomes.ts';

test('so many at a time, first come first served, in both lanes', () =>
  runVirtual(async () => {
    const limiter = new CapacityLimiter(2);
    let busy = 0;
    let most = 0;
    const order: number[] = [];
    const enter = (n: number) => {
      most = Math.max(most, ++busy);
      order.push(n);
    };
    const tasks = [0, 1, 2, 3, 4, 5].map((n) =>
      createTask<void>(
        n % 2 === 0
          ? function* () {
              yield* limiter.with(function* () {
                enter(n);
                yield* sleep(1);
                busy--;
              });
            }
          : async () => {
              await limiter.with(async () => {
                enter(n);
                await sleep(1);
                busy--;
              });
            },
      ),
    );
    await gather(tasks);
    expect(most).toBe(2);
    expect(order).toHaveLength(6);
    expect(limiter.borrowedTokens).toBe(0);
  }));

test('the same task twice is an error at once, not a deadlock', () =>
  runVirtual(async () => {
    const limiter = new CapacityLimiter({ totalTokens: 5 });
    const guard = await limiter.acquire();
    const error = await rejection(limiter.acquire());
    expect(error).toBeInstanceOf(RuntimeError);
    expect(error.message).toMatch(/<Task .*> has a token of this CapacityLimiter already/);
    expect(await rejection(limiter.with(async () => 1))).toBeInstanceOf(RuntimeError);
    // Also within scopes, which run async bodies in tasks of their own.
    expect(
      await rejection(
        timeout(1, async () => {
          await limiter.acquire();
        }),
      ),
    ).toBeInstanceOf(RuntimeError);
    guard.release();
    const nested = limiter.with(async () => {
      await limiter.with(async () => 1);
    });
    expect(await rejection(nested)).toBeInstanceOf(RuntimeError);
    // Two scopes side by side are two borrowers.
    expect(await Promise.all([limiter.with(async () => 1), limiter.with(async () => 2)])).toEqual([
      1, 2,
    ]);
    await createTask(function* () {
      yield* limiter.acquire();
      const again = limiter.acquire();
      expect(again.exception()).toBeInstanceOf(RuntimeError);
      limiter.release();
      expect(thrown(() => limiter.release())).toBeInstanceOf(RuntimeError);
    });
    expect(limiter.borrowedTokens).toBe(0);
  }));

test('a borrower that waits already is refused too', () =>
  runVirtual(function* () {
    const limiter = new CapacityLimiter(1);
    yield* limiter.acquireOnBehalfOf('a');
    const waiting = limiter.acquireOnBehalfOf('b');
    expect(limiter.acquireOnBehalfOf('b').exception()).toMatchObject({
      message: "'b' waits for a token of this CapacityLimiter already",
    });
    waiting.cancel();
    const again = limiter.acquireOnBehalfOf('b');
    limiter.releaseOnBehalfOf('a');
    yield* again;
    expect(limiter.statistics()).toEqual({
      totalTokens: 1,
      borrowedTokens: 1,
      availableTokens: 0,
      borrowers: ['b'],
      waiting: 0,
    });
    expect(thrown(() => limiter.releaseOnBehalfOf('a')).message).toBe(
      "'a' has no token of this CapacityLimiter",
    );
  }));

test('the number of tokens changes while tasks wait', () =>
  runVirtual(function* () {
    const limiter = new CapacityLimiter(0);
    const order: string[] = [];
    for (const name of ['a', 'b', 'c', 'd']) {
      createTask(function* () {
        yield* limiter.acquireOnBehalfOf(name);
        order.push(name);
      });
    }
    yield* sleep(1);
    expect([order, limiter.statistics().waiting]).toEqual([[], 4]);
    limiter.totalTokens = 2;
    yield* sleep(1);
    expect(order).toEqual(['a', 'b']);
    limiter.totalTokens = 1;
    expect(limiter.availableTokens).toBe(-1);
    limiter.releaseOnBehalfOf('a');
    yield* sleep(1);
    expect(order).toEqual(['a', 'b']);
    limiter.totalTokens = Infinity;
    yield* sleep(1);
    expect(order).toEqual(['a', 'b', 'c', 'd']);
    expect(limiter.availableTokens).toBe(Infinity);
    for (const tokens of [-1, 1.5, NaN]) {
      expect(
        thrown(() => {
          limiter.totalTokens = tokens;
        }),
      ).toBeInstanceOf(RangeError);
      expect(thrown(() => new CapacityLimiter(tokens))).toBeInstanceOf(RangeError);
    }
    expect(thrown(() => new CapacityLimiter('3' as never))).toBeInstanceOf(TypeError);
    expect(thrown(() => new CapacityLimiter({})).message).toBe(
      'CapacityLimiter: totalTokens must be a number, got undefined',
    );
  }));

test('guards: release once, dispose any number of times', () =>
  runVirtual(async () => {
    const limiter = new CapacityLimiter(1);
    const guard = await limiter.acquire();
    guard[Symbol.dispose]();
    guard[Symbol.dispose]();
    expect(thrown(() => guard.release())).toBeInstanceOf(RuntimeError);
    const other = await limiter.acquire();
    guard[Symbol.dispose]();
    expect(limiter.borrowedTokens).toBe(1);
    limiter.release();
    other[Symbol.dispose]();
    expect(limiter.borrowedTokens).toBe(0);
    {
      using held = await limiter.acquire();
      expect(held).toBeTruthy();
    }
    expect(limiter.borrowedTokens).toBe(0);
  }));

test('the body of an async scope may release what the task around it borrowed', () =>
  runVirtual(async () => {
    const limiter = new CapacityLimiter(1);
    await limiter.acquire();
    await timeout(1, async () => limiter.release());
    expect(limiter.borrowedTokens).toBe(0);
  }));

for (const lane of ['generator', 'async'] as const) {
  for (const turns of [0, 1, 2, 3]) {
    test(`a cancel ${turns} turns after the release loses no token (${lane})`, () =>
      runVirtual(function* () {
        const limiter = new CapacityLimiter(1);
        yield* limiter.acquireOnBehalfOf(limiter);
        const task = createTask<void>(
          lane === 'generator'
            ? function* () {
                yield* limiter.with(function* () {
                  yield* sleep(10);
                });
              }
            : async () => {
                await limiter.with(async () => {
                  await sleep(10);
                });
              },
        );
        yield* sleep(1);
        const next = createTask(function* () {
          yield* limiter.acquire();
          return 'next';
        });
        yield* sleep(1);
        limiter.releaseOnBehalfOf(limiter);
        for (let turn = 0; turn < turns; turn++) yield;
        task.cancel();
        expect(yield* waitFor(next, 5)).toBe('next');
        yield* sleep(1);
        expect(task.cancelled()).toBe(true);
        expect(limiter.statistics()).toMatchObject({ borrowedTokens: 1, waiting: 0 });
      }));
  }
}

test('outside a task a borrower has to be named', () =>
  runVirtual(async () => {
    const limiter = new CapacityLimiter(1);
    const error = await new Promise((resolve) => {
      sleep(0).addDoneCallback(() => resolve(limiter.acquire().exception()));
    });
    expect(String(error)).toContain('acquireOnBehalfOf()');
  }));
