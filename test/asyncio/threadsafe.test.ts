// callSoonThreadsafe and runCoroutineThreadsafe within one thread: from Node's callbacks, and from
// one loop into another. Other threads are in test/process/threads-*.test.ts.
import {
  CancelledError,
  currentTask,
  EventLoop,
  getRunningLoop,
  InvalidStateError,
  RuntimeError,
  run,
  runCoroutineThreadsafe,
  sleep,
  waitFor,
} from 'oxbow';
import type { ThreadFuture } from 'oxbow';

import { collectReports, rejection, thrown, withLoop } from '../support/outcomes.ts';

const fromNode = (body: () => void): void => void setImmediate(body);

test('callSoonThreadsafe joins the queue of callSoon, in order', () =>
  withLoop((loop) => {
    const order: number[] = [];
    loop.callSoon(() => order.push(1));
    loop.callSoonThreadsafe((n: number) => order.push(n), 2);
    loop.callSoon(() => {
      order.push(3);
      loop.stop();
    });
    loop.runForeverSync();
    expect(order).toEqual([1, 2, 3]);
  }));

test('callSoonThreadsafe from a Node callback wakes a loop', async () => {
  const loop = new EventLoop();
  const far = loop.callLater('1h', () => {});
  fromNode(() => loop.callSoonThreadsafe(() => loop.stop()));
  await loop.runForever();
  far.cancel();
  loop.close();
});

test('a cancelled handle of callSoonThreadsafe never starts', async () => {
  const loop = new EventLoop();
  let ran = 0;
  fromNode(() => {
    const handle = loop.callSoonThreadsafe(() => {
      ran++;
    });
    loop.callSoonThreadsafe(() => loop.stop());
    handle.cancel();
    expect(handle.cancelled()).toBe(true);
  });
  await loop.runForever();
  loop.close();
  expect(ran).toBe(0);
});

test('callSoonThreadsafe refuses closed loops and what is no function', () => {
  const loop = new EventLoop();
  expect(thrown(() => loop.callSoonThreadsafe('x' as never))).toBeInstanceOf(TypeError);
  loop.close();
  expect(thrown(() => loop.callSoonThreadsafe(() => {}))).toMatchObject({
    name: 'RuntimeError',
    message: 'Event loop is closed',
  });
});

test('runCoroutineThreadsafe gives results and errors to Node callbacks', async () => {
  const outcomes = await run(async () => {
    const loop = getRunningLoop();
    return new Promise<unknown[]>((resolve) =>
      fromNode(async () => {
        const outcomes: unknown[] = [];
        outcomes.push(
          await runCoroutineThreadsafe(function* () {
            yield* sleep(0);
            return currentTask() === null ? 'no task' : 'one';
          }, loop),
        );
        outcomes.push(
          await runCoroutineThreadsafe(async () => {
            await sleep(0);
            return 2;
          }, loop),
        );
        const failing = runCoroutineThreadsafe(async () => {
          throw new RangeError('no');
        }, loop);
        outcomes.push(await rejection(failing), failing.exception());
        resolve(outcomes);
      }),
    );
  });
  expect(outcomes.slice(0, 2)).toEqual(['one', 2]);
  expect(outcomes[2]).toBeInstanceOf(RangeError);
  expect(outcomes[3]).toBe(outcomes[2]);
});

test('cancelling a ThreadFuture is seen at once and cancels the task', async () => {
  let reason: unknown;
  await run(async () => {
    const loop = getRunningLoop();
    await new Promise<void>((resolve) =>
      fromNode(() => {
        const future = runCoroutineThreadsafe(function* () {
          try {
            fromNode(() => {
              expect(future.cancel('enough')).toBe(true);
              expect([future.cancelled(), future.done()]).toEqual([true, true]);
              expect(future.cancel()).toBe(false);
            });
            yield* sleep('1h');
          } catch (error) {
            reason = (error as CancelledError).reason;
            resolve();
            throw error;
          }
        }, loop);
      }),
    );
  });
  expect(reason).toBe('enough');
});

test('a call that is cancelled before its turn never runs a line', async () => {
  let ran = false;
  const loop = new EventLoop();
  const future = runCoroutineThreadsafe(function* () {
    ran = true;
  }, loop);
  future.cancel();
  // The call in the first turn, its task in the second.
  loop.callSoon(() => loop.callSoon(() => loop.callSoon(() => loop.stop())));
  await loop.runForever();
  loop.close();
  expect([ran, future.cancelled()]).toEqual([false, true]);
  expect(thrown(() => future.result())).toBeInstanceOf(CancelledError);
});

test('a task that is cancelled in its loop makes the ThreadFuture cancelled', async () => {
  const future = await run(async () => {
    const loop = getRunningLoop();
    const future = runCoroutineThreadsafe(function* () {
      currentTask()!.cancel('from inside');
      yield* sleep(1);
    }, loop);
    await rejection(future);
    return { future };
  });
  expect(future.future.cancelled()).toBe(true);
  expect(thrown(() => future.future.result())).toMatchObject({ reason: 'from inside' });
});

