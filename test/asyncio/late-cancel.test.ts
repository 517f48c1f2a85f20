// A cancel that comes in the very turn in which the function has been woken, after that: a
// generator has gone on by then. An async function goes on after the turn, but has what it waited
// for.
import {
  CancelScope,
  createTask,
  currentTask,
  getRunningLoop,
  Lock,
  Queue,
  Semaphore,
  sleep,
  TaskGroup,
  timeout,
  waitFor,
} from 'oxbow';
import type { Awaitable, Coro, Task } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

type Body = () => Coro<unknown> | Promise<unknown>;

const wraps: Record<string, (body: Body) => PromiseLike<unknown> | Coro<unknown>> = {
  'no scope': (body) => body(),
  timeout: (body) => timeout(9, body) as never,
  group: (body) => TaskGroup.run(body) as never,
  scope: (body) => CancelScope.run({}, body) as never,
};

const lanes: Record<string, (make: () => Awaitable<unknown>) => Body> = {
  'function*': (make) =>
    function* () {
      return yield* make();
    },
  async: (make) => async () => await make(),
};

const cases = Object.keys(wraps).flatMap((wrap) =>
  Object.keys(lanes).map((lane) => [wrap, lane] as const),
);

test.each(cases)('%s, %s: what was handed over is not lost', (wrap, lane) =>
  runVirtual(async () => {
    const queue = new Queue<string>();
    const task = createTask(() => wraps[wrap]!(lanes[lane]!(() => queue.get())) as never);
    await sleep(1);
    queue.putNowait('item');
    getRunningLoop().callSoon(() => task.cancel('late'));
    expect(await task).toBe('item');
    expect(queue.qsize()).toBe(0);
    // In the async lane a scope runs in a task of its own, and the one around was asked in time.
    if (wrap === 'no scope') expect(task.cancelling()).toBe(0);
  }),
);

test.each(Object.keys(lanes))('%s: nor is a lock, or a part of a semaphore', (lane) =>
  runVirtual(async () => {
    for (const thing of [new Lock(), new Semaphore(1)]) {
      await thing.acquire();
      const task = createTask(lanes[lane]!(() => thing.acquire()) as never) as Task<unknown>;
      await sleep(1);
      thing.release();
      getRunningLoop().callSoon(() => task.cancel());
      await sleep(1);
      expect([task.cancelled(), thing.locked()]).toEqual([false, true]);
    }
  }),
);

test('a deadline in that turn', () =>
  runVirtual(async () => {
    const queue = new Queue<string>();
    const task = createTask(
      async () =>
        await timeout(9, async (scope) => {
          setScope(scope);
          return await queue.get();
        }),
    );
    let setScope: (scope: { reschedule(when: number): void }) => void = () => {};
    const scope = new Promise<{ reschedule(when: number): void }>((resolve) => {
      setScope = resolve;
    });
    await sleep(1);
    queue.putNowait('item');
    (await scope).reschedule(0);
    expect(await task).toBe('item');
  }));

test('one that waits again is cancelled there', () =>
  runVirtual(async () => {
    const queue = new Queue<string>();
    let got: unknown;
    const task = createTask(async () => {
      got = await queue.get();
      await sleep(100);
    });
    await sleep(1);
    queue.putNowait('item');
    getRunningLoop().callSoon(() => task.cancel('late'));
    await expect(Promise.resolve(task)).rejects.toMatchObject({ reason: 'late' });
    expect(got).toBe('item');
  }));

test('its own cancel, after it was woken, counts', () =>
  runVirtual(async () => {
    const task = createTask(async () => {
      await sleep(1);
      currentTask()!.cancel('own');
      return 'result';
    });
    await expect(Promise.resolve(task)).rejects.toMatchObject({ reason: 'own' });
  }));

describe('a limit that strikes some turns after an item was put', () => {
  const get =
    (queue: Queue<string>): Body =>
    async () =>
      await queue.get();
  const shapes: Record<string, (queue: Queue<string>) => Body> = {
    'an async body': get,
    'within another': (queue) => async () => await timeout(9, get(queue)),
    'within a group': (queue) => async () => await TaskGroup.run(get(queue)),
    'within waitFor': (queue) => async () => await waitFor(get(queue), 9),
    'waitFor of a function*': (queue) => async () =>
      await waitFor(function* () {
        return yield* queue.get();
      }, 9),
    'a function* that waits for an async body': (queue) =>
      function* () {
        return yield* timeout(9, get(queue));
      },
  };
  const limits: Record<string, (body: Body, at: (strike: () => void) => void) => Body> = {
    timeout: (body, at) => async () =>
      await timeout(9, async (scope) => {
        at(() => scope.reschedule(0));
        return await (createBody(body) as any);
      }),
    'timeout of a function*': (body, at) =>
      function* () {
        return yield* timeout(9, function* (scope) {
          at(() => scope.reschedule(0));
          return yield* timeout(9, body as any);
        }) as any;
      },
  };
  const createBody = (body: Body): unknown => timeout(9, body as any);
  const table = Object.keys(shapes).flatMap((shape) =>
    Object.keys(limits).flatMap((limit) =>
      Array.from({ length: 14 }, (_, turns) => [shape, limit, turns] as const),
    ),
  );
  test.each(table)('%s, %s, %i turns later', (shape, limit, turns) =>
    runVirtual(async () => {
      const queue = new Queue<string>();
      let strike: () => void = () => {};
      const body = limits[limit]!(shapes[shape]!(queue), (how) => {
        strike = how;
      });
      const task = createTask(body as never) as Task<unknown>;
      await sleep(1);
      queue.putNowait('item');
      for (let turn = 0; turn < turns; turn++) await sleep(0);
      try {
        strike();
      } catch {
        // The scope has been left already.
      }
      const got = await Promise.resolve(task).catch(() => undefined);
      expect([got, queue.qsize()]).toEqual(got === undefined ? [undefined, 1] : ['item', 0]);
    }),
  );
});
