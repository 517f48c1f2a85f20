// Random programs of workers that are cancelled at any turn: nothing is lost, doubled or kept.
import {
  Broadcast,
  CancelledError,
  CapacityLimiter,
  Channel,
  ChannelClosed,
  Condition,
  createTask,
  currentTask,
  forEach,
  Lock,
  PriorityQueue,
  Queue,
  Semaphore,
  sleep,
  timeout,
  TimeoutError,
  waitFor,
} from 'oxbow';
import type { Coro, Future, Guard, Task } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

type Random = (below: number) => number;

function randomNumbers(seed: number): Random {
  let state = seed + 1;
  return (below) => (state = (state * 48_271) % 2_147_483_647) % below;
}

const SEEDS = Array.from({ length: 6 }, (_, seed) => seed);
const WORKERS = 8;
const STEPS = 25;

/** Takes all cancels back, so that the worker goes on with its next step. */
function interrupted(error: unknown): void {
  if (error instanceof TimeoutError || error instanceof ChannelClosed) return;
  if (!(error instanceof CancelledError)) throw error;
  while (currentTask()!.uncancel() > 0);
}

/** Runs a step so many times, in either lane, whatever ends it. */
function worker(lane: number, step: () => Coro<void>, asyncStep: () => Promise<void>): Task<void> {
  return createTask<void>(
    lane === 0
      ? function* () {
          for (let n = 0; n < STEPS; n++) {
            try {
              yield* step();
            } catch (error) {
              interrupted(error);
            }
          }
        }
      : async () => {
          for (let n = 0; n < STEPS; n++) {
            try {
              await asyncStep();
            } catch (error) {
              interrupted(error);
            }
          }
        },
  );
}

/** Throws what a worker has thrown; one that was cancelled at its very end is all right. */
function check(tasks: readonly Task<any>[]): void {
  for (const task of tasks) if (!task.cancelled()) task.result();
}

/** Cancels workers at any turn until all have ended. */
function* disturb(random: Random, tasks: readonly Task<any>[]): Coro<void> {
  yield;
  while (tasks.some((task) => !task.done())) {
    for (let turns = random(4); turns > 0; turns--) yield;
    if (random(5) === 0) yield* sleep(0.001 * random(3));
    tasks[random(tasks.length)]!.cancel();
  }
  check(tasks);
}

/** One of the ways to wait for the same thing. */
function* oneWay<T>(random: Random, begin: () => Future<T>): Coro<T> {
  switch (random(4)) {
    case 0:
      return yield* waitFor(begin(), 0.001 * (1 + random(3)));
    case 1:
      return yield* timeout(0.002, function* () {
        return yield* begin();
      });
    default:
      return yield* begin();
  }
}

/** Everything of a queue at the end. */
function rest<T>(queue: { qsize(): number; getNowait(): T }): T[] {
  return Array.from({ length: queue.qsize() }, () => queue.getNowait());
}

/** What was put, and what was got, of each item. */
class Books {
  next = 0;
  readonly put: Set<number> = new Set();
  readonly got: number[] = [];

  check(left: readonly number[]): void {
    const all = [...this.got, ...left].sort((a, b) => a - b);
    expect(all).toEqual([...this.put].sort((a, b) => a - b));
  }
}

const QUEUES = {
  Queue: () => new Queue<number>(2),
  PriorityQueue: () => new PriorityQueue<number>(2),
};

describe.each(Object.entries(QUEUES))('%s', (_name, make) => {
  test.each(SEEDS)('every item comes out once (seed %i)', (seed) =>
    runVirtual(function* () {
      const random = randomNumbers(seed);
      const queue = make();
      const books = new Books();
      const tasks = Array.from({ length: WORKERS }, (_, n) =>
        n % 2 === 0
          ? worker(
              random(2),
              function* () {
                const item = books.next++;
                // A timeout around a wait that is done cancels nothing: the item counts when in.
                yield* queue.put(item);
                books.put.add(item);
              },
              async () => {
                const item = books.next++;
                await queue.put(item);
                books.put.add(item);
              },
            )
          : worker(
              random(2),
              function* () {
                const item = yield* waitFor(queue.get(), 0.001);
                books.got.push(item);
                if (random(3) === 0) queue.taskDone();
              },
              async () => {
                books.got.push(await waitFor(queue.get(), 0.001));
              },
            ),
      );
      const breaker = createTask(disturb(random, tasks));
      // Putters may be left without a getter.
      while (tasks.some((task) => !task.done())) {
        yield* sleep(0.01);
        if (queue.full()) books.got.push(queue.getNowait());
      }
      yield* breaker;
      books.check(rest(queue));
    }),
  );
});

