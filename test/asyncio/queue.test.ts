// Queue, PriorityQueue, LifoQueue, in both lanes.
import {
  createTask,
  LifoQueue,
  PriorityQueue,
  Queue,
  QueueEmpty,
  QueueFull,
  QueueShutDown,
  sleep,
  waitFor,
} from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection, thrown } from '../support/outcomes.ts';

test('without waiting', () =>
  runVirtual(function* () {
    const queue = new Queue<number>({ maxsize: 2 });
    expect([queue.empty(), queue.full(), queue.maxsize]).toEqual([true, false, 2]);
    expect(thrown(() => queue.getNowait())).toBeInstanceOf(QueueEmpty);
    queue.putNowait(1);
    yield* queue.put(2);
    expect([queue.empty(), queue.full(), queue.qsize()]).toEqual([false, true, 2]);
    expect(thrown(() => queue.putNowait(3))).toBeInstanceOf(QueueFull);
    expect([queue.getNowait(), yield* queue.get()]).toEqual([1, 2]);
    expect(new Queue(-1).full()).toBe(false);
    expect(thrown(() => new Queue(NaN))).toBeInstanceOf(RangeError);
    expect(thrown(() => new Queue('9' as never))).toBeInstanceOf(TypeError);
  }));

test('getters and putters wait, first come first served, in both lanes', () =>
  runVirtual(async () => {
    const queue = new Queue<number>(1);
    const got: number[] = [];
    const producer = createTask(function* () {
      for (let n = 0; n < 50; n++) yield* queue.put(n);
    });
    const consumer = createTask(async () => {
      for (let n = 0; n < 50; n++) {
        got.push(await queue.get());
        if (n % 7 === 0) await sleep(1);
        expect(queue.qsize()).toBeLessThanOrEqual(1);
      }
    });
    await producer;
    await consumer;
    expect(got).toEqual(Array.from({ length: 50 }, (_, n) => n));
  }));

for (const lane of ['generator', 'async', 'waitFor'] as const) {
  for (const turns of [0, 1, 2]) {
    test(`a getter cancelled ${turns} turns after the put loses nothing (${lane})`, () =>
      runVirtual(function* () {
        const queue = new Queue<string>();
        let took: string | undefined;
        const task = createTask<void>(
          lane === 'async'
            ? async () => {
                took = await queue.get();
              }
            : function* () {
                took = yield* lane === 'waitFor' ? waitFor(queue.get(), 50) : queue.get();
              },
        );
        const other = createTask(function* () {
          return yield* queue.get();
        });
        yield* sleep(1);
        queue.putNowait('item');
        for (let turn = 0; turn < turns; turn++) yield;
        task.cancel();
        yield* sleep(1);
        if (took === undefined) expect(yield* waitFor(other, 1)).toBe('item');
        else expect(other.done()).toBe(false);
        expect(queue.qsize()).toBe(0);
        other.cancel();
      }));
    if (lane !== 'waitFor') {
      test(`a putter cancelled ${turns} turns after the get puts all or nothing (${lane})`, () =>
        runVirtual(function* () {
          const queue = new Queue<string>(1);
          queue.putNowait('first');
          let put = false;
          const task = createTask<void>(
            lane === 'generator'
              ? function* () {
                  yield* queue.put('second');
                  put = true;
                }
              : async () => {
                  await queue.put('second');
                  put = true;
                },
          );
          const other = createTask(function* () {
            yield* queue.put('third');
          });
          yield* sleep(1);
          expect(queue.getNowait()).toBe('first');
          for (let turn = 0; turn < turns; turn++) yield;
          task.cancel();
          yield* sleep(1);
          expect(queue.getNowait()).toBe(put ? 'second' : 'third');
          yield* waitFor(other, 1);
        }));
    }
  }
}

test('what is promised to a getter cannot be taken away', () =>
  runVirtual(function* () {
    const queue = new Queue<number>();
    const getter = createTask(function* () {
      return yield* queue.get();
    });
    yield* sleep(0);
    queue.putNowait(1);
    expect(queue.qsize()).toBe(1);
    expect(thrown(() => queue.getNowait())).toBeInstanceOf(QueueEmpty);
    expect(yield* getter).toBe(1);
  }));

test('join waits for every taskDone', () =>
  runVirtual(function* () {
    const queue = new Queue<number>();
    yield* queue.join();
    queue.putNowait(1);
    queue.putNowait(2);
    const join = queue.join();
    queue.getNowait();
    queue.taskDone();
    expect(join.done()).toBe(false);
    queue.taskDone();
    yield* join;
    expect(thrown(() => queue.taskDone())).toBeInstanceOf(RangeError);
  }));

