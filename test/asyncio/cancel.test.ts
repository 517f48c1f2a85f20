// Cancellation in the generator lane.
import { CancelledError, createTask, currentTask, Future, gather, sleep } from 'oxbow';
import type { Coro, Task } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

/** Waits for a task whatever its end, and tells it. */
function* end(task: Task<any>): Coro<unknown> {
  const [outcome] = yield* gather([task], { returnExceptions: true });
  return outcome;
}

test('a cancel throws CancelledError where the task waits, with its reason', () =>
  runVirtual(function* () {
    let caught: unknown;
    const task = createTask(function* () {
      try {
        yield* sleep(100);
      } catch (error) {
        caught = error;
        throw error;
      }
    });
    yield;
    expect(task.cancel('enough')).toBe(true);
    expect(task.cancelled()).toBe(false);
    expect(task.cancelling()).toBe(1);
    expect(yield* end(task)).toBe(caught);
    expect(caught).toBeInstanceOf(CancelledError);
    expect((caught as CancelledError).reason).toBe('enough');
    expect((caught as CancelledError).message).toBe('enough');
    expect(task.cancelled()).toBe(true);
    expect(task.cancel()).toBe(false);
  }));

test('cancelled before its first step, the body is never entered', () =>
  runVirtual(function* () {
    const entered: string[] = [];
    function* body(): Coro<void> {
      try {
        entered.push('body');
        yield* sleep(1);
      } finally {
        entered.push('finally');
      }
    }
    for (const coroutine of [
      body(),
      body,
      async () => {
        entered.push('async');
      },
    ]) {
      const task = createTask<void>(coroutine);
      task.cancel();
      yield* end(task);
      expect(task.cancelled()).toBe(true);
    }
    expect(entered).toEqual([]);
  }));

test('a task that cancels itself and returns ends cancelled', () =>
  runVirtual(function* () {
    const task = createTask(function* () {
      currentTask()!.cancel();
      return 'result';
    });
    yield* end(task);
    expect(task.cancelled()).toBe(true);
  }));

test('a task that cancels itself is cancelled at its next wait', () =>
  runVirtual(function* () {
    let reached = false;
    const task = createTask(function* () {
      currentTask()!.cancel();
      const done = new Future<void>();
      done.setResult();
      yield* done;
      reached = true;
      yield* sleep(100);
    });
    yield* end(task);
    expect([reached, task.cancelled()]).toEqual([true, true]);
  }));

test('a bare yield is a place to be cancelled at', () =>
  runVirtual(function* () {
    const task = createTask(function* () {
      for (;;) yield;
    });
    yield;
    task.cancel();
    yield* end(task);
    expect(task.cancelled()).toBe(true);
  }));

test('uncancel to 0 takes back a cancel that was not delivered', () =>
  runVirtual(function* () {
    const task = createTask(function* () {
      return 'went on';
    });
    task.cancel();
    expect(task.uncancel()).toBe(0);
    expect(yield* task).toBe('went on');
    expect(task.uncancel()).toBe(0);
  }));

test('uncancel after delivery only counts', () =>
  runVirtual(function* () {
    const task = createTask(function* () {
      try {
        yield* sleep(100);
      } catch {
        expect(currentTask()!.cancelling()).toBe(1);
        expect(currentTask()!.uncancel()).toBe(0);
      }
      return 'kept on';
    });
    yield;
    task.cancel();
    expect(yield* task).toBe('kept on');
  }));

test('every cancel cancels again and returns true', () =>
  runVirtual(function* () {
    let caught = 0;
    const task = createTask(function* () {
      for (;;) {
        try {
          yield* sleep(100);
        } catch (error) {
          if (++caught === 3) throw error;
        }
      }
    });
    for (let n = 0; n < 3; n++) {
      yield* sleep(1);
      expect(task.cancel()).toBe(true);
    }
    yield* end(task);
    expect([caught, task.cancelling()]).toEqual([3, 3]);
  }));

test('the future that a task waits for is cancelled, and so who shares it', () =>
  runVirtual(function* () {
    const shared = new Future();
    const first = createTask(function* () {
      yield* shared;
    });
    const second = createTask(function* () {
      yield* shared;
    });
    yield;
    first.cancel();
    yield* end(first);
    yield* end(second);
    expect([shared.cancelled(), first.cancelled(), second.cancelled()]).toEqual([true, true, true]);
    expect(second.cancelling()).toBe(0);
  }));

