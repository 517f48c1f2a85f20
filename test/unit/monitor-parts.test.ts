// The parts of the monitor that need no process of their own.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { gather, getRunningLoop, run, sleep, Task } from 'oxbow';

import { histogramBounds } from '#lib/core/observe/histogram.js';
import { addObserver } from '#lib/core/observe/observe.js';
import type { Observer } from '#lib/core/contract/observer.js';
import { distrust, pidOfSocket, socketFolders } from '#lib/monitor/server/place.js';
import { parseRequest } from '#lib/monitor/server/protocol.js';
import { bucketOf, SharedState } from '#lib/monitor/server/shared.js';
import { Slowest } from '#lib/monitor/report/slowest.js';
import { takeSnapshot } from '#lib/monitor/report/snapshot.js';
import { TraceEvents } from '#lib/monitor/trace/trace-events.js';
import { TraceObserver } from '#lib/monitor/trace/trace-observer.js';
import { LoopObserver } from '#lib/monitor/report/loop-observer.js';

describe('the heartbeat', () => {
  test('is read in another place as it was written', () => {
    const written = new SharedState();
    const read = new SharedState(written.buffer);
    expect(read.pulse()).toEqual({ text: '', running: false, since: 0 });
    written.begin('tâche 名');
    expect(read.pulse()).toMatchObject({ text: 'tâche 名', running: true });
    written.end(0.25);
    expect(read.pulse()).toMatchObject({ text: 'tâche 名', running: false });
    const { buckets, sum, max } = read.durations();
    expect([buckets[bucketOf(0.25)], sum, max]).toEqual([1, 0.25, 0.25]);
  });

  test('cuts a text that is too long', () => {
    const shared = new SharedState();
    shared.begin('x'.repeat(100_000));
    expect(shared.pulse().text).toBe('x'.repeat(120));
  });

  test('questions are counted', () => {
    const shared = new SharedState();
    new SharedState(shared.buffer).ask();
    expect(shared.asked).toBe(1);
  });

  test('a duration goes into the first bucket that it does not exceed', () => {
    for (const seconds of [0, 1e-9, 1e-6, 0.001, 0.25, 1, 3600, 1e9, Infinity]) {
      const bucket = bucketOf(seconds);
      expect(seconds).toBeLessThanOrEqual(histogramBounds[bucket]!);
      if (bucket > 0) expect(seconds).toBeGreaterThan(histogramBounds[bucket - 1]!);
    }
  });
});

describe('the slowest callbacks', () => {
  test('are the ten slowest of the last minute, slowest first', () => {
    const slowest = new Slowest();
    for (let n = 0; n < 100; n++) slowest.add(`c${n}`, ((n * 37) % 100) / 1000, n / 2);
    expect(slowest.list(50).map(({ seconds }) => seconds)).toEqual([
      0.099, 0.098, 0.097, 0.096, 0.095, 0.094, 0.093, 0.092, 0.091, 0.09,
    ]);
  });

  test('an old one makes room, also when newer ones were faster', () => {
    const slowest = new Slowest();
    slowest.add('start', 5, 0);
    for (let second = 1; second < 59; second++) slowest.add(`c${second}`, 0.001 * second, second);
    expect(slowest.list(59)[0]).toEqual({ what: 'start', seconds: 5, at: 0 });
    expect(slowest.list(61).map(({ what }) => what)).not.toContain('start');
    expect(slowest.list(61)).toHaveLength(10);
  });

  test('what would not be kept is known before its text is made', () => {
    const slowest = new Slowest();
    for (let n = 0; n < 10; n++) slowest.add('x', 1, 0);
    expect([slowest.wants(0.5, 1), slowest.wants(2, 1), slowest.wants(0.5, 10)]).toEqual([
      false,
      true,
      true,
    ]);
  });
});

