// gather.
import { CancelledError, createTask, Future, gather, getRunningLoop, sleep } from 'oxbow';
import type { Coro } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { collectReports, rejection, thrown } from '../support/outcomes.ts';

function* after<T>(seconds: number, value: T): Coro<T> {
  yield* sleep(seconds);
  return value;
}

test('results in the order of the arguments, run at the same time', () =>
  runVirtual(function* () {
    expect(
      yield* gather(after(3, 'a'), after(1, 'b'), async () => 'c', Promise.resolve('d')),
    ).toEqual(['a', 'b', 'c', 'd']);
    expect(getRunningLoop().time()).toBeLessThan(3.1);
    expect(yield* gather(new Set([after(1, 1), after(1, 2)]))).toEqual([1, 2]);
  }));

test('of nothing it is done at once', () =>
  runVirtual(function* () {
    const future = gather();
    expect(future.done()).toBe(true);
    expect(yield* gather([])).toEqual([]);
    expect(yield* future).toEqual([]);
  }));

test('the same generator or future twice runs once and stands at both places', () =>
  runVirtual(function* () {
    let runs = 0;
    function* count(): Coro<number> {
      yield;
      return ++runs;
    }
    const once = count();
    const future = sleep(1, 'x');
    expect(yield* gather(once, once, future, future)).toEqual([1, 1, 'x', 'x']);
    expect(yield* gather(count, count)).toEqual([2, 3]);
  }));

test('the first error is thrown at once, the others go on', () =>
  runVirtual(async () => {
    const loop = getRunningLoop();
    const reports = collectReports(loop);
    const sibling = createTask(after(5, 'still here'));
    const laterError = createTask(function* () {
      yield* sleep(2);
      throw new Error('later');
    });
    const future = gather(sibling, laterError, function* () {
      yield* sleep(1);
      throw new Error('first');
    });
    expect((await rejection(future)).message).toBe('first');
    expect(loop.time()).toBeLessThan(2);
    expect(future.cancel()).toBe(false);
    expect(await sibling).toBe('still here');
    expect(laterError.exception()).toBeInstanceOf(Error);
    expect(reports).toEqual([]);
  }));

test('returnExceptions puts errors and cancels among the results', () =>
  runVirtual(function* () {
    const cancelled = createTask(after(9, 0));
    cancelled.cancel();
    const error = new Error('bad');
    const results = yield* gather(
      [
        after(1, 'fine'),
        (function* () {
          throw error;
        })(),
        cancelled,
      ],
      { returnExceptions: true },
    );
    expect(results.slice(0, 2)).toEqual(['fine', error]);
    expect(results[2]).toBeInstanceOf(CancelledError);
  }));

test('a cancelled gather ends cancelled when all children have, returnExceptions or not', () =>
  runVirtual(async () => {
    for (const returnExceptions of [true, false] as const) {
      let cleaned = false;
      const child = createTask(function* () {
        try {
          yield* sleep(100);
        } finally {
          yield* sleep(1);
          cleaned = true;
        }
      });
      const other = createTask(after(100, 0));
      const future = gather([child, other], { returnExceptions } as { returnExceptions: true });
      await sleep(1);
      expect(future.cancel('all of you')).toBe(true);
      expect(future.done()).toBe(false);
      const error = await rejection(future);
      expect(error).toBeInstanceOf(CancelledError);
      expect((error as CancelledError).reason).toBe('all of you');
      expect([cleaned, future.cancelled(), other.cancelled()]).toEqual([true, true, true]);
    }
  }));

test('a child that was cancelled fails the gather without cancelling it', () =>
  runVirtual(async () => {
    const child = createTask(after(100, 0));
    const sibling = createTask(after(2, 'alive'));
    const future = gather(child, sibling);
    await sleep(1);
    child.cancel();
    expect(await rejection(future)).toBeInstanceOf(CancelledError);
    expect(future.cancelled()).toBe(false);
    expect(await sibling).toBe('alive');
  }));

test('a task that waits in gather is cancelled through it', () =>
  runVirtual(function* () {
    const children = [createTask(after(100, 0)), createTask(after(100, 0))];
    const task = createTask(function* () {
      yield* gather(children);
    });
    yield* sleep(1);
    task.cancel();
    yield* gather([task], { returnExceptions: true });
    expect([task, ...children].map((each) => each.cancelled())).toEqual([true, true, true]);
  }));

test('a signal cancels the children and gives an AbortError', () =>
  runVirtual(async () => {
    const controller = new AbortController();
    const child = createTask(after(100, 0));
    const future = gather([child], { signal: controller.signal });
    await sleep(1);
    controller.abort(new Error('why'));
    const error = (await rejection(future)) as Error & { code: string };
    expect([error.name, error.code, (error.cause as Error).message]).toEqual([
      'AbortError',
      'ABORT_ERR',
      'why',
    ]);
    expect(child.cancelled()).toBe(true);
  }));

test('what cannot be awaited is refused', () =>
  runVirtual(function* () {
    expect(thrown(() => gather(5 as never))).toBeInstanceOf(TypeError);
    expect(thrown(() => gather([5 as never]))).toBeInstanceOf(TypeError);
  }));

test('100,000 tasks at once', () =>
  runVirtual(function* () {
    function* child(n: number): Coro<number> {
      yield;
      return n;
    }
    const results = yield* gather(Array.from({ length: 100_000 }, (_, n) => child(n)));
    expect(results.length).toBe(100_000);
    expect(results[99_999]).toBe(99_999);
  }));

test('children that are done when it starts count', () =>
  runVirtual(function* () {
    const done = new Future<number>();
    done.setResult(1);
    expect(gather(done, done).done()).toBe(true);
    const failed = new Future<number>();
    failed.setException(new Error('early'));
    expect((gather(failed, done).exception() as Error).message).toBe('early');
  }));