test('a cancel goes down the chain of tasks, and one in the middle may swallow it', () =>
  runVirtual(function* () {
    const inner = createTask(function* () {
      yield* sleep(100);
    });
    const middle = createTask(function* () {
      try {
        yield* inner;
      } catch (error) {
        return (error as Error).name;
      }
      return 'not cancelled';
    });
    const outer = createTask(function* () {
      return yield* middle;
    });
    yield* sleep(1);
    outer.cancel();
    expect(yield* outer).toBe('CancelledError');
    expect([inner.cancelled(), middle.cancelled(), outer.cancelled()]).toEqual([
      true,
      false,
      false,
    ]);
  }));

test('race: a cancel after the future is done, before the task wakes, still cancels', () =>
  runVirtual(function* () {
    const future = new Future<string>();
    let got: unknown;
    const task = createTask(function* () {
      got = yield* future;
    });
    yield;
    future.setResult('value');
    task.cancel('late');
    const outcome = yield* end(task);
    expect(got).toBe(undefined);
    expect((outcome as CancelledError).reason).toBe('late');
  }));

test('race: cancel, then the future is settled by nobody: the future is cancelled already', () =>
  runVirtual(function* () {
    const future = new Future<string>();
    const task = createTask(function* () {
      return yield* future;
    });
    yield;
    task.cancel();
    expect(future.done()).toBe(true);
    yield* end(task);
    expect(task.cancelled()).toBe(true);
  }));

test('a clean-up that waits runs to its end', () =>
  runVirtual(function* () {
    const order: string[] = [];
    const task = createTask(function* () {
      try {
        yield* sleep(100);
      } finally {
        order.push('cleaning');
        yield* sleep(1);
        order.push('clean');
      }
    });
    yield;
    task.cancel();
    yield* end(task);
    expect(order).toEqual(['cleaning', 'clean']);
    expect(task.cancelled()).toBe(true);
  }));

test('raising CancelledError ends a task cancelled though nobody cancelled it', () =>
  runVirtual(function* () {
    const own = new CancelledError('own');
    const task = createTask(function* () {
      throw own;
    });
    expect(yield* end(task)).toBe(own);
    expect([task.cancelled(), task.cancelling()]).toEqual([true, 0]);
    // The very error goes to the first who asks only.
    const again = yield* end(task);
    expect(again).not.toBe(own);
    expect((again as CancelledError).reason).toBe('own');
  }));

test('an error in the clean-up wins over the cancel', () =>
  runVirtual(function* () {
    const task = createTask(function* () {
      try {
        yield* sleep(100);
      } finally {
        throw new Error('clean-up failed');
      }
    });
    yield;
    task.cancel();
    expect((yield* end(task) as Coro<Error>).message).toBe('clean-up failed');
    expect(task.cancelled()).toBe(false);
  }));

test('task.signal aborts at cancel, with the CancelledError, also when asked for late', () =>
  runVirtual(function* () {
    const task = createTask(function* () {
      yield* sleep(100);
    });
    const early = task.signal;
    yield;
    expect(early.aborted).toBe(false);
    task.cancel('stop');
    expect(early.aborted).toBe(true);
    expect(early.reason).toBeInstanceOf(CancelledError);
    expect(early.reason.reason).toBe('stop');
    yield* end(task);
    const late = createTask(function* () {
      return currentTask()!.signal.aborted;
    });
    late.cancel();
    expect(late.signal.aborted).toBe(true);
    yield* end(late);
  }));

test('a signal given to createTask cancels the task', () =>
  runVirtual(function* () {
    const controller = new AbortController();
    const task = createTask(
      function* () {
        yield* sleep(100);
      },
      { signal: controller.signal },
    );
    yield;
    controller.abort('no more');
    const outcome = yield* end(task);
    expect((outcome as CancelledError).reason).toBe('no more');
    const dead = createTask(function* () {}, { signal: controller.signal });
    yield* end(dead);
    expect(dead.cancelled()).toBe(true);
  }));
