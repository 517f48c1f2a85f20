// Task.getStack, printStack and the text of a task.
import { createTask, currentTask, forEach, Future, gather, sleep, Task, wait } from 'oxbow';
import type { Coro } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { thrown } from '../support/outcomes.ts';

function written(body: (file: { write(text: string): void }) => void): string {
  let text = '';
  body({
    write: (more) => {
      text += more;
    },
  });
  return text;
}

const namesOf = (task: Task<any>, limit?: number | null): string[] =>
  task.getStack({ limit }).map((frame) => frame.functionName);

test('a suspended task: its frames, the oldest first, of which a limit keeps the newest', () =>
  runVirtual(function* () {
    function* inner(): Coro<void> {
      yield* sleep(1);
    }
    const task = createTask(function* outer() {
      yield* inner();
    });
    yield* sleep(0.5);
    expect(namesOf(task)).toEqual(['outer', 'inner']);
    expect(namesOf(task, 1)).toEqual(['inner']);
    expect(namesOf(task, 0)).toEqual([]);
    expect(namesOf(task, -1)).toEqual([]);
    expect(namesOf(task, null)).toEqual(['outer', 'inner']);
    expect(written((file) => task.printStack({ file }))).toMatch(
      new RegExp(
        '^Stack for <Task pending name=.*> \\(most recent call last\\):\n' +
          '  File ".*task-stack.test.[jt]s", line \\d+, in outer\n' +
          '  File ".*task-stack.test.[jt]s", line \\d+, in inner\n$',
      ),
    );
    yield* task;
  }));

test('a running task: its frames on both sides of a generator of ours', () =>
  runVirtual(function* () {
    let names: string[] = [];
    function* items(): Generator<number> {
      names = currentTask()!
        .getStack()
        .map((frame) => frame.functionName);
      yield 1;
    }
    yield* createTask(function* outer() {
      yield* forEach(items(), function* () {});
    });
    expect(names).toEqual(['outer', 'items']);
  }));

test('a failed task: the frames of its error, of which a limit keeps the oldest', () =>
  runVirtual(function* () {
    function* inner(): Coro<void> {
      yield;
      throw new RangeError('broken');
    }
    const task = createTask(function* outer() {
      yield* inner();
    });
    yield* wait([task]);
    expect(namesOf(task)).toEqual(['outer', 'inner']);
    expect(namesOf(task, 1)).toEqual(['outer']);
    expect(written((file) => task.printStack({ file }))).toMatch(
      new RegExp(
        '^Traceback for <Task finished .*> \\(most recent call last\\):\n' +
          '  File .*\n  File .*\nRangeError: broken\n$',
      ),
    );
    task.exception();
  }));

test('a task that is done or cancelled has none', () =>
  runVirtual(function* () {
    const done = createTask(function* () {
      yield;
    });
    const cancelled = createTask(function* () {
      yield* sleep(1);
    });
    yield* done;
    cancelled.cancel();
    yield* wait([cancelled]);
    expect([done.getStack(), cancelled.getStack()]).toEqual([[], []]);
    expect(written((file) => done.printStack({ file }))).toMatch(/^No stack for <Task finished /);
  }));

test('errors without a stack, and stacks that are no text, give no frames', () =>
  runVirtual(function* () {
    const odd = Object.assign(new Error('odd'), { stack: 17 });
    const hostile = Object.defineProperty(new Error('hostile'), 'stack', {
      get() {
        throw new Error('no');
      },
    });
    for (const error of ['text', odd, hostile, { stack: 'x' }]) {
      const task = createTask(function* () {
        throw error;
      });
      yield* wait([task]);
      expect(task.getStack()).toEqual([]);
      expect(written((file) => task.printStack({ file }))).toMatch(/^No stack for /);
      task.exception();
    }
  }));

test('wrong arguments are told of', () =>
  runVirtual(function* () {
    const task = currentTask()!;
    expect(thrown(() => task.getStack({ limit: 'x' as never }))).toBeInstanceOf(TypeError);
    expect(thrown(() => task.printStack({ file: {} as never }))).toBeInstanceOf(TypeError);
  }));

test('a formatter of stacks that the user has set is not asked, and stays', () =>
  runVirtual(function* () {
    const task = createTask(function* named() {
      yield* sleep(1);
    });
    yield;
    const before = Error.prepareStackTrace;
    const limit = Error.stackTraceLimit;
    const mine = (): never => {
      throw new Error('must not be called');
    };
    Error.prepareStackTrace = mine;
    Error.stackTraceLimit = 0;
    try {
      expect(namesOf(task)).toEqual(['named']);
      expect(Error.prepareStackTrace).toBe(mine);
      expect(Error.stackTraceLimit).toBe(0);
    } finally {
      Error.prepareStackTrace = before;
      Error.stackTraceLimit = limit;
    }
  }));

