// A limit that has struck is a state: whichever turn it strikes in, before a wait is over, in that
// very turn, or behind it, the call either gives its result or ends by the limit, and whatever was
// to be handed over is where it belongs.
import {
  AbortError,
  Barrier,
  Broadcast,
  CapacityLimiter,
  Channel,
  Condition,
  createTask,
  Event,
  failAfter,
  forEach,
  Future,
  gather,
  getRunningLoop,
  interval,
  Lock,
  moveOnAfter,
  promise,
  Queue,
  retry,
  Semaphore,
  shield,
  sleep,
  Task,
  timeout,
  timeoutAt,
  TimeoutError,
  wait,
  waitFor,
  Watch,
} from 'oxbow';
import type { AwaitableLike } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

/** Turns that are tried for the limit, around the turns in which the wait can be over. */
const OFFSETS = 9;
/** The turn in which the wait is let go. */
const LET_GO = 4;

/** Calls `body` in the n-th turn from now. */
function inTurns(n: number, body: () => void): void {
  const loop = getRunningLoop();
  if (n === 0) body();
  else loop.callSoon(() => inTurns(n - 1, body));
}

interface Case {
  /** Begins the wait, with the signal, and gives what lets it go. */
  begin(options: { signal?: AbortSignal }): [wait: AwaitableLike<any>, letGo: () => void];
  /** Looks whether everything is where it belongs. @param given - whether the wait gave a result */
  check?(given: boolean): Promise<void> | void;
}

function waitOn<T>(
  begin: (options: { signal?: AbortSignal }) => Future<T>,
  letGo: () => void,
  check?: (given: boolean) => Promise<void> | void,
): Case {
  return { begin: (options) => [begin(options), letGo], ...(check ? { check } : {}) };
}

