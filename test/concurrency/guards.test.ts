// What acquire gives: guards to release, by hand and by `using`, in both lanes.
import {
  BoundedSemaphore,
  CapacityLimiter,
  Condition,
  createTask,
  Lock,
  RuntimeError,
  Semaphore,
  sleep,
} from 'oxbow';
import type { Future, Guard } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection, thrown } from '../support/outcomes.ts';

interface Holder {
  acquire(): Future<Guard>;
  release(): void;
}

const HOLDERS: Record<string, () => { thing: Holder; free: () => boolean }> = {
  Lock: () => {
    const thing = new Lock();
    return { thing, free: () => !thing.locked() };
  },
  Condition: () => {
    const thing = new Condition();
    return { thing, free: () => !thing.locked() };
  },
  Semaphore: () => {
    const thing = new Semaphore();
    return { thing, free: () => !thing.locked() };
  },
  BoundedSemaphore: () => {
    const thing = new BoundedSemaphore();
    return { thing, free: () => !thing.locked() };
  },
  CapacityLimiter: () => {
    const thing = new CapacityLimiter(1);
    return { thing, free: () => thing.availableTokens === 1 };
  },
};

describe.each(Object.entries(HOLDERS))('%s', (_name, make) => {
  test('using releases at the end of the block, also after an error and a release', () =>
    runVirtual(async () => {
      const { thing, free } = make();
      {
        using held = await thing.acquire();
        expect([Boolean(held), free()]).toEqual([true, false]);
      }
      expect(free()).toBe(true);
      const failing = (async () => {
        using _held = await thing.acquire();
        throw new Error('inside');
      })();
      expect((await rejection(failing)).message).toBe('inside');
      expect(free()).toBe(true);
      {
        using held = await thing.acquire();
        held.release();
        expect(free()).toBe(true);
      }
      expect(free()).toBe(true);
    }));

  test('using in the generator lane, also when the task is cancelled in the block', () =>
    runVirtual(function* () {
      const { thing, free } = make();
      const task = createTask(function* () {
        using _held = yield* thing.acquire();
        yield* sleep(10);
      });
      yield* sleep(1);
      expect(free()).toBe(false);
      task.cancel();
      yield* sleep(0);
      expect([task.cancelled(), free()]).toEqual([true, true]);
    }));

  test('a guard releases once: the second release is an error, dispose is not', () =>
    runVirtual(function* () {
      const { thing, free } = make();
      const guard = yield* thing.acquire();
      guard.release();
      expect(thrown(() => guard.release())).toBeInstanceOf(RuntimeError);
      guard[Symbol.dispose]();
      expect(free()).toBe(true);
      const next = yield* thing.acquire();
      guard[Symbol.dispose]();
      expect(thrown(() => guard.release())).toBeInstanceOf(RuntimeError);
      expect(free()).toBe(false);
      next[Symbol.dispose]();
      next[Symbol.dispose]();
      expect(free()).toBe(true);
    }));
});

test('a lock released by hand leaves its guard with nothing to do', () =>
  runVirtual(function* () {
    const lock = new Lock();
    const guard = yield* lock.acquire();
    lock.release();
    const other = yield* lock.acquire();
    guard[Symbol.dispose]();
    expect(lock.locked()).toBe(true);
    other.release();
  }));
