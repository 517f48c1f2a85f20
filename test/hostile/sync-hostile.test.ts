// Synchronisation under bad input: throwing comparisons, aborted signals, several loops, floods.
import {
  asCompleted,
  Barrier,
  BoundedSemaphore,
  CapacityLimiter,
  Channel,
  Condition,
  createTask,
  Event,
  gather,
  getRunningLoop,
  Lock,
  PriorityQueue,
  Queue,
  QueueShutDown,
  RuntimeError,
  Semaphore,
  shield,
  sleep,
  wait,
  waitFor,
} from 'oxbow';
import type { Coro, Future, SignalOptions } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { listWaiters } from '#lib/core/future/waiters.js';

import { collectReports, rejection, thrown } from '../support/outcomes.ts';

/** A priority queue whose comparison throws while `fails` is set. */
function brittle(maxsize = 0) {
  const state = { fails: false };
  const queue = new PriorityQueue<number>({
    maxsize,
    compare: (a, b) => {
      if (state.fails) throw new Error('incomparable');
      return a - b;
    },
  });
  return { state, queue };
}

test('a comparison that throws leaves a priority queue as it was', () =>
  runVirtual(function* () {
    const { state, queue } = brittle();
    for (const item of [5, 3, 8, 1, 9, 2]) queue.putNowait(item);
    state.fails = true;
    expect(thrown(() => queue.putNowait(0)).message).toBe('incomparable');
    expect(thrown(() => queue.getNowait()).message).toBe('incomparable');
    expect(thrown(() => queue.get()).message).toBe('incomparable');
    expect(queue.qsize()).toBe(6);
    state.fails = false;
    const got: number[] = [];
    while (!queue.empty()) got.push(queue.getNowait());
    expect(got).toEqual([1, 2, 3, 5, 8, 9]);
    // What did not come in does not count as unfinished.
    for (let n = 0; n < 6; n++) queue.taskDone();
    expect(thrown(() => queue.taskDone())).toBeInstanceOf(RangeError);
  }));

test('a comparison that throws when a getter goes on fails that getter; the next gets the item', () =>
  runVirtual(function* () {
    const { state, queue } = brittle();
    const first = createTask(function* () {
      return yield* queue.get();
    });
    const second = createTask(function* () {
      return yield* queue.get();
    });
    yield* sleep(1);
    for (const item of [3, 1, 2]) queue.putNowait(item);
    state.fails = true;
    yield;
    state.fails = false;
    expect((first.exception() as Error).message).toBe('incomparable');
    // The second one was promised its item before, and failed in the same turn.
    expect((second.exception() as Error).message).toBe('incomparable');
    expect([queue.qsize(), queue.getNowait(), queue.getNowait(), queue.getNowait()]).toEqual([
      3, 1, 2, 3,
    ]);
  }));

test('a comparison that throws when a putter goes on fails that putter and leaves the room', () =>
  runVirtual(function* () {
    const { state, queue } = brittle(2);
    queue.putNowait(1);
    queue.putNowait(2);
    const failing = createTask(function* () {
      yield* queue.put(3);
    });
    const next = createTask(function* () {
      yield* queue.put(4);
    });
    yield* sleep(1);
    expect(queue.getNowait()).toBe(1);
    state.fails = true;
    yield;
    state.fails = false;
    expect((failing.exception() as Error).message).toBe('incomparable');
    yield* waitFor(next, 1);
    expect([queue.getNowait(), queue.getNowait()]).toEqual([2, 4]);
  }));

test('a comparison that uses its own queue is told so', () =>
  runVirtual(function* () {
    const told: string[] = [];
    const queue: PriorityQueue<number> = new PriorityQueue({
      compare: (a, b) => {
        for (const use of [
          () => queue.putNowait(0),
          () => queue.getNowait(),
          () => queue.shutdown(true),
        ]) {
          told.push(thrown(use).constructor.name);
        }
        return a - b;
      },
    });
    queue.putNowait(2);
    queue.putNowait(1);
    expect(told).toEqual(['RuntimeError', 'RuntimeError', 'RuntimeError']);
    expect([queue.getNowait(), queue.getNowait(), queue.empty()]).toEqual([1, 2, true]);
  }));

test('an inconsistent comparison gives every item once, in whatever order (seed 1)', () =>
  runVirtual(function* () {
    let state = 1;
    const queue = new PriorityQueue<number>({
      compare: () => ((state = (state * 48_271) % 2_147_483_647) % 3) - 1,
    });
    for (let n = 0; n < 500; n++) queue.putNowait(n);
    const got = new Set<number>();
    while (!queue.empty()) got.add(queue.getNowait());
    expect(got.size).toBe(500);
  }));