/** Every waiting call that takes a signal; made anew for each trial. */
const CASES: Record<string, () => Case> = {
  'lock.acquire': () => {
    const lock = new Lock();
    void lock.acquire();
    return waitOn(
      (options) => lock.acquire(options),
      () => lock.release(),
      (given) => {
        expect(lock.locked()).toBe(given);
        if (given) lock.release();
      },
    );
  },
  'semaphore.acquire': () => {
    const semaphore = new Semaphore(0);
    return waitOn(
      (options) => semaphore.acquire(options),
      () => semaphore.release(),
      (given) => {
        expect(semaphore.locked()).toBe(given);
      },
    );
  },
  'limiter.acquire': () => {
    const limiter = new CapacityLimiter(0);
    return waitOn(
      (options) => limiter.acquireOnBehalfOf(1, options),
      () => {
        limiter.totalTokens = 1;
      },
      (given) => {
        expect(limiter.borrowedTokens).toBe(given ? 1 : 0);
      },
    );
  },
  'condition.wait': () => {
    const condition = new Condition();
    void condition.acquire();
    return waitOn(
      (options) => condition.wait(options),
      () => {
        void condition.acquire().then((guard) => {
          condition.notify();
          guard.release();
        });
      },
      () => {
        expect(condition.locked()).toBe(true);
      },
    );
  },
  'condition.waitFor': () => {
    const condition = new Condition();
    let there = false;
    void condition.acquire();
    return {
      begin: (options) => [
        condition.waitFor(() => there, options),
        () => {
          void condition.acquire().then((guard) => {
            there = true;
            condition.notify();
            guard.release();
          });
        },
      ],
      check: () => {
        expect(condition.locked()).toBe(true);
      },
    };
  },
  'event.wait': () => {
    const event = new Event();
    return waitOn(
      (options) => event.wait(options),
      () => event.set(),
    );
  },
  'barrier.wait': () => {
    const barrier = new Barrier(2);
    return waitOn(
      (options) => barrier.wait(options),
      () => {
        void barrier.wait();
      },
      (given) => {
        expect(barrier.nWaiting).toBe(given ? 0 : 1);
      },
    );
  },
  'queue.get': () => {
    const queue = new Queue<number>();
    return waitOn(
      (options) => queue.get(options),
      () => queue.putNowait(7),
      (given) => {
        expect(queue.qsize()).toBe(given ? 0 : 1);
      },
    );
  },
  'queue.next': () => {
    const queue = new Queue<number>();
    return waitOn(
      (options) => queue.next(options),
      () => queue.putNowait(7),
      (given) => {
        expect(queue.qsize()).toBe(given ? 0 : 1);
      },
    );
  },
  'queue.put': () => {
    const queue = new Queue<number>(1);
    queue.putNowait(1);
    return waitOn(
      (options) => queue.put(2, options),
      () => {
        queue.getNowait();
      },
      (given) => {
        expect(queue.qsize()).toBe(given ? 1 : 0);
      },
    );
  },
  'queue.join': () => {
    const queue = new Queue<number>();
    queue.putNowait(1);
    return waitOn(
      (options) => queue.join(options),
      () => queue.taskDone(),
    );
  },
  'channel.receive': () => {
    const channel = new Channel<number>(5);
    const sender = channel.sender();
    return waitOn(
      (options) => channel.receive(options),
      () => sender.sendNowait(1),
      (given) => {
        expect(channel.qsize()).toBe(given ? 0 : 1);
      },
    );
  },
  'sender.send': () => {
    const channel = new Channel<number>(1);
    const sender = channel.sender();
    sender.sendNowait(1);
    return waitOn(
      (options) => sender.send(2, options),
      () => {
        channel.receiveNowait();
      },
      (given) => {
        expect(channel.qsize()).toBe(given ? 1 : 0);
      },
    );
  },
  'broadcast.send': () => {
    const broadcast = new Broadcast<number>({ maxsize: 1, overflow: 'wait' });
    const receiver = broadcast.subscribe();
    broadcast.sendNowait(1);
    return waitOn(
      (options) => broadcast.send(2, options),
      () => {
        receiver.receiveNowait();
      },
      (given) => {
        expect(receiver.qsize()).toBe(given ? 1 : 0);
      },
    );
  },
  'receiver.receive': () => {
    const broadcast = new Broadcast<number>();
    const receiver = broadcast.subscribe();
    return waitOn(
      (options) => receiver.receive(options),
      () => {
        broadcast.sendNowait(1);
      },
      (given) => {
        expect(receiver.qsize()).toBe(given ? 0 : 1);
      },
    );
  },
  'watch.changed': () => {
    const receiver = new Watch(0);
    const seen = receiver.subscribe();
    return waitOn(
      (options) => seen.changed(options),
      () => receiver.set(1),
      (given) => {
        expect(seen.hasChanged()).toBe(!given);
      },
    );
  },
  gather: () => letGoByFuture((future, options) => gather([future, sleep(0)], options)),
  wait: () => letGoByFuture((future, options) => wait([future], options)),
  waitFor: () => letGoByFuture((future, options) => waitFor(future, 5, options)),
  shield: () => letGoByFuture((future, options) => shield(future, options)),
  promise: () => letGoByFuture((future, options) => promise(future.then(), options)),
  retry: () =>
    letGoByFuture((future, options) =>
      retry(function* () {
        yield* future;
      }, options),
    ),
  forEach: () =>
    letGoByFuture((future, options) =>
      forEach(
        [1],
        function* () {
          yield* future;
        },
        options,
      ),
    ),
  sleep: () => letGoByFuture((_future, options) => sleep(0.001, 1, options)),
  'interval.tick': () => {
    let let_go = (): void => {};
    return {
      begin: (options) => {
        const ticks = interval(0.001, { ...options, start: 0.001 });
        let_go = () => {};
        return [ticks.tick(), let_go];
      },
    };
  },
};

function letGoByFuture(
  begin: (future: Future<unknown>, options: { signal?: AbortSignal }) => AwaitableLike<unknown>,
): Case {
  const future = new Future();
  return {
    begin: (options) => [
      begin(future, options),
      () => {
        if (!future.done()) future.setResult(1);
      },
    ],
  };
}

type Outcome = 'given' | 'struck' | string;

async function outcomeOf(waiting: PromiseLike<unknown>): Promise<Outcome> {
  try {
    await waiting;
    return 'given';
  } catch (error) {
    if (error instanceof AbortError || error instanceof TimeoutError) return 'struck';
    return String(error);
  }
}