test('aborting a signal fails the future and cancels the task', async () => {
  const loop = new EventLoop();
  const controller = new AbortController();
  const { signal } = controller;
  let ended: unknown;
  const future = runCoroutineThreadsafe(
    async () => {
      fromNode(() => controller.abort('over'));
      try {
        await sleep('1h');
      } catch (error) {
        ended = error;
        loop.stop();
        throw error;
      }
    },
    loop,
    { signal },
  );
  await loop.runForever();
  expect(await rejection(future)).toMatchObject({ name: 'AbortError', cause: 'over' });
  expect(ended).toBeInstanceOf(CancelledError);
  const late = (): unknown => runCoroutineThreadsafe(function* () {}, loop, { signal });
  expect(thrown(late)).toMatchObject({ name: 'AbortError' });
  const wrong = { signal: 1 as never };
  expect(thrown(() => runCoroutineThreadsafe(function* () {}, loop, wrong))).toBeInstanceOf(
    TypeError,
  );
  loop.close();
});

test('what is no coroutine, and what is no loop, is refused', () => {
  const loop = new EventLoop();
  for (const wrong of [1, null, undefined, {}, loop.createFuture()]) {
    expect(thrown(() => runCoroutineThreadsafe(wrong as never, loop))).toBeInstanceOf(TypeError);
  }
  const body = function* (): Generator<undefined, void> {};
  expect(thrown(() => runCoroutineThreadsafe(body, {} as never)).message).toMatch(/not a loop/);
  loop.close();
  expect(thrown(() => runCoroutineThreadsafe(body, loop))).toBeInstanceOf(RuntimeError);
});

test('a task factory that fails fails the future and is reported', async () => {
  const loop = new EventLoop();
  const reports = collectReports(loop);
  loop.setTaskFactory(() => {
    throw new RangeError('no tasks today');
  });
  const future = runCoroutineThreadsafe(function* () {}, loop);
  loop.callLater('1ms', () => loop.stop());
  await loop.runForever();
  loop.close();
  expect(future.exception()).toMatchObject({ message: 'no tasks today' });
  expect(reports.map(({ exception }) => exception)).toEqual([future.exception()]);
});

test('a pending ThreadFuture says so', () =>
  withLoop((loop) => {
    const future = runCoroutineThreadsafe(function* () {
      return 5;
    }, loop);
    expect(thrown(() => future.result())).toBeInstanceOf(InvalidStateError);
    expect(thrown(() => future.exception())).toBeInstanceOf(InvalidStateError);
    expect(String(future)).toBe('<ThreadFuture pending>');
    const seen: unknown[] = [];
    future.addDoneCallback((done) => seen.push(done.result()));
    loop.callLater(1, () => loop.stop());
    loop.runForeverSync();
    future.addDoneCallback((done) => seen.push(done.result()));
    expect([seen, future.result(), future.exception()]).toEqual([[5, 5], 5, null]);
    expect(thrown(() => future.addDoneCallback(3 as never))).toBeInstanceOf(TypeError);
  }));

test.each(['generator', 'async'])('a %s task waits for a call into another loop', async (lane) => {
  const other = new EventLoop();
  const running = other.runForever();
  const body = function* (): Generator<any, number> {
    yield* sleep('1ms');
    return 7;
  };
  const value =
    lane === 'generator'
      ? await run(function* () {
          return yield* runCoroutineThreadsafe(body, other);
        })
      : await run(async () => await runCoroutineThreadsafe(body, other));
  expect(value).toBe(7);
  other.stop();
  await running;
  other.close();
});

test.each(['generator', 'async'])('a cancelled %s task cancels its call', async (lane) => {
  const other = new EventLoop();
  const running = other.runForever();
  let inner: ThreadFuture<void> | undefined;
  let ended: unknown;
  const body = async (): Promise<void> => {
    try {
      await sleep('1h');
    } catch (error) {
      ended = error;
      other.stop();
      throw error;
    }
  };
  const waits =
    lane === 'generator'
      ? function* () {
          yield* (inner = runCoroutineThreadsafe(body, other));
        }
      : async () => {
          await (inner = runCoroutineThreadsafe(body, other));
        };
  const error = await rejection(run(async () => waitFor(waits, '5ms')));
  expect(error.name).toBe('TimeoutError');
  await running;
  other.close();
  expect([inner!.cancelled(), ended instanceof CancelledError]).toEqual([true, true]);
});

test.each([
  ['has begun', true],
  ['waits for its turn', false],
])('a call that %s fails when the loop is closed', async (_what, begun) => {
  const loop = new EventLoop();
  loop.setExceptionHandler(() => {});
  const future = runCoroutineThreadsafe(() => sleep('1h'), loop);
  if (begun) {
    loop.stop();
    loop.runForeverSync();
  }
  loop.close();
  expect(future.done()).toBe(true);
  expect((await rejection(future)).message).toBe('Event loop is closed');
});