test('shutdown(true) drops items that cannot be compared, and wakes join', () =>
  runVirtual(function* () {
    const { state, queue } = brittle();
    for (const item of [3, 1, 2]) queue.putNowait(item);
    const joined = createTask(function* () {
      yield* queue.join();
    });
    yield* sleep(1);
    state.fails = true;
    queue.shutdown(true);
    yield* waitFor(joined, 1);
    expect(thrown(() => queue.getNowait())).toBeInstanceOf(QueueShutDown);
  }));

const WAITS: Record<string, (options: SignalOptions) => Future<unknown>> = {
  'lock.acquire': (options) => new Lock().acquire(options),
  'semaphore.acquire': (options) => new Semaphore().acquire(options),
  'condition.acquire': (options) => new Condition().acquire(options),
  'limiter.acquire': (options) => new CapacityLimiter(1).acquire(options),
  'event.wait': (options) => {
    const event = new Event();
    event.set();
    return event.wait(options);
  },
  'barrier.wait': (options) => new Barrier(1).wait(options),
  'queue.put': (options) => new Queue().put(1, options),
  'queue.get': (options) => {
    const queue = new Queue();
    queue.putNowait(1);
    return queue.get(options);
  },
  'queue.join': (options) => new Queue().join(options),
  'channel.receive': (options) => {
    const channel = new Channel();
    channel.sender().sendNowait(1);
    return channel.receive(options);
  },
};

describe.each(Object.entries(WAITS))('%s', (_name, begin) => {
  test('a signal that has aborted before is an AbortError, though it need not wait', () =>
    runVirtual(async () => {
      const error = await rejection(begin({ signal: AbortSignal.abort('enough') }));
      expect([error.name, error.cause]).toEqual(['AbortError', 'enough']);
    }));

  test('what is no signal is refused, though it need not wait', () =>
    runVirtual(async () => {
      expect(thrown(() => begin({ signal: {} as never })).message).toContain(
        'is not an AbortSignal',
      );
      await begin({ signal: new AbortController().signal });
      await begin({ signal: undefined });
    }));
});

test('one signal for two thousand waits: no warning, and the abort reaches all', () =>
  runVirtual(async () => {
    const warnings: string[] = [];
    const listen = (warning: Error) => warnings.push(warning.name);
    process.on('warning', listen);
    const control = new AbortController();
    const event = new Event();
    const options = { signal: control.signal };
    const waits = Array.from({ length: 1000 }, () => rejection(event.wait(options)));
    const tasks = Array.from({ length: 1000 }, () =>
      createTask(function* () {
        yield* sleep(100);
      }, options),
    );
    const done = Array.from({ length: 1000 }, () => createTask(async () => {}, options));
    await gather(done);
    await sleep(1);
    control.abort();
    expect(new Set((await Promise.all(waits)).map(({ name }) => name))).toEqual(
      new Set(['AbortError']),
    );
    await sleep(1);
    expect(tasks.every((task) => task.cancelled())).toBe(true);
    await new Promise(setImmediate);
    process.off('warning', listen);
    expect(warnings).toEqual([]);
  }));

test('a signal holds no listener of a wait that is over', () =>
  runVirtual(async () => {
    const { signal } = new AbortController();
    const counts = { added: 0, removed: 0 };
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      counts.added++;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      counts.removed++;
      remove(...args);
    };
    const event = new Event();
    const waits = [event.wait({ signal }), event.wait({ signal })];
    expect(counts).toEqual({ added: 1, removed: 0 });
    event.set();
    await gather(waits);
    expect(counts).toEqual({ added: 1, removed: 1 });
  }));

test('BoundedSemaphore(Infinity) can be released as often as it was acquired', () =>
  runVirtual(function* () {
    const semaphore = new BoundedSemaphore(Infinity);
    const guard = yield* semaphore.acquire();
    yield* semaphore.acquire();
    guard.release();
    semaphore.release();
    expect(thrown(() => semaphore.release())).toBeInstanceOf(RangeError);
  }));

const BLOCKED: Record<string, () => () => Future<unknown>> = {
  Lock: () => {
    const lock = new Lock();
    void lock.acquire();
    return () => lock.acquire();
  },
  Semaphore: () => {
    const semaphore = new Semaphore(0);
    return () => semaphore.acquire();
  },
  Event: () => {
    const event = new Event();
    return () => event.wait();
  },
  Barrier: () => {
    const barrier = new Barrier(5);
    return () => barrier.wait();
  },
  'Queue.get': () => {
    const queue = new Queue();
    return () => queue.get();
  },
  'Queue.put': () => {
    const queue = new Queue(1);
    queue.putNowait(1);
    return () => queue.put(2);
  },
  CapacityLimiter: () => {
    const limiter = new CapacityLimiter(0);
    return () => limiter.acquire();
  },
};