test.each(SEEDS)('Channel: iterations and forEach get every item once (seed %i)', (seed) =>
  runVirtual(function* () {
    const random = randomNumbers(seed);
    const channel = new Channel<number>(1 + random(3));
    const books = new Books();
    const producers = Array.from({ length: 4 }, () => {
      const sender = channel.sender();
      const task = worker(
        random(2),
        function* () {
          const item = books.next++;
          yield* sender.send(item);
          books.put.add(item);
        },
        async () => {
          const item = books.next++;
          await sender.send(item);
          books.put.add(item);
        },
      );
      task.addDoneCallback(() => sender.close());
      return task;
    });
    const ways: (() => Task<void>)[] = [
      () =>
        createTask(async () => {
          for await (const item of channel) books.got.push(item);
        }),
      () =>
        createTask(function* () {
          let step;
          while (!(step = yield* channel.next()).done) books.got.push(step.value);
        }),
      () =>
        createTask(function* () {
          yield* forEach(
            channel,
            function* (item) {
              books.got.push(item);
              yield;
            },
            {
              concurrency: 2,
            },
          );
        }),
    ];
    const breaker = createTask(disturb(random, producers));
    // Consumers are cancelled and replaced.
    while (!channel.closed || channel.qsize() > 0) {
      const consumer = ways[random(ways.length)]!();
      for (let turns = random(12); turns > 0; turns--) yield;
      consumer.cancel();
      yield* sleep(0.001);
      expect(consumer.done()).toBe(true);
    }
    yield* breaker;
    books.check([]);
  }),
);

test.each(SEEDS)('Broadcast: every receiver gets every item once (seed %i)', (seed) =>
  runVirtual(function* () {
    const random = randomNumbers(seed);
    const news = new Broadcast<number>({ maxsize: 1 + random(3), overflow: 'wait' });
    const sent: number[] = [];
    const receivers = Array.from({ length: 3 }, () => ({
      receiver: news.subscribe(),
      got: [] as number[],
    }));
    let next = 0;
    const producers = Array.from({ length: 3 }, () =>
      worker(
        random(2),
        function* () {
          const item = next++;
          yield* oneWay(random, () => news.send(item));
          sent.push(item);
        },
        async () => {
          const item = next++;
          await news.send(item);
          sent.push(item);
        },
      ),
    );
    const consumers = receivers.flatMap(({ receiver, got }) =>
      [0, 1].map(() => {
        const step = function* () {
          got.push(yield* receiver.receive());
        };
        return createTask<void>(function* () {
          while (!news.closed) {
            try {
              yield* timeout(0.001, step);
            } catch (error) {
              interrupted(error);
            }
          }
        });
      }),
    );
    yield* disturb(random, producers);
    news.close();
    for (const consumer of consumers) yield* consumer;
    for (const { receiver, got } of receivers) {
      while (receiver.qsize() > 0) got.push(receiver.receiveNowait());
      expect(new Set(got)).toEqual(new Set(receivers[0]!.got));
      expect(got).toHaveLength(new Set(got).size);
      for (const item of sent) expect(got).toContain(item);
    }
    expect(news.qsize()).toBe(0);
  }),
);

interface Held {
  thing: { acquire(): Future<Guard> };
  most: number;
  free: () => boolean;
}

const HELD: Record<string, () => Held> = {
  Lock: () => {
    const thing = new Lock();
    return { thing, most: 1, free: () => !thing.locked() };
  },
  Semaphore: () => {
    const thing = new Semaphore(3);
    return { thing, most: 3, free: () => String(thing).includes('value:3') };
  },
  CapacityLimiter: () => {
    const thing = new CapacityLimiter(2);
    return { thing, most: 2, free: () => thing.borrowedTokens === 0 };
  },
  Condition: () => {
    const thing = new Condition();
    return { thing, most: 1, free: () => !thing.locked() };
  },
};

describe.each(Object.entries(HELD))('%s', (_name, make) => {
  test.each(SEEDS)('never too many inside, and free at the end (seed %i)', (seed) =>
    runVirtual(function* () {
      const random = randomNumbers(seed);
      const { thing, most, free } = make();
      let inside = 0;
      let entered = 0;
      const enter = (): void => {
        entered++;
        expect(++inside).toBeLessThanOrEqual(most);
      };
      const tasks = Array.from({ length: WORKERS }, () =>
        worker(
          random(2),
          function* () {
            const guard = yield* oneWay(random, () => thing.acquire());
            enter();
            try {
              if (random(2) === 0) yield* sleep(0.001 * random(3));
            } finally {
              inside--;
              guard.release();
            }
          },
          async () => {
            const guard = await waitFor(thing.acquire(), 0.001 * random(4));
            enter();
            try {
              if (random(2) === 0) await sleep(0.001 * random(3));
            } finally {
              inside--;
              guard.release();
            }
          },
        ),
      );
      yield* disturb(random, tasks);
      expect([inside, free()]).toEqual([0, true]);
      expect(entered).toBeGreaterThan(0);
    }),
  );
});
