// asCompleted: both iterations, in both lanes.
import { asCompleted, createTask, sleep, TimeoutError } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { thrown } from '../support/outcomes.ts';

const after = (delay: number) =>
  createTask(function* () {
    yield* sleep(delay);
    return delay;
  });

test('the plain iteration gives results in the order of completion', () =>
  runVirtual(function* () {
    const got: number[] = [];
    for (const next of asCompleted([after(3), after(1), after(2)])) got.push(yield* next);
    expect(got).toEqual([1, 2, 3]);
    const steps = [...asCompleted([() => sleep(2, 'b'), () => sleep(1, 'a')])];
    expect([yield* steps[0]!, yield* steps[1]!]).toEqual(['a', 'b']);
    expect([...asCompleted([])]).toEqual([]);
  }));

test('for await gives the very tasks; the same one twice counts once', () =>
  runVirtual(async () => {
    const tasks = [after(2), after(1)];
    const got = [];
    for await (const task of asCompleted([...tasks, tasks[0]!])) got.push(task);
    expect(got.map((task) => tasks.indexOf(task))).toEqual([1, 0]);
    const results = [];
    for (const next of asCompleted([after(2), after(1)])) results.push(await next);
    expect(results).toEqual([1, 2]);
  }));

test('an error is thrown from its step, and the others follow', () =>
  runVirtual(function* () {
    const got: unknown[] = [];
    const broken = createTask(function* () {
      yield* sleep(1);
      throw new Error('broken');
    });
    for (const next of asCompleted([after(2), broken])) {
      try {
        got.push(yield* next);
      } catch (error) {
        got.push((error as Error).message);
      }
    }
    expect(got).toEqual(['broken', 2]);
  }));

test('when the time is over the remaining steps throw, and nothing is cancelled', () =>
  runVirtual(async () => {
    const tasks = [after(1), after(5), after(6)];
    const got: unknown[] = [];
    for (const next of asCompleted(tasks, { timeout: 2 })) {
      got.push(
        await next.then(
          (value) => value,
          (error: unknown) => (error as Error).name,
        ),
      );
    }
    expect(got).toEqual([1, 'TimeoutError', 'TimeoutError']);
    let error: unknown;
    try {
      for await (const task of asCompleted(tasks, { timeout: '100ms' })) got.push(task.result());
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(TimeoutError);
    expect(await tasks[2]).toBe(6);
  }));

test('a cancelled step loses nothing', () =>
  runVirtual(function* () {
    const source = asCompleted([sleep(1, 'a'), sleep(2, 'b')]);
    const steps = source[Symbol.iterator]();
    const task = createTask(function* () {
      yield* steps.next().value;
    });
    yield* sleep(0.5);
    task.cancel();
    yield* sleep(1);
    expect(task.cancelled()).toBe(true);
    expect(yield* steps.next().value).toBe('a');
    expect(steps.next().done).toBe(true);
  }));

test('bad arguments are explained', () =>
  runVirtual(function* () {
    expect(thrown(() => asCompleted(sleep(0) as never))).toBeInstanceOf(TypeError);
    expect(thrown(() => asCompleted([5] as never))).toBeInstanceOf(TypeError);
    expect(thrown(() => asCompleted([sleep(0)], { timeout: NaN }))).toBeInstanceOf(RangeError);
  }));
