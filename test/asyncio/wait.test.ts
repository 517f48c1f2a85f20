// wait, in both lanes.
import {
  ALL_COMPLETED,
  createTask,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  getRunningLoop,
  sleep,
  wait,
} from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection, thrown } from '../support/outcomes.ts';

const fail = (delay: number) =>
  createTask(function* () {
    yield* sleep(delay);
    throw new Error(`after ${delay}`);
  });

/** Where they stand: comparing the futures themselves would walk through the whole loop. */
const places = (all: readonly unknown[], some: Iterable<unknown>): number[] =>
  [...some].map((each) => all.indexOf(each));

test('all completed: errors stay in the futures', () =>
  runVirtual(function* () {
    const tasks = [createTask(() => sleep(1, 'a')), fail(2), createTask(() => sleep(3, 'c'))];
    const { done, pending } = yield* wait(new Set([...tasks, tasks[0]!]));
    expect([done.size, pending.size, getRunningLoop().time() < 4]).toEqual([3, 0, true]);
    expect((tasks[1]!.exception() as Error).message).toBe('after 2');
  }));

test('first completed: those done in the same turn are found too', () =>
  runVirtual(async () => {
    const futures = [1, 1, 5].map((delay) => createTask(() => sleep(delay)));
    const { done, pending } = await wait(futures.values(), { returnWhen: FIRST_COMPLETED });
    expect(places(futures, done)).toEqual([0, 1]);
    expect(places(futures, pending)).toEqual([2]);
    const rest = await wait(pending, { returnWhen: FIRST_COMPLETED });
    expect(rest.pending.size).toBe(0);
  }));

test('first exception: a cancel is none', () =>
  runVirtual(async () => {
    const tasks = [createTask(() => sleep(9)), fail(3), createTask(() => sleep(50))];
    getRunningLoop().callLater(1, () => tasks[0]!.cancel());
    const { done, pending } = await wait(tasks, { returnWhen: FIRST_EXCEPTION });
    expect(places(tasks, done)).toEqual([0, 1]);
    expect(places(tasks, pending)).toEqual([2]);
    tasks[1]!.exception();
  }));

test('a timeout throws nothing and cancels nothing', () =>
  runVirtual(function* () {
    const task = createTask(() => sleep(10, 'late'));
    const { done, pending } = yield* wait([task], { timeout: '2s', returnWhen: ALL_COMPLETED });
    expect([done.size, pending.has(task)]).toEqual([0, true]);
    expect(yield* task).toBe('late');
  }));

test('a cancel of the wait, or its signal, leaves the futures alone', () =>
  runVirtual(async () => {
    const task = createTask(() => sleep(10, 'late'));
    const waiter = createTask(function* () {
      yield* wait([task]);
    });
    await sleep(1);
    waiter.cancel();
    await rejection(waiter);
    const controller = new AbortController();
    const aborted = wait([task], { signal: controller.signal });
    controller.abort();
    expect((await rejection(aborted)).name).toBe('AbortError');
    expect(await task).toBe('late');
  }));

test('bad arguments are explained', () =>
  runVirtual(function* () {
    expect(thrown(() => wait([]))).toBeInstanceOf(RangeError);
    expect(thrown(() => wait(sleep(0) as never))).toBeInstanceOf(TypeError);
    expect(thrown(() => wait([function* () {}] as never))).toBeInstanceOf(TypeError);
    expect(thrown(() => wait([Promise.resolve()] as never))).toBeInstanceOf(TypeError);
    expect(thrown(() => wait(5 as never))).toBeInstanceOf(TypeError);
    expect(thrown(() => wait([sleep(0)], { returnWhen: 'x' as never }))).toBeInstanceOf(RangeError);
  }));