/** Both lanes: a task of the one that waits, or the async function here. */
function waiting(lane: string, made: AwaitableLike<any>): PromiseLike<unknown> {
  return lane === 'async'
    ? (made as PromiseLike<unknown>)
    : createTask(function* () {
        return yield* made as Future<unknown>;
      });
}

describe.each(['function*', 'async'])('%s', (lane) => {
  test.each(Object.entries(CASES))('%s: an abort in every turn around its end', (_name, make) =>
    runVirtual(async () => {
      const seen = new Set<Outcome>();
      for (let offset = 0; offset < OFFSETS; offset++) {
        const trial = make();
        const controller = new AbortController();
        const [made, letGo] = trial.begin({ signal: controller.signal });
        const outcome = outcomeOf(waiting(lane, made));
        inTurns(LET_GO, letGo);
        inTurns(offset, () => controller.abort());
        const how = await outcome;
        expect(['given', 'struck']).toContain(how);
        seen.add(how);
        if (offset < LET_GO) expect(how).toBe('struck');
        for (let n = 0; n < 12; n++) await sleep(0);
        await trial.check?.(how === 'given');
      }
      expect(seen).toContain('struck');
    }),
  );

  test.each(Object.entries(CASES))('%s: a signal that has aborted before', (_name, make) =>
    runVirtual(async () => {
      const trial = make();
      const how = await outcomeOf(
        (async () => {
          const [made] = trial.begin({ signal: AbortSignal.abort() });
          return await waiting(lane, made);
        })(),
      );
      expect(how).toBe('struck');
    }),
  );

  /** What bounds a wait by time. */
  const LIMITS: Record<string, (seconds: number, made: () => AwaitableLike<any>) => any> = {
    waitFor: (seconds, made) => waitFor(made(), seconds),
    timeout: (seconds, made) =>
      timeout(seconds, function* () {
        return yield* made() as any;
      }),
    'timeout, async': (seconds, made) => timeout(seconds, async () => await made()),
    timeoutAt: (seconds, made) =>
      timeoutAt(getRunningLoop().time() + seconds, function* () {
        return yield* made() as any;
      }),
    failAfter: (seconds, made) =>
      failAfter(seconds, function* () {
        return yield* made() as any;
      }),
    'failAfter, async': (seconds, made) => failAfter(seconds, async () => await made()),
    moveOnAfter: async (seconds, made) => {
      const nothing = await moveOnAfter(seconds, async () => ({ made: await made() }));
      if (nothing === undefined) throw new TimeoutError();
    },
  };

  test.each(Object.entries(LIMITS))(
    '%s: time that is over in every turn around the end',
    (_name, limit) =>
      runVirtual(async () => {
        for (const [name, make] of Object.entries(CASES)) {
          // These two end by the clock themselves.
          if (name === 'sleep' || name === 'interval.tick') continue;
          for (let offset = 0; offset < OFFSETS; offset++) {
            const trial = make();
            let letGo: (() => void) | null = () => {};
            const goOn = (): void => {
              const go = letGo;
              letGo = null;
              go?.();
            };
            // Due at a moment at which the wait is some turns away from its end, or over.
            const outcome = outcomeOf(
              limit(0.001, () => {
                const [made, go] = trial.begin({});
                letGo = go;
                return made;
              }),
            );
            getRunningLoop().callLater(0.001 * (offset < 5 ? 1 : 0.999), () => {
              inTurns(Math.abs(offset - 4), goOn);
            });
            const how = await outcome;
            expect([name, ['given', 'struck'].includes(how) ? '' : how]).toEqual([name, '']);
            goOn();
            for (let n = 0; n < 12; n++) await sleep(0);
            if (how === 'given') await trial.check?.(true);
          }
        }
      }),
  );
});

test('a task with a signal is cancelled in whatever turn it aborts', () =>
  runVirtual(async () => {
    for (let offset = 0; offset < OFFSETS; offset++) {
      const controller = new AbortController();
      const future = new Future();
      const task = new Task(
        function* () {
          yield* future;
          yield;
          yield;
        },
        { signal: controller.signal },
      );
      inTurns(LET_GO, () => future.done() || future.setResult(1));
      inTurns(offset, () => controller.abort('enough'));
      await outcomeOf(task);
      expect(task.done()).toBe(true);
      expect(task.cancelled()).toBe(offset <= LET_GO + 2);
    }
  }));