test('shutdown: no more puts, gets until it is drained', () =>
  runVirtual(async () => {
    const queue = new Queue<number>(1);
    queue.putNowait(1);
    const put = queue.put(2);
    queue.shutdown();
    queue.shutdown();
    expect(await rejection(put)).toBeInstanceOf(QueueShutDown);
    expect(await rejection(queue.put(3))).toBeInstanceOf(QueueShutDown);
    expect(thrown(() => queue.putNowait(3))).toBeInstanceOf(QueueShutDown);
    expect(await queue.get()).toBe(1);
    expect(await rejection(queue.get())).toBeInstanceOf(QueueShutDown);
    expect(thrown(() => queue.getNowait())).toBeInstanceOf(QueueShutDown);
    const other = new Queue<number>();
    const get = other.get();
    other.shutdown();
    expect(await rejection(get)).toBeInstanceOf(QueueShutDown);
  }));

test('an immediate shutdown drops the items and ends join', () =>
  runVirtual(function* () {
    const queue = new Queue<number>();
    const getter = createTask(function* () {
      return yield* queue.get();
    });
    yield* sleep(0);
    queue.putNowait(1);
    queue.putNowait(2);
    const join = queue.join();
    queue.shutdown(true);
    expect(queue.qsize()).toBe(0);
    yield* join;
    let error: unknown;
    try {
      yield* getter;
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(QueueShutDown);
  }));

test('a priority queue is stable and takes an order; a lifo queue turns around', () =>
  runVirtual(function* () {
    const queue = new PriorityQueue<[number, string]>();
    for (const item of [
      [2, 'b'],
      [10, 'c'],
      [1, 'a'],
    ] as [number, string][])
      queue.putNowait(item);
    const drained = [];
    while (!queue.empty()) drained.push((yield* queue.get())[1]);
    expect(drained).toEqual(['a', 'b', 'c']);

    const jobs = new PriorityQueue<{ due: number; id: number }>({
      maxsize: 100,
      compare: (a, b) => b.due - a.due,
    });
    for (let id = 0; id < 60; id++) jobs.putNowait({ due: id % 3, id });
    const ids = [];
    while (!jobs.empty()) ids.push(jobs.getNowait().id);
    const expected = [2, 1, 0].flatMap((due) => Array.from({ length: 20 }, (_, n) => 3 * n + due));
    expect(ids).toEqual(expected);
    expect(jobs.maxsize).toBe(100);
    expect(thrown(() => new PriorityQueue({ compare: 5 as never }))).toBeInstanceOf(TypeError);

    const stack = new LifoQueue<number>();
    [1, 2, 3].forEach((n) => stack.putNowait(n));
    expect([stack.getNowait(), stack.getNowait(), stack.getNowait()]).toEqual([3, 2, 1]);
  }));

test('a long queue keeps its order when the front is cut off', () =>
  runVirtual(function* () {
    const queue = new Queue<number>();
    let next = 0;
    for (let n = 0; n < 5000; n++) {
      queue.putNowait(n);
      if (n % 3 !== 0) expect(queue.getNowait()).toBe(next++);
    }
    while (!queue.empty()) expect(queue.getNowait()).toBe(next++);
    expect(next).toBe(5000);
  }));

test('a number and further options; neither is ignored, and nothing is given twice', () => {
  const queue = new PriorityQueue<number>(0, { compare: (a, b) => b - a });
  for (const item of [1, 3, 2]) queue.putNowait(item);
  expect([queue.getNowait(), queue.getNowait(), queue.getNowait()]).toEqual([3, 2, 1]);
  expect(new PriorityQueue(5, { compare: () => 0 }).maxsize).toBe(5);
  expect(new PriorityQueue(undefined, { compare: () => 0 }).maxsize).toBe(0);
  for (const [make, message] of [
    [() => new PriorityQueue(1, { maxsize: 2 } as object), 'PriorityQueue: maxsize is given twice'],
    [() => new PriorityQueue({ maxsize: 1 }, {}), 'PriorityQueue: options are given twice'],
    [() => new Queue(1, { compare: () => 0 } as object), "Queue: there is no option 'compare'"],
    [() => new LifoQueue(1, null as never), 'LifoQueue: options must be an object, got null'],
    [() => new Queue(null as never), 'Queue: maxsize must be a number, got null'],
    [() => new Queue('5' as never), "Queue: maxsize must be a number, got '5'"],
  ] as const)
    expect(make).toThrow(message);
});
