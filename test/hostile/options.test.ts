// What is given in place of options is refused, not ignored: `wait(tasks, 5)` would wait for ever.
import {
  asCompleted,
  Barrier,
  Broadcast,
  CancelScope,
  CapacityLimiter,
  Channel,
  Condition,
  createTask,
  Event,
  forEach,
  gather,
  getRunningLoop,
  interval,
  Lock,
  promise,
  Queue,
  retry,
  run,
  Runner,
  runCoroutineThreadsafe,
  Semaphore,
  shield,
  sleep,
  ThreadPoolExecutor,
  wait,
  waitFor,
  Watch,
} from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection, thrown } from '../support/outcomes.ts';

function* job() {
  yield* sleep(1);
}

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
  ThreadPoolExecutor: (options) => new ThreadPoolExecutor(options),
  'promise()': (options) => promise(Promise.resolve(), options),
  'runCoroutineThreadsafe()': (options) => runCoroutineThreadsafe(job, getRunningLoop(), options),
};

/** `event.wait(5)` reads like a timeout. */
const METHODS: Record<string, (options: any) => unknown> = {
  'acquire() of a lock': (options) => new Lock().acquire(options),
  'acquire() of a condition': (options) => new Condition().acquire(options),
  'acquire() of a semaphore': (options) => new Semaphore().acquire(options),
  'acquire() of a limiter': (options) => new CapacityLimiter(1).acquire(options),
  'wait() of an event': (options) => new Event().wait(options),
  'wait() of a condition': (options) => new Condition().wait(options),
  'waitFor() of a condition': (options) => new Condition().waitFor(() => true, options),
  'wait() of a barrier': (options) => new Barrier(2).wait(options),
  'get() of a queue': (options) => new Queue().get(options),
  'put() of a queue': (options) => new Queue().put('item', options),
  'join() of a queue': (options) => new Queue().join(options),
  'get() of a channel': (options) => new Channel().receive(options),
  'send() of a channel': (options) => new Channel().sender().send('item', options),
  'send() of a broadcast': (options) => new Broadcast().send('item', options),
  'receive() of a broadcast': (options) => new Broadcast().subscribe().receive(options),
  'changed() of a watch': (options) => new Watch(1).changed(options),
};

for (const [name, call] of Object.entries(METHODS)) {
  test(`${name} takes an object of options and nothing else`, () =>
    runVirtual(function* () {
      for (const wrong of [5, '5s', true, null]) {
        const error = thrown(() => call(wrong));
        expect([error.name, error.message.split(' got ')[0]]).toEqual([
          'TypeError',
          `${name.split(' ')[0]}: options must be an object,`,
        ]);
      }
      yield;
    }));
}

test("null is asyncio's None: a task and a run are made as if nothing was given", async () => {
  const options = { name: null, context: null, eagerStart: null, signal: null };
  await runVirtual(async () => {
    expect(createTask(job, options).getName()).toMatch(/^Task-\d+$/);
  });
  const nothing = { debug: null, loopFactory: null, asyncLocalStorage: null, asyncgenHooks: null };
  expect(await run(() => sleep(0, 'done'), nothing)).toBe('done');
  await using runner = new Runner(nothing);
  expect(await runner.run(() => sleep(0, 'done'), { context: null })).toBe('done');
});

for (const [name, call] of Object.entries(CALLS)) {
  test(`${name} takes an object of options and nothing else`, () =>
    runVirtual(function* () {
      for (const wrong of [5, 'name', true, () => {}]) {
        const error = thrown(() => call(wrong));
        expect([
          error.name,
          error.message.startsWith(`${name}: options must be an object, got `),
        ]).toEqual(['TypeError', true]);
      }
      call({});
      yield;
    }));
}

test('so do run() and Runner', async () => {
  expect((await rejection(run(job, 'debug' as never))).message).toBe(
    "run(): options must be an object, got 'debug'",
  );
});
