// Calls that need a loop and are made where none is running: they take the one that is set, and
// without one they say what to write.
import {
  asCompleted,
  Barrier,
  Channel,
  Condition,
  createTask,
  ensureFuture,
  Event,
  Future,
  gather,
  interval,
  Lock,
  newEventLoop,
  promise,
  Queue,
  run,
  runSync,
  Semaphore,
  setEventLoop,
  shield,
  sleep,
  StreamReader,
  Task,
  toThread,
  wait,
  waitFor,
  Watch,
} from 'oxbow';

import { rejection, thrown } from '../support/outcomes.ts';

function* one(): Generator<undefined, number> {
  yield;
  return 1;
}

async function two(): Promise<number> {
  await sleep(0);
  return 2;
}

afterEach(() => setEventLoop(null));

/** What gives a future, by its name; done by itself, or by what the test does. */
const CALLS: Record<string, () => Future<any>> = {
  'gather()': () => gather(one(), two()),
  'sleep()': () => sleep(0),
  'ensureFuture()': () => ensureFuture(one()),
  'shield()': () => shield(one()),
  'waitFor()': () => waitFor(one(), 1),
  'promise()': () => promise(Promise.resolve(1)),
  'new Future()': () => new Future(),
  'new Task()': () => new Task(one()),
  'acquire()': () => new Lock().acquire(),
  'tick()': () => interval(0.001).tick(),
  'get()': () => new Queue().get(),
  'put()': () => new Queue().put(1),
  'join()': () => new Queue().join(),
};
const OTHERS: Record<string, () => unknown> = {
  'asCompleted()': () => asCompleted([one(), one()]),
  'new StreamReader()': () => new StreamReader(),
  'toThread()': () => toThread(() => 1),
  'wait()': () => new Event().wait(),
  'changed()': () => new Watch(1).subscribe().changed(),
};

test.each(Object.entries({ ...CALLS, ...OTHERS }))(
  '%s without a loop says what to write',
  (name, call) => {
    const error = thrown(call);
    expect(error.name).toBe('RuntimeError');
    expect(error.message).toMatch(/^no running event loop: /);
    expect(error.message).toContain('run(main) and not run(main())');
    expect(error.message).toContain('setEventLoop()');
    if (name !== 'tick()') expect(error.message).toContain(`: ${name} was called`);
  },
);

test.each(Object.entries(CALLS))('%s takes the loop that is set', async (_name, call) => {
  const loop = newEventLoop();
  setEventLoop(loop);
  const future = call();
  expect(future.getLoop()).toBe(loop);
  future.cancel();
  await loop.runUntilComplete(sleep(0.005));
  loop.close();
});

test("a tutorial's main runs as it stands, in both lanes", async () => {
  const loop = newEventLoop();
  setEventLoop(loop);
  expect(await loop.runUntilComplete(gather(one(), two(), two()))).toEqual([1, 2, 2]);
  expect(await loop.runUntilComplete(sleep('1ms', 'slept'))).toBe('slept');
  expect(await loop.runUntilComplete(waitFor(shield(two()), 1))).toBe(2);
  const queue = new Queue<number>();
  loop.callSoon(() => queue.putNowait(7));
  expect(await loop.runUntilComplete(queue.get())).toBe(7);
  const { done } = await loop.runUntilComplete(wait([ensureFuture(one()), new Task(two)]));
  expect(done.size).toBe(2);
  for (const next of asCompleted([one()])) expect(await loop.runUntilComplete(next)).toBe(1);
  for (const thing of [new Lock(), new Semaphore(), new Condition()]) {
    await loop.runUntilComplete(thing.acquire());
  }
  expect(await loop.runUntilComplete(new Barrier(1).wait())).toBe(0);
  const channel = new Channel<number>();
  channel.sender().sendNowait(3);
  expect(await loop.runUntilComplete(channel.receive())).toBe(3);
  loop.close();
});

test('a running loop comes before the one that is set', async () => {
  const loop = newEventLoop();
  setEventLoop(loop);
  await run(function* () {
    expect(new Future().getLoop()).not.toBe(loop);
    yield* sleep(0);
  });
  loop.close();
});

test('createTask wants a running loop, as in asyncio, and says so', () => {
  const loop = newEventLoop();
  setEventLoop(loop);
  expect(thrown(() => createTask(one())).message).toMatch(
    /^no running event loop: createTask\(\) was called outside/,
  );
  loop.close();
});

test('run(main()) of an async main: one TypeError with the hint, and no other noise', async () => {
  const early: unknown[] = [];
  const listener = (error: unknown): void => {
    early.push(error);
  };
  process.on('unhandledRejection', listener);
  const hello = async (): Promise<void> => {
    await sleep(1);
  };
  for (const main of [
    async () => {
      await gather(hello(), hello());
    },
    async () => {
      await sleep(1);
    },
    async () => {
      await waitFor(hello(), 1);
    },
    async () => {
      for (const next of asCompleted([hello(), hello()])) await next;
    },
    async () => {
      await createTask(hello());
    },
  ]) {
    const error = await rejection(run(main()));
    expect(error.name).toBe('TypeError');
    expect(error.message).toContain('run(main) and not run(main())');
    expect((error.cause as Error).message).toMatch(/^no running event loop/);
  }
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  process.off('unhandledRejection', listener);
  expect(early).toEqual([]);
});

test("an error of main that only looks like it is main's own", async () => {
  const own = new RangeError('no running event loop');
  expect(await rejection(run(Promise.reject(own)))).toBe(own);
});

test.each([undefined, null, 5, 'main', [], {}, true, Symbol('x')])(
  'run(%p) is a TypeError',
  async (main) => {
    for (const error of [
      await rejection(run(main as never)),
      thrown(() => runSync(main as never)),
    ]) {
      expect(error.name).toBe('TypeError');
      expect(error.message).toContain('run(main) and not run(main())');
    }
  },
);

test('runSync of what only Node could carry on says so at once', async () => {
  for (const main of [async () => 1, (async () => 1)(), Promise.reject(new Error('early'))]) {
    const error = thrown(() => runSync(main));
    expect(error.name).toBe('DeadlockError');
    expect(error.message).toContain('needs run()');
  }
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
});
