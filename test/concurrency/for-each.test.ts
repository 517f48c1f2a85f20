// forEach: bounded concurrency, results in order, laziness, errors, cancels; in both lanes.
import {
  Broadcast,
  CancelledError,
  Channel,
  createTask,
  eagerTaskFactory,
  forEach,
  getRunningLoop,
  Queue,
  sleep,
  Watch,
} from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { collectReports, rejection, thrown } from '../support/outcomes.ts';

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

for (const lane of ['generator', 'async'] as const) {
  test(`results stand in the order of the items; so many at a time (${lane})`, () =>
    runVirtual(function* () {
      let busy = 0;
      let most = 0;
      const body =
        lane === 'generator'
          ? function* (n: number, index: number) {
              most = Math.max(most, ++busy);
              yield* sleep(10 - n);
              busy--;
              return [n * 2, index];
            }
          : async (n: number, index: number) => {
              most = Math.max(most, ++busy);
              await sleep(10 - n);
              busy--;
              return [n * 2, index];
            };
      const results = yield* forEach([0, 1, 2, 3, 4], body, { concurrency: 3 });
      expect(results).toEqual([
        [0, 0],
        [2, 1],
        [4, 2],
        [6, 3],
        [8, 4],
      ]);
      expect(most).toBe(3);
      expect(yield* forEach([], body)).toEqual([]);
      expect(yield* forEach(new Set([1]), body, { concurrency: Infinity })).toEqual([[2, 0]]);
    }));

  test(`the first error ends it, and is thrown itself (${lane})`, () =>
    runVirtual(async () => {
      const reports = collectReports(getRunningLoop());
      const failure = new Error('first');
      const ended: string[] = [];
      const { state, items } = counting(100);
      const work = async (n: number) => {
        try {
          await sleep(n === 2 ? 1 : 10);
          throw failure;
        } catch (error) {
          ended.push(`${n} ${(error as Error).name}`);
          await sleep(1);
          if (n === 1) throw new Error('late');
          throw error;
        }
      };
      const body =
        lane === 'async'
          ? work
          : function* (n: number) {
              yield* createTask(() => work(n));
            };
      const start = getRunningLoop().time();
      const error = await rejection(forEach(items, body, { concurrency: 4 }));
      expect(error).toBe(failure);
      expect(getRunningLoop().time() - start).toBeCloseTo(3, 5);
      expect(ended).toEqual([
        '2 Error',
        '0 CancelledError',
        '1 CancelledError',
        '3 CancelledError',
      ]);
      expect(state).toEqual({ asked: 4, closed: true });
      expect(reports.map(({ exception }) => (exception as Error).message)).toEqual(['late']);
    }));

  test(`a cancel ends the items, closes the source, and comes out (${lane})`, () =>
    runVirtual(function* () {
      const { state, items } = counting(100);
      let cleaned = 0;
      const work = function* () {
        try {
          yield* sleep(10);
        } finally {
          cleaned++;
          yield* sleep(1);
        }
      };
      const task = createTask<void>(
        lane === 'generator'
          ? function* () {
              yield* forEach(items, work, { concurrency: 5 });
            }
          : async () => {
              await forEach(items, work, { concurrency: 5 });
            },
      );
      yield* sleep(5);
      task.cancel('why');
      yield* sleep(0.5);
      expect(task.done()).toBe(false);
      yield* sleep(1);
      expect([task.cancelled(), cleaned]).toEqual([true, 5]);
      expect(state).toEqual({ asked: 5, closed: true });
      expect(thrown(() => task.result())).toMatchObject({ reason: 'why' });
    }));
}

test('items are taken only when there is a place for them', () =>
  runVirtual(function* () {
    const { state, items } = counting(Infinity);
    const task = createTask(function* () {
      yield* forEach(items, () => sleep(1) as never, { concurrency: 3 });
    });
    yield* sleep(0.5);
    expect(state.asked).toBe(3);
    yield* sleep(1);
    expect(state.asked).toBe(6);
    task.cancel();
    yield* sleep(1);
    expect(state).toEqual({ asked: 6, closed: true });
  }));

test('one after the other by default', () =>
  runVirtual(function* () {
    const order: string[] = [];
    yield* forEach(['a', 'b'], function* (name) {
      order.push(`${name} begins`);
      yield* sleep(1);
      order.push(`${name} ends`);
    });
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  }));

