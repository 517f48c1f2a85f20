// What a task is given that is not what it should be: no loop is left with a half-made task.
import { allTasks, createTask, getRunningLoop, sleep } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection } from '../support/outcomes.ts';

test('a signal that is none is refused before there is a task', () =>
  runVirtual(async () => {
    const throwing = {
      get signal(): never {
        throw new Error('getter');
      },
    };
    expect(() => createTask(() => sleep(0), { signal: 5 as never })).toThrow(
      'signal: 5 is not an AbortSignal',
    );
    expect(() => createTask(() => sleep(0), throwing)).toThrow('getter');
    expect(() => createTask(() => sleep(0), { context: 5 as never })).toThrow(
      'context: 5 is not a Context',
    );
    expect(allTasks().size).toBe(1);
    await sleep(1);
  }));

test.each([null, undefined, 5])('a generator whose next() gives %s fails the task', (given) =>
  runVirtual(async () => {
    const generator = {
      next: () => given,
      throw(error: unknown): never {
        throw error;
      },
    };
    const task = createTask((): any => generator);
    expect(await rejection(task)).toMatchObject({ name: 'TypeError' });
    await sleep(1);
  }),
);

test('an error is watched for although a signal and several callbacks look on', async () => {
  const register = jest.spyOn(FinalizationRegistry.prototype, 'register');
  try {
    await runVirtual(async () => {
      const { signal } = new AbortController();
      const task = createTask(
        async () => {
          throw new Error('lost');
        },
        { signal },
      );
      const future = getRunningLoop().createFuture();
      future.addDoneCallback(() => {});
      future.addDoneCallback(() => {});
      future.setException(new Error('lost too'));
      await sleep(1);
      const watched = register.mock.calls.map(([target]) => target);
      expect(watched.includes(task)).toBe(true);
      expect(watched.includes(future)).toBe(true);
      task.exception();
      future.exception();
    });
  } finally {
    register.mockRestore();
  }
});

test.each(['yield*', 'await'])('a thrown Proxy whose traps throw ends the task (%s)', (lane) =>
  runVirtual(async () => {
    const trap = (): never => {
      throw new Error('trap');
    };
    const hostile = new Proxy({}, { get: trap, getPrototypeOf: trap, has: trap });
    const task =
      lane === 'await'
        ? createTask(async () => {
            throw hostile;
          })
        : createTask(function* () {
            throw hostile;
          });
    await sleep(1);
    expect(task.done()).toBe(true);
    expect(task.exception() === hostile).toBe(true);
  }),
);

test('so does a revoked Proxy that is yielded', () =>
  runVirtual(async () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const task = createTask(function* (): any {
      yield proxy;
    });
    expect(await rejection(task)).toMatchObject({ name: 'TypeError' });
  }));