const BLOCKED_BY_NAME = Object.entries(BLOCKED);
test.each(BLOCKED_BY_NAME)('%s belongs to the first loop that blocks on it', async (_n, make) => {
  let block!: () => Future<unknown>;
  const first = await runVirtual(async () => {
    block = make();
    return rejection(waitFor(block(), 1));
  });
  expect(first.name).toBe('TimeoutError');
  const second = await runVirtual(async () =>
    rejection(
      (async () => {
        await block();
      })(),
    ),
  );
  expect(second).toBeInstanceOf(RuntimeError);
  expect(second.message).toContain('bound to a different event loop');
});

test('a queue is bound as one thing: a getter of one loop, a putter of another', async () => {
  const queue = new Queue<number>(1);
  await runVirtual(async () => rejection(waitFor(queue.get(), 1)));
  const error = await runVirtual(async () => {
    queue.putNowait(1);
    return rejection(
      (async () => {
        await queue.put(2);
      })(),
    );
  });
  expect(error.message).toContain('bound to a different event loop');
});

test('things that block nobody go from loop to loop', async () => {
  const lock = new Lock();
  const queue = new Queue<number>();
  const limiter = new CapacityLimiter(1);
  for (let n = 0; n < 2; n++) {
    await runVirtual(async () => {
      await lock.with(async () => {});
      await limiter.with(async () => {});
      await queue.put(n);
      expect(await queue.get()).toBe(n);
    });
  }
});

test('thousands of waits on one future, cancelled in any order (seed 3), go one by one', () =>
  runVirtual(function* () {
    const event = new Event();
    const shared = event.wait();
    let state = 3;
    const tasks = Array.from({ length: 4000 }, () =>
      createTask(function* () {
        yield* wait([shared]);
      }),
    );
    yield* sleep(1);
    const order = tasks.map((task) => ({ task, at: (state = (state * 48_271) % 2_147_483_647) }));
    order.sort((a, b) => a.at - b.at);
    for (const { task } of order.slice(0, 3990)) task.cancel();
    yield* sleep(1);
    expect(tasks.filter((task) => task.cancelled())).toHaveLength(3990);
    event.set();
    yield* sleep(1);
    expect(tasks.every((task) => task.done())).toBe(true);
  }));

test('a waiter that has gone and comes again is told', () =>
  runVirtual(function* () {
    const event = new Event();
    const future = event.wait();
    const told: number[] = [];
    const waiters = Array.from({ length: 10 }, (_, n) => ({
      _wake: () => {
        told.push(n);
      },
    }));
    for (const waiter of waiters) future._addWaiter(waiter);
    future._removeWaiter(waiters[3]!);
    future._removeWaiter(waiters[7]!);
    future._addWaiter(waiters[3]!);
    event.set();
    expect(told).toEqual([0, 1, 2, 4, 5, 6, 8, 9, 3]);
    yield;
  }));

test('a future that is shielded again and again holds no more than one of the waits', () =>
  runVirtual(function* () {
    const event = new Event();
    const reports = collectReports(getRunningLoop());
    const inner = createTask(function* () {
      yield* event.wait();
      throw new Error('late');
    });
    for (let n = 0; n < 100; n++) {
      expect((yield* createTask(() => rejection(waitFor(shield(inner), 0.001)))).name).toBe(
        'TimeoutError',
      );
    }
    expect(listWaiters(inner._waiter)).toHaveLength(1);
    event.set();
    yield* sleep(1);
    expect(reports.map(({ message }) => message)).toEqual(['Task exception in shielded future']);
  }));

const FOLLOWING: Record<string, (future: Future<unknown>) => Coro<unknown>> = {
  wait: function* (future) {
    return yield* wait([future]);
  },
  gather: function* (future) {
    return yield* gather(future, sleep(0.5));
  },
  shield: function* (future) {
    return yield* shield(future);
  },
  asCompleted: function* (future) {
    for (const next of asCompleted([future])) yield* next;
  },
  waitFor: function* (future) {
    return yield* waitFor(future, 10);
  },
};

test.each(Object.entries(FOLLOWING))(
  '%s of an acquire: afterwards the lock is held, though nobody ' + 'has looked at the guard',
  (_name, follow) =>
    runVirtual(function* () {
      const lock = new Lock();
      yield* lock.acquire();
      const task = createTask(function* () {
        yield* follow(lock.acquire());
        expect(lock.locked()).toBe(true);
        lock.release();
      });
      yield* sleep(1);
      lock.release();
      yield* task;
      expect(lock.locked()).toBe(false);
    }),
);
