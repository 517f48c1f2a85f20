// Something is handed over, and the one who waits for it gives up, at every offset of turns between
// the two, in both lanes, by a cancel, a signal or a scope: nothing is lost, nothing taken twice.
// The recorded races hold the same moments to CPython's outcome; here it is what must hold whatever
// the outcome is. CPython has fixed such losses in Condition (gh-112202), Semaphore (gh-90155) and
// wait_for (bpo-37658).
import {
  asCompleted,
  Barrier,
  CancelScope,
  Channel,
  Condition,
  createTask,
  Event,
  Future,
  getRunningLoop,
  Lock,
  Queue,
  QueueEmpty,
  Semaphore,
  sleep,
  wait,
  waitFor,
} from 'oxbow';
import type { Awaitable, Coroutine, Task } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

type Lane = 'generator' | 'async';
type Stop = 'cancel' | 'signal' | 'scope';
type Options = { signal?: AbortSignal };

/** A thing that two tasks wait for; `a` may be stopped, `b` goes on waiting. */
interface Thing {
  wait(who: 'a' | 'b', options: Options): Awaitable<any> | Generator<any, void>;
  /** A waiter was given it; whoever has to give it back does it here. */
  got?(value: any): void;
  /** What ends the wait of one of them, or of both. */
  end(): void;
  /** Holds after the race; `ends` tells how each has ended, or 'waits'. */
  check(ends: { a: string; b: string }): void;
}

function atTurn(turn: number, callback: () => void): void {
  if (turn === 0) callback();
  else getRunningLoop().callSoon(() => atTurn(turn - 1, callback));
}

const won = (ends: { a: string; b: string }): string[] =>
  (['a', 'b'] as const).filter((who) => ends[who] === 'got');

function lock(): Thing {
  const it = new Lock();
  const held = it.acquire();
  return {
    wait: (_who, options) => it.acquire(options),
    got: () => it.release(),
    end: () => held.result().release(),
    check: ({ b }) => expect([b, it.locked()]).toEqual(['got', false]),
  };
}

function semaphore(): Thing {
  const it = new Semaphore(0);
  return {
    wait: (_who, options) => it.acquire(options),
    got: () => it.release(),
    end: () => it.release(),
    check: ({ b }) => expect([b, String(it)]).toEqual(['got', '<Semaphore [unlocked, value:1]>']),
  };
}

function event(): Thing {
  const it = new Event();
  return {
    wait: (_who, options) => it.wait(options),
    end: () => {
      it.set();
      it.clear();
    },
    check: ({ b }) => expect(b).toBe('got'),
  };
}

function condition(): Thing {
  const it = new Condition();
  return {
    *wait(_who: string, options: Options): Generator<any, void> {
      const guard = yield* it.acquire();
      try {
        yield* it.wait(options);
      } finally {
        expect(it.locked()).toBe(true);
        guard.release();
      }
    },
    end: () =>
      void createTask(() =>
        it.with(function* () {
          it.notify();
        }),
      ),
    // A spurious wakeup is allowed, a lost one is not.
    check: (ends: { a: string; b: string }): void =>
      expect([won(ends).length > 0, it.locked()]).toEqual([true, false]),
  };
}

function barrier(): Thing {
  const it = new Barrier(3);
  let third: Future<number>;
  return {
    wait: (_who, options) => it.wait(options),
    end: () => {
      third = it.wait();
    },
    check: ({ a, b }) => {
      const through = third.done();
      expect([b, it.nWaiting]).toEqual(through ? ['got', 0] : ['waits', 2]);
      if (a === 'got') expect(through).toBe(true);
      third.cancel();
    },
  };
}

function drained(queue: Queue<string>): string[] {
  const items: string[] = [];
  try {
    for (;;) items.push(queue.getNowait());
  } catch (error) {
    if (!(error instanceof QueueEmpty)) throw error;
    return items;
  }
}

function get(limited = false): Thing {
  const queue = new Queue<string>();
  const items: string[] = [];
  return {
    wait: (_who, options) => (limited ? waitFor(queue.get(), 50, options) : queue.get(options)),
    got: (item) => items.push(item),
    end: () => queue.putNowait('x'),
    check: (ends) => {
      expect(won(ends)).toHaveLength(1);
      expect([...items, ...drained(queue)]).toEqual(['x']);
    },
  };
}

function put(): Thing {
  const queue = new Queue<string>(1);
  queue.putNowait('x');
  return {
    wait: (who, options) => queue.put(who, options),
    end: () => expect(queue.getNowait()).toBe('x'),
    check: (ends) => {
      expect(won(ends)).toHaveLength(1);
      expect(drained(queue)).toEqual(won(ends));
    },
  };
}

function join(): Thing {
  const queue = new Queue<string>();
  queue.putNowait('x');
  return {
    wait: (_who, options) => queue.join(options),
    end: () => queue.taskDone(),
    check: ({ b }) => expect(b).toBe('got'),
  };
}

function shutdown(): Thing {
  const queue = new Queue<string>();
  return {
    wait: (_who, options) => queue.get(options),
    end: () => {
      queue.putNowait('x');
      queue.shutdown(true);
    },
    check: ({ a, b }) => {
      expect(b).toBe('QueueShutDown');
      expect(['QueueShutDown', 'CancelledError', 'AbortError', 'left']).toContain(a);
      expect(queue.qsize()).toBe(0);
    },
  };
}

