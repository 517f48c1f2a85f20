// Debug mode: where things were made, slow callbacks, calls on the wrong loop.
import { spawnSync } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { createTask, EventLoop, Future, getRunningLoop, run, sleep } from 'oxbow';
import type { Task } from 'oxbow';
import { runVirtual, VirtualLoop } from 'oxbow/testing';

import { WatchedLoop, warningsOf } from './debug-support.ts';
import { collectReports, thrown, withLoop } from '../support/outcomes.ts';

const FILE = /debug-mode\.test\.[jt]s:\d+:\d+/;

function withDebugLoop(body: (loop: WatchedLoop) => void): void {
  const loop = new WatchedLoop({ debug: true });
  try {
    body(loop);
  } finally {
    loop.close();
  }
}

test('the traceback of a handle holds the frames of the user only, ten at most', () =>
  withDebugLoop((loop) => {
    const reports = collectReports(loop);
    const deep = (left: number): void => {
      if (left > 0) deep(left - 1);
      else
        loop.callSoon(() => {
          throw new Error('x');
        });
    };
    deep(20);
    loop.callSoon(() => loop.stop());
    loop.runForeverSync();
    const lines = reports[0]!.sourceTraceback!.split('\n');
    expect(lines.length).toBe(10);
    for (const line of lines) expect(line).toMatch(/^ {4}at deep \(.*debug-mode\.test/);
  }));

test('timers, futures and tasks say in their text where they were made', () =>
  withDebugLoop((loop) => {
    const made = new RegExp(` created at makeAll \\(.*${FILE.source}\\)>$`);
    function makeAll(): unknown[] {
      return [
        loop.callLater(1, () => {}),
        loop.callAt(1, () => {}),
        loop.callSoon(() => {}),
        loop.createFuture(),
        new Future({ loop }),
        loop.createTask(function* () {}),
      ];
    }
    const all = makeAll();
    for (const each of all) expect(String(each)).toMatch(made);
    loop.setExceptionHandler(() => {});
  }));

test('without debug mode nothing is kept', () =>
  withLoop((loop) => {
    loop.setExceptionHandler(() => {});
    const task = loop.createTask(function* () {});
    for (const each of [loop.callSoon(() => {}), loop.createFuture(), task]) {
      expect(String(each)).not.toMatch(/created/);
    }
  }));

test('it can be switched while the loop runs', () =>
  runVirtual(function* () {
    const loop = getRunningLoop();
    expect(loop.getDebug()).toBe(false);
    loop.setDebug(true);
    expect(String(new Future())).toMatch(/created at/);
    loop.setDebug(false);
    expect(String(new Future())).toBe('<Future pending>');
  }));

test('a handle shows its arguments in debug mode only', () => {
  withLoop((loop) => {
    const handle = loop.callSoon(function named(_given: string) {}, 'secret');
    expect(String(handle)).toBe('<Handle named()>');
  });
  withDebugLoop((loop) => {
    const handle = loop.callSoon(function named(..._all: unknown[]) {}, 'secret', 1);
    expect(String(handle)).toMatch(/^<Handle named\('secret', 1\) created at /);
    handle.cancel();
    expect(String(handle)).toMatch(/^<Handle cancelled named\(\) created at /);
  });
});

test('a task that was destroyed tells where it was made', () => {
  const loop = new VirtualLoop({ debug: true });
  const reports = collectReports(loop);
  loop.createTask(function* () {});
  loop.close();
  expect(reports[0]!.sourceTraceback).toMatch(FILE);
});

test('run() takes debug, and the environment is the default', async () => {
  const debugOf = (options?: { debug: boolean }): Promise<boolean> =>
    run(async () => getRunningLoop().getDebug(), options);
  expect(await debugOf({ debug: true })).toBe(true);
  expect(await debugOf({ debug: false })).toBe(false);
  const program =
    'import { EventLoop } from "oxbow";' +
    'const loop = new EventLoop(); console.log(loop.getDebug()); loop.close();';
  const asked = ['1', '0', ''].map((value) =>
    spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      env: { ...process.env, OXBOW_DEBUG: value },
      encoding: 'utf8',
    }).stdout.trim(),
  );
  expect(asked).toEqual(['true', 'false', 'false']);
});

test('a slow step names the task, where it was made and where its coroutine is', async () => {
  const loop = new WatchedLoop({ debug: true });
  loop.slowCallbackDuration = 0;
  await loop.runUntilComplete(function* main() {
    yield* createTask(
      function* slow() {
        yield* sleep(1);
      },
      { name: 'the slow one' },
    );
  });
  const [first] = loop.warnings.filter((text) => /name='the slow one' coro=<slow/.test(text));
  expect(first).toMatch(
    new RegExp(
      "^Executing <Task pending name='the slow one' " +
        'coro=<slow\\(\\) running at .*debug-mode\\.test\\.[jt]s:\\d+> wait_for=<Sleep pending> ' +
        `cb=\\[wakes Task-\\d+\\] created at main \\(.*${FILE.source}\\)> took 0\\.000 seconds$`,
    ),
  );
  loop.close();
});