describe('the text of a task', () => {
  const HERE = '.*task-stack\\.test\\.[jt]s:\\d+';

  test('says its state, name, place and what it waits for', () =>
    runVirtual(function* () {
      function* inner(): Coro<void> {
        yield* sleep(1);
      }
      const task = createTask(
        function* outer() {
          yield* inner();
        },
        { name: 'it' },
      );
      expect(String(task)).toBe("<Task pending name='it' coro=<outer()>>");
      yield* sleep(0.5);
      expect(String(task)).toMatch(
        new RegExp(
          `^<Task pending name='it' coro=<outer\\(\\) running at ${HERE}> wait_for=<Sleep pending>>$`,
        ),
      );
      task.addDoneCallback(function hears() {});
      expect(String(task)).toMatch(/ cb=\[hears\(\)\]>$/);
      for (let count = 0; count < 3; count++) task.addDoneCallback(() => {});
      expect(String(task)).toMatch(/ cb=\[hears\(\), <2 more>, <anonymous>\(\)\]>$/);
      task.cancel();
      expect(String(task)).toMatch(/^<Task cancelling name='it' /);
      yield* wait([task]);
      expect(String(task)).toBe("<Task cancelled name='it'>");
    }));

  test('says how it has ended', () =>
    runVirtual(async () => {
      const good = createTask(
        async function works() {
          return 1;
        },
        { name: 'good' },
      );
      const bad = createTask(
        async function fails() {
          throw new TypeError('no');
        },
        { name: 'bad' },
      );
      await wait([good, bad]);
      expect(String(good)).toBe("<Task finished name='good' coro=<works() done> result=1>");
      expect(String(bad)).toBe(
        "<Task finished name='bad' coro=<fails() done> exception=TypeError: no>",
      );
      bad.exception();
    }));

  test('may be asked for inside of its own step, and of those around it', () =>
    runVirtual(function* () {
      let text = '';
      const task: Task<void> = createTask(
        function* asks() {
          yield* sleep(0.1);
          text = String(task);
          yield* createTask(function* child() {
            text += `\n${task}`;
          });
        },
        { name: 'asks' },
      );
      yield* task;
      const [inside, waiting] = text.split('\n');
      expect(inside).toMatch(
        new RegExp(`^<Task pending name='asks' coro=<asks\\(\\) running at ${HERE}> cb=\\[wakes `),
      );
      expect(waiting).toMatch(/coro=<asks\(\) running at .* wait_for=<Task pending name='/);
    }));

  test('of tasks that wait for each other has an end', () =>
    runVirtual(function* () {
      const a: Task<any> = createTask(
        function* () {
          yield* gather(b);
        },
        { name: 'a' },
      );
      const b: Task<any> = createTask(
        function* () {
          yield* a;
        },
        { name: 'b' },
      );
      yield;
      yield;
      expect(String(a)).toContain('wait_for=<Gather pending>');
      expect(String(b)).toContain("wait_for=<Task pending name='a'>");
      const gone = new Error('enough');
      a._waiting!._fail(gone);
      yield* wait([a, b]);
      expect(b.exception()).toBe(gone);
    }));

  test('survives values that cannot be shown', () =>
    runVirtual(function* () {
      const unshowable = {
        get constructor(): never {
          throw new Error('no');
        },
      };
      const future = new Future<unknown>();
      future.setResult(unshowable);
      expect(String(future)).toMatch(/^<Future finished result=/);
      const odd = Object.defineProperty(function* () {}, 'name', { value: 5 });
      const task = createTask(odd);
      expect(String(task)).toMatch(/^<Task pending name='Task-\d+' coro=<<anonymous>\(\)>>$/);
      yield* task;
    }));

  test('leaves iterators alone that are written by hand and ask first', () =>
    runVirtual(function* () {
      const task = createTask(function* () {
        const future = sleep(1, 'slept');
        return yield* {
          [Symbol.iterator]: () => ({
            next: () =>
              future.done()
                ? { done: true as const, value: future.result() }
                : future[Symbol.iterator]().next(),
          }),
        };
      });
      yield* sleep(0.5);
      for (let round = 0; round < 3; round++) expect(task.getStack().length).toBe(2);
      expect(yield* task).toBe('slept');
    }));

  test('survives two tasks that share a generator, and one that runs', () =>
    runVirtual(function* () {
      const shared = (function* shared(): Coro<void> {
        yield* sleep(0.1);
      })();
      const tasks = [createTask(shared), createTask(shared)];
      yield;
      for (const task of tasks) expect(String(task)).toMatch(/^<Task /);
      yield* wait(tasks);
      for (const task of tasks) if (!task.cancelled()) task.exception();
    }));
});