test('an async generator that waits for our things, from either lane', () =>
  runVirtual(function* () {
    async function* items() {
      await null;
      for (let n = 0; n < 3; n++) {
        await sleep(1);
        yield n;
      }
    }
    const twice = function* (n: number) {
      yield;
      return 2 * n;
    };
    expect(yield* forEach(items(), twice)).toEqual([0, 2, 4]);
    expect(
      yield* createTask(async () => await forEach(items(), twice, { concurrency: 2 })),
    ).toEqual([0, 2, 4]);
  }));

test('a cancel reaches into an async generator, whose finally runs', () =>
  runVirtual(function* () {
    const log: string[] = [];
    async function* items() {
      try {
        yield 1;
        await sleep(100);
      } catch (error) {
        log.push((error as Error).name);
        throw error;
      } finally {
        await sleep(1);
        log.push('closed');
      }
    }
    const task = createTask(function* () {
      yield* forEach(items(), function* () {
        yield;
      });
    });
    yield* sleep(5);
    task.cancel();
    yield* sleep(5);
    expect([task.cancelled(), log]).toEqual([true, ['CancelledError', 'closed']]);
  }));

test('a source that waits for something foreign does not hold up the end', () =>
  runVirtual(async () => {
    let returned = 0;
    const never = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<IteratorResult<number>>(() => {}),
        return: async () => {
          returned++;
          throw new Error('dropped');
        },
      }),
    };
    const task = createTask(function* () {
      yield* forEach(never, function* () {
        yield;
      });
    });
    await sleep(1);
    task.cancel();
    await sleep(1);
    expect([task.cancelled(), returned]).toEqual([true, 1]);
  }));

test('an error of an item interrupts the wait for the next one', () =>
  runVirtual(async () => {
    const channel = new Channel<number>(5);
    const sender = channel.sender();
    sender.sendNowait(1);
    const failure = new Error('item');
    const error = await rejection(
      forEach(
        channel,
        async () => {
          await sleep(1);
          throw failure;
        },
        { concurrency: 2 },
      ),
    );
    expect(error).toBe(failure);
    sender.sendNowait(2);
    expect(channel.receiveNowait()).toBe(2);
  }));

test('channels, queues, broadcasts and watches as sources', () =>
  runVirtual(function* () {
    const twice = function* (n: number) {
      yield* sleep(1);
      return 2 * n;
    };
    const channel = new Channel<number>(5);
    const sender = channel.sender();
    const queue = new Queue<number>();
    const broadcast = new Broadcast<number>();
    const receiver = broadcast.subscribe();
    for (let n = 0; n < 3; n++) {
      sender.sendNowait(n);
      queue.putNowait(n);
      broadcast.sendNowait(n);
    }
    sender.close();
    queue.shutdown();
    broadcast.close();
    for (const source of [channel, queue, receiver]) {
      expect(yield* forEach(source, twice, { concurrency: 2 })).toEqual([0, 2, 4]);
    }
    const watch = new Watch(1);
    const task = createTask(function* () {
      return yield* forEach(watch, twice);
    });
    yield* sleep(0.5);
    watch.set(2);
    watch.set(3);
    watch.close();
    expect(yield* task).toEqual([2, 6]);
  }));

for (const turns of [0, 1, 2, 3, 4]) {
  test(`cancelled ${turns} turns after an item was sent: worked on, or still in the queue`, () =>
    runVirtual(function* () {
      const queue = new Queue<string>();
      const worked: string[] = [];
      const task = createTask(function* () {
        yield* forEach(queue, async (item) => {
          worked.push(item);
          await sleep(10);
        });
      });
      yield* sleep(1);
      queue.putNowait('item');
      for (let turn = 0; turn < turns; turn++) yield;
      task.cancel();
      yield* sleep(1);
      expect(task.cancelled()).toBe(true);
      expect([queue.qsize(), worked]).toEqual(turns === 0 ? [1, []] : [0, ['item']]);
    }));
}

