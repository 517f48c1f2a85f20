// waitFor and shield.
import {
  CancelledError,
  createTask,
  Future,
  gather,
  getRunningLoop,
  shield,
  sleep,
  TimeoutError,
  waitFor,
} from 'oxbow';
import type { Coro } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { collectReports, rejection } from '../support/outcomes.ts';

test('in time: the result; too late: TimeoutError, the awaitable cancelled', () =>
  runVirtual(async () => {
    expect(await waitFor(sleep(1, 'in time'), '2s')).toBe('in time');
    expect(await waitFor(sleep(1, 'no limit'), null)).toBe('no limit');
    const inner = createTask(function* () {
      yield* sleep(100);
    });
    const error = (await rejection(waitFor(inner, 1))) as TimeoutError;
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error.cause).toBeInstanceOf(CancelledError);
    expect(inner.cancelled()).toBe(true);
    expect(getRunningLoop().time()).toBeLessThan(4);
  }));

test('with no time left a coroutine does not start, and what is done counts', () =>
  runVirtual(async () => {
    let started = false;
    for (const timeout of [0, -1]) {
      const error = await rejection(
        waitFor(function* () {
          started = true;
        }, timeout),
      );
      expect(error).toBeInstanceOf(TimeoutError);
      const done = new Future<string>();
      done.setResult('done');
      expect(await waitFor(done, timeout)).toBe('done');
    }
    expect(started).toBe(false);
  }));

test('it waits for the clean-up; a swallowed cancel returns the value', () =>
  runVirtual(async () => {
    const loop = getRunningLoop();
    const start = loop.time();
    const value = await waitFor(function* (): Coro<string> {
      try {
        yield* sleep(100);
      } catch {
        yield* sleep(5);
      }
      return 'kept';
    }, 1);
    expect(value).toBe('kept');
    expect(loop.time() - start).toBeGreaterThanOrEqual(6);
  }));

test('an error in the clean-up wins over the timeout', () =>
  runVirtual(async () => {
    const error = await rejection(
      waitFor(function* () {
        try {
          yield* sleep(100);
        } finally {
          throw new Error('clean-up');
        }
      }, 1),
    );
    expect(error.message).toBe('clean-up');
  }));

test('cancelled from outside it cancels the inner one and ends cancelled', () =>
  runVirtual(async () => {
    const inner = createTask(async () => {
      await sleep(100);
    });
    const task = createTask(function* () {
      yield* waitFor(inner, 50);
    });
    await sleep(1);
    task.cancel('outside');
    expect(((await rejection(task)) as CancelledError).reason).toBe('outside');
    expect([inner.cancelled(), task.cancelled()]).toEqual([true, true]);
  }));

test('a cancel beside the timeout is a cancel', () =>
  runVirtual(async () => {
    const inner = createTask(function* () {
      try {
        yield* sleep(100);
      } finally {
        yield* sleep(2);
      }
    });
    const task = createTask(async () => {
      await waitFor(inner, 1);
    });
    await sleep(2);
    task.cancel();
    expect(await rejection(task)).toBeInstanceOf(CancelledError);
  }));

test('a signal ends it with an AbortError after the clean-up', () =>
  runVirtual(async () => {
    const controller = new AbortController();
    const inner = createTask(function* () {
      yield* sleep(100);
    });
    const future = waitFor(inner, 50, { signal: controller.signal });
    await sleep(1);
    controller.abort();
    expect((await rejection(future)).name).toBe('AbortError');
    expect(inner.cancelled()).toBe(true);
  }));

test('shield keeps a cancel away', () =>
  runVirtual(async () => {
    const inner = createTask(function* () {
      return yield* sleep(2, 'saved');
    });
    const task = createTask(function* () {
      return yield* shield(inner);
    });
    await sleep(1);
    task.cancel();
    await rejection(task);
    expect([task.cancelled(), inner.cancelled()]).toEqual([true, false]);
    expect(await inner).toBe('saved');
  }));

test('shield of what is done is that itself', () =>
  runVirtual(function* () {
    const done = new Future<number>();
    done.setResult(1);
    expect(shield(done)).toBe(done);
  }));

test('shield: an inner cancel cancels the outer, an inner error fails it', () =>
  runVirtual(async () => {
    const inner = new Future();
    const outer = shield(inner);
    inner.cancel();
    await rejection(outer);
    expect(outer.cancelled()).toBe(true);
    const failing = shield(function* () {
      throw new Error('inner');
    });
    expect((await rejection(failing)).message).toBe('inner');
  }));

test('shield reports the late error of the inner future, once', () =>
  runVirtual(function* () {
    const reports = collectReports(getRunningLoop());
    const inner = createTask(function* () {
      yield* sleep(2);
      throw new Error('late');
    });
    const outer = shield(inner);
    outer.cancel();
    yield* gather([inner], { returnExceptions: true });
    yield* sleep(1);
    expect(reports.map((report) => [report.message, (report.exception as Error).message])).toEqual([
      ['Task exception in shielded future', 'late'],
    ]);
  }));