test('a slow stretch of an async function behind an await is told as well', async () => {
  class CountedLoop extends WatchedLoop {
    ticks = 0;
    override time(): number {
      return super.time() + this.ticks;
    }
  }
  const loop = new CountedLoop({ debug: true });
  // What takes half a second by this clock, wherever it stands.
  const spin = (): void => {
    loop.ticks += 0.5;
  };
  const told: { callback: string; duration: number }[] = [];
  const listener = (message: unknown): void => {
    told.push(message as (typeof told)[0]);
  };
  subscribe('oxbow:callback:slow', listener);
  await loop.runUntilComplete(
    createdIn(loop, async function steps() {
      spin();
      await sleep(1);
      spin();
      await sleep(0);
      await rejected();
      spin();
      await sleep(1);
    }),
  );
  unsubscribe('oxbow:callback:slow', listener);
  loop.close();
  expect(told.map(({ duration }) => duration)).toEqual([0.5, 0.5, 0.5]);
  for (const { callback } of told) expect(callback).toContain("name='the slow one'");
  const texts = loop.warnings.filter((text) => /^Executing <Task/.test(text));
  expect(texts.length).toBe(3);
  for (const text of texts) expect(text).toMatch(/ took 0\.500 seconds$/);
});

async function rejected(): Promise<void> {
  const future = new Future<void>();
  getRunningLoop().callLater(1, () => future.setException(new Error('x')));
  try {
    await future;
  } catch {
    /* goes on in the async function that waits for this */
  }
}

function createdIn(loop: EventLoop, body: () => Promise<void>): Task<void> {
  return loop.createTask(body, { name: 'the slow one' });
}

test('a callback that cancels its own handle is still named when it was slow', async () => {
  const loop = new WatchedLoop({ debug: true });
  loop.slowCallbackDuration = 0;
  const handle = loop.callSoon(function suicidal() {
    handle.cancel();
    loop.stop();
  });
  await loop.runForever();
  expect(loop.warnings[0]).toMatch(/^Executing <Handle suicidal\(\) created at .* took /);
  loop.close();
});

test('slowCallbackDuration takes durations and nothing else', () =>
  withLoop((loop) => {
    expect(loop.slowCallbackDuration).toBe(0.1);
    loop.slowCallbackDuration = '20ms';
    expect(loop.slowCallbackDuration).toBe(0.02);
    loop.slowCallbackDuration = Infinity;
    expect(
      thrown(() => {
        loop.slowCallbackDuration = -1;
      }),
    ).toBeInstanceOf(RangeError);
    expect(
      thrown(() => {
        loop.slowCallbackDuration = NaN;
      }),
    ).toBeInstanceOf(RangeError);
    expect(
      thrown(() => {
        loop.slowCallbackDuration = null as never;
      }),
    ).toBeInstanceOf(TypeError);
    expect(loop.slowCallbackDuration).toBe(Infinity);
  }));

test('coroutine functions are refused wherever a callback is taken', () =>
  withDebugLoop((loop) => {
    loop.setExceptionHandler(() => {});
    const calls: ((callback: any) => unknown)[] = [
      (callback) => loop.callSoon(callback),
      (callback) => loop.callLater(1, callback),
      (callback) => loop.callAt(1, callback),
      (callback) => loop.callSoonThreadsafe(callback),
      (callback) => loop.createFuture().addDoneCallback(callback),
    ];
    for (const call of calls) {
      for (const callback of [function* () {}, async () => {}, async function* () {}]) {
        const error = thrown(() => call(callback));
        expect(error).toBeInstanceOf(TypeError);
        expect(error.message).toMatch(/^coroutines cannot be used with \w+\(\); createTask\(\)/);
      }
    }
  }));

test('calls on a loop while another one runs throw, but callSoonThreadsafe', async () => {
  const other = new EventLoop({ debug: true });
  const ended = other.runForever();
  let called = false;
  await run(async () => {
    for (const call of [
      () => other.callSoon(() => {}),
      () => other.callLater(1, () => {}),
      () => other.callAt(1, () => {}),
    ]) {
      expect(thrown(call).message).toMatch(
        /^Non-thread-safe operation invoked on an event loop other than the current one/,
      );
    }
    // Also in a callback, where the dispatch says which loop runs.
    const inCallback = new Promise<Error>((resolve) => {
      getRunningLoop().callSoon(() => resolve(thrown(() => other.callSoon(() => {}))));
    });
    expect((await inCallback).message).toMatch(/^Non-thread-safe operation/);
    other.callSoonThreadsafe(() => {
      called = true;
      other.stop();
    });
  });
  await ended;
  expect(called).toBe(true);
  other.close();
});

test('a loop that does not run yet may be prepared from another one', async () => {
  const other = new EventLoop({ debug: true });
  await run(async () => {
    other.callSoon(() => other.stop());
  });
  await other.runForever();
  other.close();
});

test('a program that does everything right is not warned of anything', async () => {
  expect(
    await warningsOf(async () => {
      await sleep(3600);
      await createTask(function* () {
        yield* sleep('5000s');
      });
    }),
  ).toEqual([]);
});
