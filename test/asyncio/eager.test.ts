// eagerTaskFactory and createEagerTaskFactory (semantics 1.2).
import { allTasks, createEagerTaskFactory, createTask, currentTask, eagerTaskFactory,
  getRunningLoop, sleep, Task } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { thrown } from './support.ts';

test('tasks run up to their first wait inside createTask', () => runVirtual(function* () {
  getRunningLoop().setTaskFactory(eagerTaskFactory);
  const main = currentTask();
  const log: string[] = [];
  const task = createTask(function* () {
    log.push(String(currentTask() === main));
    yield* sleep(1);
    log.push('later');
    return 1;
  });
  log.push('created');
  expect(currentTask()).toBe(main);
  expect(yield* task).toBe(1);
  expect(log).toEqual(['false', 'created', 'later']);
}));

test('one that ends at once is done, is no task of the loop, and cannot be cancelled', () =>
  runVirtual(function* () {
    getRunningLoop().setTaskFactory(eagerTaskFactory);
    const task = createTask(function* () { return 5; });
    expect([task.done(), allTasks().has(task), task.cancel()]).toEqual([true, false, false]);
    const failed = createTask(function* () { throw new Error('at once'); });
    expect((failed.exception() as Error).message).toBe('at once');
  }));

test('eagerStart: false asks for the usual start', () => runVirtual(function* () {
  getRunningLoop().setTaskFactory(eagerTaskFactory);
  const task = createTask(function* () { return 5; }, { eagerStart: false, name: 'usual' });
  expect([task.done(), task.getName()]).toEqual([false, 'usual']);
  expect(yield* task).toBe(5);
}));

test('with a class of one\'s own', () => runVirtual(function* () {
  class Counted extends Task<any> {}
  getRunningLoop().setTaskFactory(createEagerTaskFactory(Counted));
  expect(createTask(function* () {})).toBeInstanceOf(Counted);
  expect(thrown(() => createEagerTaskFactory(5 as never))).toBeInstanceOf(TypeError);
}));
