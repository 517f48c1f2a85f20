// Cancellation in the async lane: it reaches the awaitable that the function waits for.
import {
  CancelledError,
  createTask,
  currentTask,
  Future,
  gather,
  getRunningLoop,
  sleep,
} from 'oxbow';
import type { Task } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection } from '../support/outcomes.ts';

const nextRound = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

test('a cancel rejects what the function awaits', () =>
  runVirtual(async () => {
    let caught: unknown;
    const task = createTask(async () => {
      try {
        await sleep(100);
      } catch (error) {
        caught = error;
        throw error;
      }
    });
    await sleep(1);
    expect(task.cancel('enough')).toBe(true);
    expect(await rejection(task)).toBe(caught);
    expect((caught as CancelledError).reason).toBe('enough');
    expect(task.cancelled()).toBe(true);
    expect(getRunningLoop().time()).toBeLessThan(100);
  }));

test('also after a foreign await, and through async functions that it calls', () =>
  runVirtual(async () => {
    const inside = new Future<void>();
    async function inner(): Promise<void> {
      await nextRound();
      inside.setResult();
      await sleep(100);
    }
    const task = createTask(async () => {
      await nextRound();
      await inner();
    });
    await inside;
    task.cancel();
    await rejection(task);
    expect(task.cancelled()).toBe(true);
  }));

test('every future of a Promise.all is reached', () =>
  runVirtual(async () => {
    const futures = [new Future(), new Future(), new Future()];
    const task = createTask(async () => {
      await Promise.all(futures);
    });
    await sleep(1);
    task.cancel();
    await rejection(task);
    expect(futures.map((future) => future.cancelled())).toEqual([true, true, true]);
    expect(task.cancelled()).toBe(true);
  }));

test('waiting for a foreign Promise, it is cancelled at its next awaitable of ours', () =>
  runVirtual(async () => {
    const steps: string[] = [];
    let release!: () => void;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const task = createTask(async () => {
      await gate;
      steps.push('gate');
      await sleep(100);
      steps.push('slept');
    });
    await sleep(1);
    task.cancel();
    expect(task.done()).toBe(false);
    release();
    await rejection(task);
    expect(steps).toEqual(['gate']);
    expect(task.cancelled()).toBe(true);
  }));

test('a done awaitable consumes no cancel', () =>
  runVirtual(async () => {
    const steps: string[] = [];
    const task = createTask(async () => {
      currentTask()!.cancel();
      const done = new Future<void>();
      done.setResult();
      await done;
      steps.push('done future');
      await sleep(100);
      steps.push('not reached');
    });
    await rejection(task);
    expect(steps).toEqual(['done future']);
  }));

test('a function that returns after its cancel, without waiting again, ends cancelled', () =>
  runVirtual(async () => {
    const task = createTask(async () => {
      currentTask()!.cancel();
      return 'result';
    });
    expect(await rejection(task)).toBeInstanceOf(CancelledError);
    expect(task.cancelled()).toBe(true);
  }));

test('it may swallow the cancel and go on', () =>
  runVirtual(async () => {
    const task = createTask(async () => {
      try {
        await sleep(100);
      } catch {
        currentTask()!.uncancel();
      }
      return sleep(1, 'went on');
    });
    await sleep(1);
    task.cancel();
    expect(await task).toBe('went on');
  }));

test('race: a cancel after the future is done, before the function wakes, still cancels', () =>
  runVirtual(async () => {
    const future = new Future<string>();
    let got: unknown;
    const task = createTask(async () => {
      got = await future;
    });
    await sleep(1);
    future.setResult('value');
    task.cancel('late');
    expect(((await rejection(task)) as CancelledError).reason).toBe('late');
    expect(got).toBe(undefined);
  }));

test('repeated cancels cancel again', () =>
  runVirtual(async () => {
    let caught = 0;
    const task = createTask(async () => {
      for (;;) {
        try {
          await sleep(100);
        } catch (error) {
          if (++caught === 3) throw error;
        }
      }
    });
    for (let n = 0; n < 3; n++) {
      await sleep(1);
      task.cancel();
    }
    await rejection(task);
    expect(caught).toBe(3);
  }));

test('the cancel passes through gather and tasks of both lanes', () =>
  runVirtual(async () => {
    const children: Task<unknown>[] = [];
    const task = createTask(async () => {
      children.push(
        createTask(async () => {
          await sleep(100);
        }),
        createTask(function* () {
          yield* sleep(100);
        }),
      );
      await gather(children);
    });
    await sleep(1);
    task.cancel();
    await rejection(task);
    expect(children.map((child) => child.cancelled())).toEqual([true, true]);
  }));

test('task.signal reaches a foreign Promise', () =>
  runVirtual(async () => {
    const task = createTask(async () => {
      const { signal } = currentTask()!;
      await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    });
    await sleep(1);
    task.cancel('stop');
    expect(((await rejection(task)) as CancelledError).reason).toBe('stop');
    expect(task.cancelled()).toBe(true);
  }));

test('a task made from a Promise leaves it to itself when cancelled', () =>
  runVirtual(async () => {
    let release!: () => void;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const own = gate.then(() => 'finished');
    const task = createTask(own);
    await sleep(0);
    task.cancel();
    await rejection(task);
    expect(task.cancelled()).toBe(true);
    release();
    expect(await own).toBe('finished');
  }));