describe('the place of the socket', () => {
  test('folders: the runtime folder first, if it is an absolute path', () => {
    const other = join(tmpdir(), 'oxbow-1000');
    expect(socketFolders(1000, { XDG_RUNTIME_DIR: '/run/user/1000' })).toEqual([
      '/run/user/1000/oxbow',
      other,
    ]);
    expect(socketFolders(1000, { XDG_RUNTIME_DIR: 'here' })).toEqual([other]);
    expect(socketFolders(1000, { XDG_RUNTIME_DIR: '' })).toEqual([other]);
  });

  test('names that are no socket of a process', () => {
    const names = [
      '12.sock',
      '0.sock',
      '012.sock',
      '12.sock.x',
      '../12.sock',
      '12',
      '99999999999.sock',
    ];
    expect(names.map(pidOfSocket)).toEqual([12, null, null, null, null, null, null]);
  });

  test('which folders are not trusted', () => {
    const folder = mkdtempSync(join(tmpdir(), 'oxm-'));
    try {
      const stats = statSync(folder);
      const { uid } = stats;
      const asked = (more: { uid?: number; mode?: number }): string | null =>
        distrust(folder, { uid, mode: stats.mode, isDirectory: () => true, ...more }, uid);
      expect(asked({})).toBe(null);
      expect(asked({ mode: 0o40755 })).toBe(null);
      expect(asked({ mode: 0o40770 })).toMatch(/can be written by others \(mode 770\)/);
      expect(asked({ mode: 0o41777 })).toMatch(/can be written by others/);
      expect(asked({ uid: uid + 1 })).toMatch(/belongs to user/);
      expect(distrust('link', { uid, mode: 0o120777, isDirectory: () => false }, uid)).toBe(
        'link is not a directory',
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('names that cannot be told', () => {
  class Nameless extends Task<number> {
    override getName(): string {
      throw new Error('no name');
    }
  }
  class Numbered extends Task<number> {
    override getName(): string {
      return 5 as unknown as string;
    }
  }
  const callback = Object.defineProperty(() => {}, 'name', {
    get() {
      throw new Error('no');
    },
  });

  test.each([
    ['the monitor', (): Observer => new LoopObserver(new SharedState(), () => {})],
    ['a trace', (): Observer => new TraceObserver(new TraceEvents(1), 1, () => {})],
  ])('end nothing when they meet %s', async (_name, observer) => {
    const results = await run(function* () {
      const loop = getRunningLoop();
      const remove = addObserver(loop, observer());
      const tasks = [Nameless, Numbered].map(
        (Odd) =>
          new Odd(
            function* () {
              yield* sleep(0);
              return 7;
            },
            { loop },
          ),
      );
      loop.callSoon(callback);
      yield* sleep(0);
      const report = takeSnapshot({
        slowest: new Slowest(),
        tasks: true,
        frames: true,
        limit: 60,
      });
      const names = report.loops.flatMap((each) => each.tasks.map((task) => task.name));
      const numbers = yield* gather(tasks);
      remove();
      return { names, numbers };
    });
    expect(results.numbers).toEqual([7, 7]);
    expect(results.names).toEqual(expect.arrayContaining(['Task', '5']));
  });

  test('end nothing in debug mode, nor where a bad yield is explained', async () => {
    const results = await run(
      function* () {
        const loop = getRunningLoop();
        loop.slowCallbackDuration = 0;
        loop._warn = () => {};
        const swallows = new Nameless(
          function* () {
            try {
              yield* sleep('1h');
            } catch {
              /* on purpose */
            }
            return 7;
          },
          { loop },
        );
        const yields = new Nameless(
          function* () {
            yield 5 as never;
            return 7;
          },
          { loop },
        );
        yield;
        swallows.cancel();
        return yield* gather([swallows, yields], { returnExceptions: true });
      },
      { debug: true },
    );
    expect(results[0]).toBe(7);
    expect(String(results[1])).toMatch(/name='Task'|got bad yield/);
  });
});

test('requests are read, or refused with a reason that is not long', () => {
  const request = { version: 1, id: 7, command: 'snapshot' };
  expect(parseRequest(JSON.stringify({ ...request, more: 1 }))).toEqual(request);
  expect(parseRequest(JSON.stringify({ ...request, command: 'x'.repeat(1000) }))).toMatch(
    /^command: "x{39} is not 'snapshot' or 'metrics'$/,
  );
  for (const bad of ['', 'null', '[]', '1', '"x"', '{}', '{"version":1}', '{"__proto__":null}']) {
    expect(typeof parseRequest(bad)).toBe('string');
  }
});
