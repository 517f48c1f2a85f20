// A future is its own iterator, for yield*; whatever else goes through it ends at its second step.
import {
  asCompleted,
  createTask,
  ExceptionGroup,
  Future,
  gather,
  Lock,
  openConnection,
  Queue,
  run,
  shield,
  sleep,
  StreamReader,
  timeout,
  waitFor,
} from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection, thrown } from '../support/outcomes.ts';

const NOT_USED = /^yield\* or await was not used with </;

const PENDING: Record<string, () => Iterable<unknown>> = {
  sleep: () => sleep(1),
  future: () => new Future(),
  task: () =>
    createTask(function* () {
      yield* sleep(1);
    }),
  gather: () => gather([sleep(1)]),
  shield: () => shield(sleep(1)),
  waitFor: () => waitFor(sleep(1), 5),
  'queue.get()': () => new Queue().get(),
  'queue.next()': () => new Queue().next(),
  'reader.read()': () => new StreamReader().read(),
  'an item of asCompleted': () => [...asCompleted([sleep(1)])][0]!,
  'a lock that is held': () => {
    const lock = new Lock();
    void lock.acquire();
    return lock.acquire();
  },
  'a scope': () =>
    timeout(5, function* () {
      yield* sleep(1);
    }),
};

test.each(Object.entries(PENDING))('%s, taken for an iterable', (_name, make) =>
  runVirtual(function* () {
    const through: ((it: Iterable<unknown>) => unknown)[] = [
      (it) => [...it],
      (it) => Array.from(it),
      (it) => new Set(it),
      (it) => {
        const [first, second] = it;
        return [first, second];
      },
      (it) => {
        const [first] = it;
        return first;
      },
      (it) => {
        for (const each of it) return each;
        return undefined;
      },
      (it) => {
        for (const each of it) void each;
      },
      (it) => {
        const steps = it[Symbol.iterator]();
        steps.next();
        steps.next();
      },
      (it) => Object.fromEntries(it as Iterable<[string, unknown]>),
    ];
    for (const take of through) {
      const given = make();
      const error = thrown(() => take(given));
      expect(error.name === 'RuntimeError' || take === through.at(-1)).toBe(true);
      if (error.name === 'RuntimeError') expect(error.message).toMatch(NOT_USED);
    }
    yield* sleep(0);
  }),
);

test('in the async lane as well', () =>
  runVirtual(async () => {
    expect((await rejection(Promise.all(sleep(1) as never))).message).toMatch(NOT_USED);
    expect((await rejection(Promise.race(sleep(1) as never))).message).toMatch(NOT_USED);
    expect(thrown(() => [...sleep(1)]).message).toMatch(NOT_USED);
  }));

test('destructuring without yield*', () =>
  run(function* () {
    const connecting = openConnection('127.0.0.1', 1);
    expect(
      thrown(() => {
        const [reader, writer] = connecting as Iterable<unknown>;
        return [reader, writer];
      }).message,
    ).toMatch(NOT_USED);
    connecting.cancel();
    yield* gather([connecting], { returnExceptions: true });
  }));

test('what was gone through by mistake can still be awaited', () =>
  runVirtual(function* () {
    const future = sleep(1, 'slept');
    thrown(() => [...future]);
    expect(yield* future).toBe('slept');
    const peeked = sleep(1, 'peeked');
    expect(peeked[Symbol.iterator]().next().done).toBe(false);
    yield* sleep(0);
    expect(yield* peeked).toBe('peeked');
  }));

test('several may wait for one future at the same time', () =>
  runVirtual(function* () {
    const future = sleep(1, 'slept');
    const waits = [1, 2, 3].map(() =>
      createTask(function* () {
        return yield* future;
      }),
    );
    expect(yield* gather(waits)).toEqual(['slept', 'slept', 'slept']);
  }));

test('a coroutine stepped by hand may wait once', () =>
  runVirtual(function* () {
    const future = sleep(1);
    const coroutine = (function* () {
      yield* future;
      return 'end';
    })();
    expect(coroutine.next().done).toBe(false);
    yield* future;
    expect(coroutine.next()).toEqual({ done: true, value: 'end' });
  }));

test('two at the same time, by turns', () =>
  runVirtual(function* () {
    const [a, b] = [sleep(1), sleep(1)].map((each) => each[Symbol.iterator]());
    expect(
      thrown(() => {
        for (;;) {
          a!.next();
          b!.next();
        }
      }).message,
    ).toMatch(NOT_USED);
    yield* sleep(0);
  }));

test('new ExceptionGroup of a task', () =>
  runVirtual(function* () {
    const task = createTask(function* () {
      yield* sleep(1);
    });
    expect(() => new ExceptionGroup('m', task as never)).toThrow(TypeError);
    yield* task;
  }));

const CYCLE = /^Chaining cycle detected for <(Future|WaitFor) /;

test('await of a result that comes back to itself is rejected; yield* gives it', () =>
  runVirtual(async () => {
    const own = new Future<unknown>();
    own.setResult(own);
    const [a, b, c] = [new Future<unknown>(), new Future<unknown>(), new Future<unknown>()];
    a.setResult(b);
    b.setResult(c);
    c.setResult(b);
    const late = new Future<unknown>();
    const waiting = rejection(late);
    late.setResult(a);
    for (const error of [
      await rejection(own),
      await rejection(a),
      await rejection(c),
      await waiting,
      await rejection(Promise.resolve(b)),
      await rejection(waitFor(own, 1)),
    ]) {
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toMatch(CYCLE);
    }
    const got = await createTask(function* () {
      return [yield* own, yield* a];
    });
    expect(got[0]).toBe(own);
    expect(got[1]).toBe(b);
  }));

test('a task that returns itself', () =>
  runVirtual(async () => {
    const task: Future<unknown> = createTask(function* () {
      yield* sleep(0);
      return task;
    });
    expect((await rejection(task)).message).toMatch(/^Chaining cycle detected for <Task /);
  }));

test('a long chain of results costs no stack and no square', () =>
  runVirtual(async () => {
    let chain: Future<unknown> = sleep(0, 'end');
    for (let n = 0; n < 200_000; n++) {
      const next = new Future<unknown>();
      next.setResult(chain);
      chain = next;
    }
    expect(await chain).toBe('end');
  }));
