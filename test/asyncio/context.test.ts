// Context variables: captured by handles and tasks, kept through awaits in both lanes.
import {
  Context,
  ContextVar,
  copyContext,
  createTask,
  Future,
  gather,
  getRunningLoop,
  Lock,
  moveOnAfter,
  sleep,
  TaskGroup,
  timeout,
} from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { thrown } from '../support/outcomes.ts';

test('get, set, reset, defaults', () =>
  runVirtual(function* () {
    const variable = new ContextVar<number>('number');
    expect(thrown(() => variable.get())).toBeInstanceOf(ReferenceError);
    expect(variable.get(7)).toBe(7);
    const token = variable.set(1);
    variable.set(2);
    expect(variable.get()).toBe(2);
    variable.reset(token);
    expect(thrown(() => variable.get()).message).toMatch(/"number" is not set/);
    expect(thrown(() => variable.reset(token)).message).toMatch(/already been used/);
    const other = new ContextVar('other', { default: 'd' });
    expect(other.get()).toBe('d');
    expect(thrown(() => other.reset(variable.set(1) as never))).toBeInstanceOf(RangeError);
  }));

test('a task has a copy: what it sets stays in it, through awaits', () =>
  runVirtual(function* () {
    const variable = new ContextVar('v', { default: 'main' });
    const results = yield* gather(
      [1, 2].map((n) =>
        createTask(function* () {
          const before = variable.get();
          variable.set(`task ${n}`);
          yield* sleep(n);
          return [before, variable.get()];
        }),
      ),
    );
    expect(results).toEqual([
      ['main', 'task 1'],
      ['main', 'task 2'],
    ]);
    expect(variable.get()).toBe('main');
  }));

test('the same in the async lane, after foreign awaits too', () =>
  runVirtual(async () => {
    const variable = new ContextVar('v', { default: 'unset' });
    variable.set('main');
    const results = await gather(
      [1, 2].map((n) =>
        createTask(async () => {
          const before = variable.get();
          await Promise.resolve();
          variable.set(`task ${n}`);
          await sleep(n);
          await new Promise((resolve) => {
            setImmediate(resolve);
          });
          return [before, variable.get()];
        }),
      ),
    );
    expect(results).toEqual([
      ['main', 'task 1'],
      ['main', 'task 2'],
    ]);
    expect(variable.get()).toBe('main');
  }));

test('callbacks run in the context they were scheduled in', () =>
  runVirtual(function* () {
    const loop = getRunningLoop();
    const variable = new ContextVar('v', { default: 0 });
    const seen: number[] = [];
    const future = new Future<void>();
    variable.set(1);
    loop.callSoon(() => {
      seen.push(variable.get());
      variable.set(99);
    });
    loop.callLater(1, () => seen.push(variable.get()));
    future.addDoneCallback(() => seen.push(variable.get()));
    variable.set(2);
    copyContext().run(() => {
      variable.set(3);
      loop.callSoon(() => seen.push(variable.get()));
    });
    future.setResult();
    yield* sleep(2);
    expect(seen).toEqual([1, 3, 1, 1]);
    expect(variable.get()).toBe(2);
  }));

test('a Context given to createTask is shared', () =>
  runVirtual(function* () {
    const variable = new ContextVar('v', { default: 'none' });
    const context = copyContext();
    expect(context).toBeInstanceOf(Context);
    yield* createTask(
      function* () {
        variable.set('first');
        yield;
      },
      { context },
    );
    expect(
      yield* createTask(
        function* () {
          return variable.get();
        },
        { context },
      ),
    ).toBe('first');
    expect(context.get(variable)).toBe('first');
    expect(context.has(variable)).toBe(true);
    expect(variable.get()).toBe('none');
  }));

test('a token works in its own context only', () =>
  runVirtual(function* () {
    const variable = new ContextVar('v', { default: 0 });
    const different = /created in a different Context/;
    const token = variable.set(1);
    expect(() => copyContext().run(() => variable.reset(token))).toThrow(different);
    yield* createTask(function* () {
      expect(() => variable.reset(token)).toThrow(different);
    });
    const context = copyContext();
    const inside = context.run(() => variable.set(2));
    expect(() => variable.reset(inside)).toThrow(different);
    context.run(() => variable.reset(inside));
    const shared = copyContext();
    const first = yield* createTask(
      function* () {
        return variable.set(3);
      },
      { context: shared },
    );
    yield* createTask(
      function* () {
        variable.reset(first);
      },
      { context: shared },
    );
    yield* createTask(
      function* () {
        const mine = variable.set(4);
        yield* sleep(1);
        variable.reset(mine);
      },
      { eagerStart: true },
    );
    variable.reset(token);
    expect(variable.get()).toBe(0);
  }));

test('a context is not entered twice', () =>
  runVirtual(async () => {
    const context = copyContext();
    const twice = /cannot enter context/;
    expect(() => context.run(() => context.run(() => {}))).toThrow(twice);
    context.run(() => {});
    await createTask(
      async () => {
        expect(() => context.run(() => {})).toThrow(twice);
        await sleep(1);
        expect(() => context.run(() => {})).toThrow(twice);
      },
      { context },
    );
    expect(() =>
      context.run(() => {
        throw new Error('mine');
      }),
    ).toThrow('mine');
    context.run(() => {});
  }));

test('what the body of a scope sets stays set after it, in both lanes', async () => {
  const variable = new ContextVar('v', { default: 0 });
  await runVirtual(async () => {
    const token = variable.set(1);
    await timeout(9, async () => {
      variable.set(2);
      await sleep(1);
      expect(variable.get()).toBe(2);
      variable.set(3);
    });
    expect(variable.get()).toBe(3);
    await new Lock().with(async () => {
      variable.set(4);
    });
    expect(variable.get()).toBe(4);
    await TaskGroup.run(async (group) => {
      group.createTask(async () => {
        variable.set(99);
      });
      variable.reset(token);
    });
    expect(variable.get()).toBe(0);
  });
  await runVirtual(function* () {
    yield* timeout(9, function* () {
      variable.set(5);
    });
    expect(variable.get()).toBe(5);
    yield* timeout(9, async () => {
      variable.set(6);
    });
    expect(variable.get()).toBe(6);
    yield* moveOnAfter(9, async () => {
      await sleep(1);
      variable.set(7);
    });
    expect(variable.get()).toBe(7);
  });
});