function receive(): Thing {
  const channel = new Channel<string>(1);
  const sender = channel.sender();
  const items: string[] = [];
  return {
    wait: (_who, options) => channel.receive(options),
    got: (item) => items.push(item),
    end: () => sender.sendNowait('x'),
    check: (ends) => expect([won(ends).length, items]).toEqual([1, ['x']]),
  };
}

function send(): Thing {
  const channel = new Channel<string>(1);
  const sender = channel.sender();
  sender.sendNowait('x');
  return {
    wait: (who, options) => sender.send(who, options),
    end: () => expect(channel.receiveNowait()).toBe('x'),
    check: (ends) => {
      expect(won(ends)).toHaveLength(1);
      expect(channel.receiveNowait()).toBe(won(ends)[0]);
    },
  };
}

function completed(): Thing {
  const futures = [new Future<string>(), new Future<string>()];
  const steps = asCompleted(futures)[Symbol.iterator]();
  const results: string[] = [];
  return {
    wait: () => steps.next().value as Awaitable<string>,
    got: (result) => results.push(result),
    end: () => futures[1]!.setResult('x'),
    check: (ends) => expect([won(ends).length, results]).toEqual([1, ['x']]),
  };
}

function many(): Thing {
  const futures = [new Future<string>(), new Future<string>()];
  return {
    wait: (_who, options) => wait(futures, { ...options, returnWhen: 'FIRST_COMPLETED' }),
    got: ({ done, pending }) => expect([done.size, pending.size]).toEqual([1, 1]),
    end: () => futures[0]!.setResult('x'),
    check: ({ b }) => expect([b, futures[0]!.result()]).toEqual(['got', 'x']),
  };
}

const THINGS: Record<string, () => Thing> = {
  Lock: lock,
  Semaphore: semaphore,
  Event: event,
  Condition: condition,
  Barrier: barrier,
  'Queue.get': get,
  'Queue.get in waitFor': () => get(true),
  'Queue.put': put,
  'Queue.join': join,
  'Queue.shutdown': shutdown,
  'Channel.receive': receive,
  'Channel.send': send,
  asCompleted: completed,
  wait: many,
};

/** What the generator does, done by an async function: it awaits where the generator yields. */
async function awaiting(steps: Generator<any, void>): Promise<void> {
  let step = steps.next();
  while (step.done !== true) {
    const waited = step.value;
    let failure: { error: unknown } | undefined;
    try {
      await waited;
    } catch (error) {
      failure = { error };
    }
    step = failure === undefined ? steps.next() : steps.throw(failure.error);
  }
}

/** Waits for the thing and notes how that has ended. */
function waiter(
  lane: Lane,
  thing: Thing,
  who: 'a' | 'b',
  options: Options,
  note: (end: string) => void,
): Coroutine<void> {
  const failed = (error: Error): void => {
    note(error.name);
    if (error.name === 'CancelledError') throw error;
  };
  const got = (value: unknown): void => {
    note('got');
    thing.got?.(value);
  };
  if (lane === 'generator') {
    return (function* () {
      let value: unknown;
      try {
        value = yield* thing.wait(who, options);
      } catch (error) {
        return failed(error as Error);
      }
      got(value);
    })();
  }
  return async () => {
    let value: unknown;
    try {
      const waiting = thing.wait(who, options);
      value = await ('then' in waiting ? waiting : awaiting(waiting));
    } catch (error) {
      return failed(error as Error);
    }
    got(value);
  };
}

const ENDS_AT = 5;

function* race(
  lane: Lane,
  stop: Stop,
  thing: Thing,
  offset: number,
  first: boolean,
): Generator<any, void, any> {
  const ends = { a: 'waits', b: 'waits' };
  const control = new AbortController();
  const options = stop === 'signal' ? { signal: control.signal } : {};
  let scope: CancelScope | undefined;
  const body = waiter(lane, thing, 'a', options, (end) => {
    ends.a = end;
  });
  const a: Task<any> = createTask(
    stop !== 'scope'
      ? body
      : lane === 'generator'
        ? (function* () {
            yield* CancelScope.run({}, function* (inside) {
              scope = inside;
              yield* body as Generator<any, void>;
            });
          })()
        : async () =>
            CancelScope.run({}, async (inside) => {
              scope = inside;
              await (body as () => Promise<void>)();
            }),
  );
  const b = createTask(
    waiter(lane, thing, 'b', {}, (end) => {
      ends.b = end;
    }),
  );
  yield* sleep(1);
  const stopA = (): void => {
    if (stop === 'cancel') a.cancel();
    else if (stop === 'signal') control.abort();
    else scope!.cancel();
  };
  if (first) atTurn(ENDS_AT + offset, stopA);
  atTurn(ENDS_AT, () => thing.end());
  if (!first) atTurn(ENDS_AT + offset, stopA);
  yield* sleep(1);
  thing.check(ends);
  b.cancel();
  a.cancel();
  yield* wait([a, b]);
}

describe.each(Object.keys(THINGS))('%s', (name) => {
  describe.each<Lane>(['generator', 'async'])('in the %s lane', (lane) => {
    // A step of asCompleted takes no signal.
    const stops: Stop[] = ['cancel', 'signal', 'scope'];
    for (const stop of name === 'asCompleted' ? stops.filter((each) => each !== 'signal') : stops) {
      test(`is not lost when a ${stop} comes at any turn around it`, async () => {
        for (let offset = -3; offset <= 3; offset++) {
          for (const first of [true, false]) {
            await runVirtual(function* () {
              yield* race(lane, stop, THINGS[name]!(), offset, first);
            });
          }
        }
      });
    }
  });
});
