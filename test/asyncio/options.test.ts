// What is given in place of options is refused, not ignored: `wait(tasks, 5)` would wait for ever.
import {
  asCompleted, CancelScope, createTask, forEach, gather, interval, retry, run, shield, sleep, wait,
  waitFor,
} from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection, thrown } from './support.ts';

function* job() { yield* sleep(1); }

const CALLS: Record<string, (options: any) => unknown> = {
  'wait()': (options) => wait([createTask(job)], options),
  'asCompleted()': (options) => asCompleted([job()], options),
  'gather()': (options) => gather([job()], options),
  'waitFor()': (options) => waitFor(job(), 1, options),
  'shield()': (options) => shield(job(), options),
  'sleep()': (options) => sleep(1, 'result', options),
  'createTask()': (options) => createTask(job, options),
  'forEach()': (options) => forEach([1], job, options),
  'retry()': (options) => retry(job, options),
  'interval()': (options) => interval(1, options),
  'CancelScope.run()': (options) => CancelScope.run(options, job),
};

for (const [name, call] of Object.entries(CALLS)) {
  test(`${name} takes an object of options and nothing else`, () => runVirtual(function* () {
    for (const wrong of [5, 'name', true, () => {}]) {
      const error = thrown(() => call(wrong));
      expect([error.name, error.message.startsWith(`${name}: options must be an object, got `)])
        .toEqual(['TypeError', true]);
    }
    call({});
    yield;
  }));
}

test('so do run() and Runner', async () => {
  expect((await rejection(run(job, 'debug' as never))).message)
    .toBe("run(): options must be an object, got 'debug'");
});