test('what the source throws comes out, and the items are cancelled', () =>
  runVirtual(async () => {
    const failure = new Error('source');
    let cancelled = 0;
    function* items() {
      yield 1;
      throw failure;
    }
    async function* asyncItems() {
      yield 1;
      throw failure;
    }
    for (const source of [items(), asyncItems()]) {
      const error = await rejection(
        forEach(
          source,
          async () => {
            try {
              await sleep(10);
            } catch (error) {
              cancelled++;
              throw error;
            }
          },
          { concurrency: 2 },
        ),
      );
      expect(error).toBe(failure);
    }
    // The second one was cancelled before its first step, or in it.
    expect(cancelled).toBeLessThanOrEqual(2);
    const broken = {
      [Symbol.iterator]: () => {
        throw failure;
      },
    };
    expect(await rejection(forEach(broken as never, async () => {}))).toBe(failure);
  }));

test('an item that is cancelled is an error, for its result would be missing', () =>
  runVirtual(async () => {
    let cleaned = 0;
    const error = await rejection(
      createTask(() =>
        forEach(
          [1, 2],
          async (n) => {
            if (n === 1) {
              await sleep(1);
              throw new CancelledError('own');
            }
            try {
              await sleep(100);
            } finally {
              cleaned++;
            }
          },
          { concurrency: 2 },
        ),
      ),
    );
    expect(error).toBeInstanceOf(CancelledError);
    expect((error as CancelledError).reason).toBe('own');
    expect(cleaned).toBe(1);
  }));

test('{signal}: an AbortError after the items have ended', () =>
  runVirtual(async () => {
    const control = new AbortController();
    const { state, items } = counting(10);
    let cleaned = 0;
    const failed = rejection(
      forEach(
        items,
        async () => {
          try {
            await sleep(10);
          } finally {
            await sleep(1);
            cleaned++;
          }
        },
        { concurrency: 2, signal: control.signal },
      ),
    );
    await sleep(1);
    control.abort('enough');
    const error = await failed;
    expect([error.name, error.cause, cleaned]).toEqual(['AbortError', 'enough', 2]);
    expect(state).toEqual({ asked: 2, closed: true });
    const again = counting(10);
    const { signal } = control;
    expect((await rejection(forEach(again.items, async () => {}, { signal }))).name).toBe(
      'AbortError',
    );
    expect(again.state.asked).toBe(0);
  }));

test('eager tasks: an error in the first step stops the taking', () =>
  runVirtual(async () => {
    getRunningLoop().setTaskFactory(eagerTaskFactory);
    const { state, items } = counting(100);
    const failure = new Error('at once');
    const error = await rejection(
      forEach(
        items,
        function* (n) {
          if (n === 3) throw failure;
          return n;
        },
        { concurrency: 10 },
      ),
    );
    expect(error).toBe(failure);
    expect(state).toEqual({ asked: 4, closed: true });
    expect(
      await forEach([1, 2, 3], function* (n) {
        return n;
      }),
    ).toEqual([1, 2, 3]);
  }));

test('a source without end that never waits lets others run', () =>
  runVirtual(function* () {
    getRunningLoop().setTaskFactory(eagerTaskFactory);
    const { state, items } = counting(Infinity);
    const task = createTask(function* () {
      yield* forEach(items, function* () {
        return 1;
      });
    });
    yield* sleep(0);
    task.cancel();
    yield* sleep(1);
    expect([task.cancelled(), state.closed]).toEqual([true, true]);
  }));

test('ten thousand items, a hundred at a time', () =>
  runVirtual(function* () {
    const results = yield* forEach(
      Array(10_000).keys(),
      function* (n) {
        yield* sleep(n % 7);
        return n;
      },
      { concurrency: 100 },
    );
    expect(results).toEqual([...Array(10_000).keys()]);
  }));

test('wrong arguments are refused', () =>
  runVirtual(async () => {
    const body = async () => {};
    for (const concurrency of [0, -1, 1.5, NaN]) {
      expect(thrown(() => forEach([], body, { concurrency }))).toBeInstanceOf(RangeError);
    }
    expect(thrown(() => forEach([], body, { concurrency: '2' as never }))).toBeInstanceOf(
      TypeError,
    );
    for (const items of [null, 5, {}, sleep(0), Promise.resolve([])]) {
      expect(thrown(() => forEach(items as never, body)).message).toContain('takes an iterable');
    }
    expect(thrown(() => forEach([], 5 as never))).toBeInstanceOf(TypeError);
    for (const result of [5, [1, 2], new Map()]) {
      const error = await rejection(forEach([1], (() => result) as never));
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toContain('a coroutine was expected');
    }
  }));
