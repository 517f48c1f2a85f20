// The exception handler family and debug mode.
import { ContextVar, createTask, currentTask, Future, getRunningLoop, sleep } from 'oxbow';
import { runVirtual, VirtualLoop } from 'oxbow/testing';

import { collectReports, thrown, withLoop } from '../support/outcomes.ts';

/** What the default handler writes to stderr in `body`. */
function written(body: () => void): string {
  const write = process.stderr.write;
  let text = '';
  process.stderr.write = ((chunk: string) => {
    text += chunk;
    return true;
  }) as typeof write;
  try {
    body();
  } finally {
    process.stderr.write = write;
  }
  return text;
}

test('the default handler writes message, keys and stack to stderr', () =>
  withLoop((loop) => {
    const text = written(() =>
      loop.callExceptionHandler({
        message: 'it happened',
        exception: new Error('cause of it'),
        future: loop.createFuture(),
      }),
    );
    expect(text).toMatch(/^it happened\nfuture: <Future pending>\nError: cause of it\n {4}at /);
  }));

test('a handler is set, asked for, and taken away', () =>
  withLoop((loop) => {
    expect(loop.getExceptionHandler()).toBe(null);
    const handler = (): void => {};
    loop.setExceptionHandler(handler);
    expect(loop.getExceptionHandler()).toBe(handler);
    loop.setExceptionHandler(null);
    expect(loop.getExceptionHandler()).toBe(null);
    expect(thrown(() => loop.setExceptionHandler(5 as never))).toBeInstanceOf(TypeError);
  }));

test('a handler that throws is reported by the default one and goes no further', () =>
  withLoop((loop) => {
    loop.setExceptionHandler(() => {
      throw new Error('handler broke');
    });
    const text = written(() => loop.callExceptionHandler({ message: 'first' }));
    expect(text).toMatch(/^Unhandled error in exception handler\n/);
    expect(text).toMatch(/handler broke/);
  }));

test('a default handler that throws is reported too', () => {
  class Broken extends VirtualLoop {
    override defaultExceptionHandler(): void {
      throw new Error('default broke');
    }
  }
  const loop = new Broken();
  const text = written(() => loop.callExceptionHandler({ message: 'first' }));
  expect(text).toMatch(/^Exception in default exception handler/);
  loop.close();
});

test('the handler runs in the context of what failed', () =>
  runVirtual(function* () {
    const loop = getRunningLoop();
    const variable = new ContextVar('who', { default: 'none' });
    const seen: string[] = [];
    loop.setExceptionHandler(() => seen.push(variable.get()));
    yield* createTask(function* () {
      variable.set('task');
      loop.callSoon(() => {
        throw new Error();
      });
      loop.callExceptionHandler({ message: 'of a task', task: currentTask()! });
    });
    yield;
    expect(seen).toEqual(['task', 'task']);
  }));

test('debug mode warns of slow callbacks', async () => {
  const warnings: string[] = [];
  class Watched extends VirtualLoop {
    override _warn(message: string): void {
      warnings.push(message);
    }
  }
  const loop = new Watched({ debug: true });
  loop.slowCallbackDuration = 0;
  await loop.runUntilComplete(function* named() {
    yield;
  });
  loop.callSoon(function slow() {
    loop.stop();
  });
  await loop.runForever();
  expect(warnings[0]).toMatch(
    /^Executing <Task pending name='Task-\d+' coro=<named\(\)> .*took 0\.000/,
  );
  expect(warnings.at(-1)).toMatch(
    /^Executing <Handle slow\(\) created at .*> took 0\.000 seconds$/,
  );
  loop.slowCallbackDuration = 1;
  const before = warnings.length;
  await loop.runUntilComplete(function* () {
    yield;
  });
  expect(warnings.length).toBe(before);
  loop.close();
});

test('debug mode refuses coroutines as callbacks and tells where things were made', () => {
  const loop = new VirtualLoop({ debug: true });
  const reports = collectReports(loop);
  expect(thrown(() => loop.callSoon(function* () {})).message).toMatch(/createTask\(\)/);
  expect(thrown(() => loop.callLater(1, async () => {})).message).toMatch(/callLater/);
  loop.callSoon(() => {
    throw new Error('x');
  });
  loop.callSoon(() => loop.stop());
  loop.runForeverSync();
  expect(reports[0]!.sourceTraceback).toMatch(/exceptions\.test/);
  loop.close();
});

test('debug mode warns of a task that swallowed its cancel', async () => {
  const warnings: string[] = [];
  class Watched extends VirtualLoop {
    override _warn(message: string): void {
      warnings.push(message);
    }
  }
  const loop = new Watched({ debug: true });
  await loop.runUntilComplete(function* () {
    const task = createTask(function* () {
      try {
        yield* sleep(100);
      } catch {
        /* swallowed on purpose */
      }
    });
    yield;
    task.cancel();
    yield* task;
  });
  expect(warnings.length).toBe(1);
  expect(warnings[0]).toMatch(/swallowed a CancelledError/);
  loop.close();
});

test('an error that was looked at is not reported later', () =>
  runVirtual(function* () {
    const reports = collectReports(getRunningLoop());
    const future = new Future();
    future.setException(new Error('seen'));
    expect(future.exception()).toBeInstanceOf(Error);
    yield* sleep(1);
    expect(reports).toEqual([]);
  }));
