// Cancelling tasks that wait for each other in a circle, or in a chain longer than the stack.
import {
  CancelScope,
  createTask,
  failAfter,
  gather,
  getRunningLoop,
  Lock,
  sleep,
  TaskGroup,
  timeout,
  wait,
  waitFor,
} from 'oxbow';
import type { Future, Task } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

type Wait = (task: Task<unknown>) => any;
const ways: [string, Wait][] = [
  ['itself', (task) => task],
  ['gather', (task) => gather(task, sleep(1000))],
  ['waitFor', (task) => waitFor(task, 1000)],
];

/** A task that waits for the one that `other` gives, as soon as there is one. */
function waiting(lane: string, way: Wait, other: () => Task<unknown>): Task<unknown> {
  if (lane === 'await') {
    return createTask(async () => {
      await sleep(0);
      return await way(other());
    });
  }
  return createTask(function* (): Generator<any, unknown> {
    yield* sleep(0);
    return yield* way(other());
  });
}

describe.each(['yield*', 'await'])('%s', (lane) => {
  test.each(ways)('a cancel ends all tasks of a circle (%s)', (_, way) =>
    runVirtual(function* () {
      for (const size of [1, 2, 3, 250]) {
        if (size === 1 && way === ways[0]![1]) continue;
        const tasks: Task<unknown>[] = [];
        for (let i = 0; i < size; i++) {
          tasks.push(waiting(lane, way, () => tasks[(i + 1) % size]!));
        }
        yield* sleep(1);
        expect(tasks[0]!.cancel('enough')).toBe(true);
        expect(tasks.map((task) => task.cancelling())).toEqual(tasks.map(() => 1));
        yield* wait(tasks);
        expect(tasks.every((task) => task.cancelled())).toBe(true);
        expect(getRunningLoop().time()).toBeLessThan(1000);
      }
    }),
  );

  test.each(ways)('a cancel reaches the end of a chain of 10,000 (%s)', (_, way) =>
    runVirtual(function* () {
      const first = createTask(() => sleep(1e6));
      const tasks: Task<unknown>[] = [first];
      for (let i = 0; i < 10_000; i++) {
        const before = tasks[i]!;
        tasks.push(waiting(lane, way === ways[1]![1] ? (task) => gather(task) : way, () => before));
      }
      yield* sleep(1);
      const last = tasks.at(-1)!;
      expect(last.cancel()).toBe(true);
      expect(tasks.every((task) => task.cancelling() === 1 && !task.done())).toBe(true);
      yield* wait([last]);
      expect(tasks.every((task) => task.cancelled())).toBe(true);
    }),
  );

  test('a task that cancels itself, and then waits in a circle, ends', () =>
    runVirtual(function* () {
      const a: Task<unknown> = waiting(
        lane,
        (other) => {
          a.cancel('own');
          return other;
        },
        () => b,
      );
      const b = waiting(
        lane,
        (other) => other,
        () => a,
      );
      yield* wait([a, b]);
      expect([a.cancelled(), b.cancelled()]).toEqual([true, true]);
    }));
});

test('a task reached by two ways has two requests, as in asyncio', () =>
  runVirtual(function* () {
    const end = createTask(() => sleep(100));
    const left = waiting(
      'yield*',
      (task) => task,
      () => end,
    );
    const right = waiting(
      'yield*',
      (task) => task,
      () => end,
    );
    const top = createTask(function* () {
      yield* gather(left, right);
    });
    yield* sleep(1);
    top.cancel();
    expect(end.cancelling()).toBe(2);
    yield* wait([top, left, right, end]);
    expect(end.cancelled()).toBe(true);
  }));

test('a cancelled circle can be cancelled again', () =>
  runVirtual(function* () {
    let refused = 0;
    const a: Task<unknown> = createTask(function* (): Generator<any, unknown> {
      yield* sleep(0);
      for (;;) {
        try {
          return yield* b;
        } catch (error) {
          if (++refused === 3) throw error;
        }
      }
    });
    const b: Task<unknown> = createTask(function* (): Generator<any, unknown> {
      yield* sleep(0);
      for (;;) {
        try {
          return yield* a;
        } catch (error) {
          if (a.done()) throw error;
        }
      }
    });
    for (let i = 0; i < 3; i++) {
      yield* sleep(1);
      b.cancel();
    }
    yield* wait([a, b]);
    expect([refused, a.cancelled()]).toEqual([3, true]);
  }));

/** What is in lists within each other. */
function unwrapped(value: unknown): unknown {
  while (Array.isArray(value)) [value] = value;
  return value;
}

