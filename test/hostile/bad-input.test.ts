// What is given in place of a loop, or of the options of a constructor, is refused where it is
// given: a future of the loop `5` would fail somewhere else, some time later.
import {
  allTasks,
  asCompleted,
  captureCallGraph,
  ContextVar,
  createConnection,
  createServer,
  createTask,
  currentTask,
  eagerTaskFactory,
  EventLoop,
  ensureFuture,
  Future,
  gather,
  getEventLoop,
  getRunningLoop,
  newEventLoop,
  openConnection,
  Runner,
  setEventLoop,
  sleep,
  startServer,
  StreamReader,
  Task,
  wait,
} from 'oxbow';
import { runVirtual, VirtualLoop } from 'oxbow/testing';

import { rejection, thrown } from '../support/outcomes.ts';

function* job() {
  yield* sleep(1);
}
const protocol = (): any => ({});

const LOOPS: Record<string, (loop: any) => unknown> = {
  Future: (loop) => new Future({ loop }),
  Task: (loop) => new Task(job, { loop }),
  'ensureFuture()': (loop) => ensureFuture(job, { loop }),
  'setEventLoop()': (loop) => setEventLoop(loop),
  'allTasks()': (loop) => allTasks(loop),
  'currentTask()': (loop) => currentTask(loop),
};

test.each(Object.entries(LOOPS))('%s takes no other thing for a loop', (name, call) =>
  runVirtual(async () => {
    for (const wrong of [5, 'loop', {}, [], () => {}, { _debug: true }]) {
      const error = thrown(() => call(wrong));
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toMatch(
        new RegExp(`^${name.trim().replace(/[()]/g, '\\$&')}: ` + '.* is not an event loop$'),
      );
    }
    call(null);
    call(undefined);
  }),
);

const OPTIONS: Record<string, (options: any) => unknown> = {
  Future: (options) => new Future(options),
  Task: (options) => new Task(job, options),
  'ensureFuture()': (options) => ensureFuture(job, options),
  EventLoop: (options) => new EventLoop(options),
  'EventLoop ': (options) => newEventLoop(options),
  VirtualLoop: (options) => new VirtualLoop(options),
  ContextVar: (options) => new ContextVar('name', options),
  'getStack()': (options) => currentTask()!.getStack(options),
  'captureCallGraph()': (options) => captureCallGraph(null, options),
  'callExceptionHandler()': (options) => getRunningLoop().callExceptionHandler(options),
  StreamReader: (options) => new StreamReader(options),
};

const NETWORK: Record<string, (options: any) => unknown> = {
  'createServer()': (options) => createServer(protocol, 'localhost', 0, options),
  'createConnection()': (options) => createConnection(protocol, 'localhost', 1, options),
  'openConnection()': (options) => openConnection('localhost', 1, options),
  'startServer()': (options) => startServer(job, 'localhost', 0, options),
};

test.each(Object.entries({ ...OPTIONS, ...NETWORK }))(
  '%s takes no other thing for options',
  (name, call) =>
    runVirtual(async () => {
      for (const wrong of ['name', true, () => {}, Symbol('s')]) {
        const error = thrown(() => call(wrong));
        expect([error.name, error.message.split(', got ')[0]]).toEqual([
          'TypeError',
          `${name.trim()}: options must be an object`,
        ]);
      }
    }),
);

test('a loop in place of options with it is explained', () =>
  runVirtual(async () => {
    expect(thrown(() => new Future(getRunningLoop() as never)).message).toBe(
      'Future takes { loop }, not the loop itself',
    );
    expect(thrown(() => new VirtualLoop({ seed: 'x' as never })).message).toBe(
      "seed: 'x' is not a number",
    );
  }));

test('so is what Runner.run is given in place of options', async () => {
  await using runner = new Runner();
  expect((await rejection(runner.run(job, 5 as never))).message).toBe(
    'Runner.run(): options must be an object, got 5',
  );
});

test('what may be left out may be null', async () => {
  setEventLoop(undefined);
  expect(thrown(() => getEventLoop()).name).toBe('RuntimeError');
  await runVirtual(async () => {
    new Future(null);
    expect(allTasks(null).size).toBe(1);
    expect(eagerTaskFactory(getRunningLoop(), job, undefined as never).getName()).toMatch(/^Task-/);
    expect(new StreamReader({ limit: null as never }).limit).toBe(1024 * 1024);
  });
});

test('what is no iterable of awaitables is refused by name', () =>
  runVirtual(async () => {
    for (const wrong of [null, undefined, 5, {}]) {
      expect(thrown(() => asCompleted(wrong as never)).message).toMatch(
        /^asCompleted\(\) takes an iterable, got /,
      );
      expect(thrown(() => wait(wrong as never)).message).toMatch(
        /^wait\(\) takes an iterable, got /,
      );
      expect(thrown(() => gather(wrong as never)).message).toMatch(
        /^gather\(\) takes awaitables, or an iterable of them, got /,
      );
    }
  }));

test('what is no coroutine is told by the call that got it', async () => {
  await runVirtual(async () => {
    expect(thrown(() => createTask(null as never)).message).toMatch(
      /^createTask\(\) got null: a coroutine was expected/,
    );
    expect(thrown(() => createTask(sleep(1) as never)).message).toMatch(
      /^createTask\(\) takes a coroutine, got </,
    );
    expect(thrown(() => new StreamReader().setException(undefined)).name).toBe('TypeError');
  });
  const loop = new EventLoop();
  expect((await rejection(loop.runUntilComplete(undefined as never))).message).toMatch(
    /^runUntilComplete\(\) got undefined: /,
  );
  loop.close();
});