describe.each<[string, (inner: Future<any>) => Future<any>]>([
  ['gather', (inner) => gather(inner)],
  ['waitFor', (inner) => waitFor(inner, 1000)],
  ['both in turn', (inner) => gather(waitFor(inner, 1000))],
])('10,000 of %s within each other', (_, around) => {
  /** All of them, the innermost first. */
  const within = (innermost: Future<any>): Future<any>[] => {
    const all = [innermost];
    while (all.length <= 10_000) all.push(around(all.at(-1)!));
    return all;
  };

  test('end with the innermost', () =>
    runVirtual(function* () {
      expect(unwrapped(yield* within(sleep(1, 'end')).at(-1)!)).toBe('end');
    }));

  test('a cancel reaches the innermost, and all end', () =>
    runVirtual(function* () {
      const all = within(sleep(1e6));
      expect(all.at(-1)!.cancel('enough')).toBe(true);
      expect(all[0]!.cancelled()).toBe(true);
      yield* wait([all.at(-1)!]);
      expect(all.every((each) => each.cancelled())).toBe(true);
      expect(() => all.at(-1)!.result()).toThrow(expect.objectContaining({ reason: 'enough' }));
    }));

  test('a cancel that nothing hears says so', () =>
    runVirtual(function* () {
      const inner = getRunningLoop().createFuture();
      inner.cancel = () => false;
      const all = within(inner);
      expect(all.at(-1)!.cancel()).toBe(false);
      inner.setResult('went on');
      expect(unwrapped(yield* all.at(-1)!)).toBe('went on');
    }));
});

type Nest = (body: () => Generator<any, unknown>) => any;
const scopes: [string, Nest][] = [
  ['CancelScope.run', (body) => CancelScope.run({}, body)],
  ['failAfter', (body) => failAfter(1000, body)],
  ['timeout', (body) => timeout(1000, body)],
  ['TaskGroup.run', (body) => TaskGroup.run(body)],
  ['lock.with', (body) => new Lock().with(body)],
];

// V8 resumes a wait through all generators around it, and that is the limit: some 4,700 of them fit
// on the stack. Here each level has three: the scope's own, its body, and `nested`.
describe.each(scopes)('1,000 of %s within each other in one task', (_, nest) => {
  function* nested(depth: number, innermost: () => any): Generator<any, unknown> {
    if (depth === 0) return yield* innermost();
    return yield* nest(function* () {
      return yield* nested(depth - 1, innermost);
    });
  }

  test('end with the innermost', () =>
    runVirtual(function* () {
      expect(yield* nested(1000, () => sleep(1, 'end'))).toBe('end');
    }));

  test('a cancel reaches the innermost', () =>
    runVirtual(function* () {
      const waiting = sleep(1e6);
      const task = createTask(nested(1000, () => waiting));
      yield* sleep(1);
      task.cancel('enough');
      yield* wait([task]);
      expect([waiting.cancelled(), task.cancelled()]).toEqual([true, true]);
    }));
});

test('coroutines deeper than the stack get a RangeError, and the loop goes on', () =>
  runVirtual(function* () {
    function* nested(depth: number): Generator<any, unknown> {
      return depth === 0 ? yield* sleep(1) : yield* nested(depth - 1);
    }
    const task = createTask(nested(100_000));
    yield* wait([task]);
    expect(task.exception()).toBeInstanceOf(RangeError);
    expect(yield* sleep(1, 'on')).toBe('on');
  }));

test('a cancel reaches through 5,000 scopes in tasks of their own', () =>
  runVirtual(async () => {
    let inside: Future<unknown> | null = null;
    let around: CancelScope | null = null;
    const nested = async (depth: number): Promise<unknown> => {
      await sleep(0);
      if (depth === 0) return await (inside = sleep(1e6));
      return await CancelScope.run({}, async (scope) => {
        around ??= scope;
        return await nested(depth - 1);
      });
    };
    const task = createTask(() => nested(5000));
    await sleep(1);
    expect(inside!.done()).toBe(false);
    around!.cancel();
    await task;
    expect([inside!.cancelled(), around!.cancelledCaught]).toEqual([true, true]);
  }));

test.each([
  ['scopes whose bodies are no function*', (body: () => any) => TaskGroup.run(() => body())],
  ['scopes whose bodies are async', (body: () => any) => TaskGroup.run(async () => await body())],
  ['eager tasks', (body: () => any) => createTask(() => body(), { eagerStart: true })],
])('3,000 eager starts within each other: %s', (_, nest) =>
  runVirtual(function* () {
    // Each would take room on the stack; only so many begin inside of each other.
    let inside: Future<unknown> | null = null;
    const nested = (depth: number): any =>
      depth === 0 ? (inside = sleep(1e6, 'end')) : nest(() => nested(depth - 1));
    const task = createTask(() => nested(3000));
    yield* sleep(1);
    task.cancel();
    yield* wait([task]);
    expect([inside!.cancelled(), task.cancelled()]).toEqual([true, true]);
    const whole = createTask(() => nested(3000));
    expect(yield* whole).toBe('end');
  }),
);
