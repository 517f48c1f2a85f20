// loop.share and connectLoop within one thread: what travels, what is refused, when things end.
// Other threads are in test/process/threads-*.test.ts.
import { inspect } from 'node:util';

import {
  CancelledError,
  connectLoop,
  currentTask,
  EventLoop,
  getRunningLoop,
  RuntimeError,
  run,
  runCoroutineThreadsafe,
  runSync,
  shareLoop,
  sleep,
  Task,
  waitFor,
} from 'oxbow';
import type { ThreadFuture } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { collectReports, rejection, thrown } from '../support/outcomes.ts';

async function withEcho<T>(
  body: (call: (...args: any[]) => ThreadFuture<unknown>) => Promise<T>,
): Promise<T> {
  return run(async () => {
    using handle = shareLoop({ echo: (...args: unknown[]) => args });
    const remote = connectLoop(handle);
    return await body((...args) => remote.runCoroutineThreadsafe('echo', ...args));
  });
}

test('small values arrive as they were', async () => {
  const values = [
    [],
    [undefined, null, true, false],
    [0, -0, NaN, Infinity, -1, 2 ** 31, 2 ** 53, 0.1],
    ['', 'latin ÿ', 'ω', '\ud800 alone', '😀', 'x'.repeat(512), 'ω'.repeat(512)],
    Array(16).fill('ω'.repeat(512)),
    Array(17).fill(1),
  ];
  await withEcho(async (echo) => {
    for (const args of values) {
      const back = (await echo(...args)) as unknown[];
      expect(back.length).toBe(args.length);
      back.forEach((value, n) => expect(Object.is(value, args[n])).toBe(true));
    }
  });
});

test('small plain objects arrive as structured clone would copy them', async () => {
  const twice = { x: 1 };
  const circle: unknown[] = [];
  circle.push(circle);
  class Point {
    x = 1;
    get y() {
      return 2;
    }
  }
  const holes = [1, , 3];
  const named = Object.assign([1], { name: 'n' });
  const values: unknown[][] = [
    [{}],
    [[]],
    [{ a: 1, b: 'x', c: [true, null, -0, 1e300, 0.1, { d: 'ω\ud800"\n' }] }],
    [{ a: undefined }],
    [[undefined]],
    [{ a: NaN }],
    [[Infinity]],
    [{ a: 10n }],
    [twice, twice],
    [{ a: twice, b: twice }],
    [circle],
    [new Point()],
    [holes],
    [named],
    [JSON.parse('{"__proto__": {"a": 1}, "toJSON": 1, "2": 0, "1": 0}')],
    [Object.create(null, { a: { value: 1, enumerable: true } })],
    [{ long: 'y'.repeat(600) }],
    [Array.from({ length: 100 }, (_, n) => ({ n }))],
    [{ [Symbol('s')]: 1, a: new Date(1) }],
    [{ text: 'ω'.repeat(500), more: Array(30).fill('ω'.repeat(500)) }],
    [new Proxy([], {})],
    [Object.fromEntries(Array.from({ length: 64 }, (_, n) => [`${n}`, '\u0001'.repeat(512)]))],
    Array(16)
      .fill(0)
      .map((_, n) => ({ n, text: 'ω'.repeat(501) })),
  ];
  let reads = 0;
  await withEcho(async (echo) => {
    for (const args of values) {
      let expected: unknown;
      try {
        expected = structuredClone(args);
      } catch {
        expect(thrown(() => echo(...args)).name).toBe('DataCloneError');
        continue;
      }
      const back = await echo(...args);
      expect(back).toStrictEqual(expected);
      expect(inspect(back, { depth: 9 })).toBe(inspect(expected, { depth: 9 }));
    }
    expect(
      await echo({
        get once() {
          return ++reads;
        },
      }),
    ).toEqual([{ once: 1 }]);
  });
});

test('what structured clone takes arrives as a copy', async () => {
  const circle: Record<string, unknown> = {
    at: new Date(5),
    big: 10n ** 30n,
    text: 'y'.repeat(1e6),
  };
  circle['self'] = circle;
  const args = [
    circle,
    new Map([[1, new Set(['a'])]]),
    /x/gi,
    Buffer.from('bytes'),
    new Float64Array([1.5]),
    new Error('in passing'),
    [1, , 3],
  ];
  await withEcho(async (echo) => {
    const back = (await echo(...args)) as any[];
    expect(back).toEqual(args);
    expect(back[0]).not.toBe(circle);
    expect(back[0].self).toBe(back[0]);
    expect(Buffer.isBuffer(back[3])).toBe(true);
    // Large ones do not stay in the way of small ones.
    expect(await echo(1)).toEqual([1]);
  });
});

test('arguments that cannot travel are named', async () => {
  await withEcho(async (echo) => {
    const culprits: [unknown, RegExp][] = [
      [() => 1, /argument 2 of echo\(\).* a function/],
      [Symbol('s'), /argument 2 .*Symbol\(s\)/],
      [Promise.resolve(), /argument 2 .*Promise/],
      [new SharedArrayBuffer(8), /argument 2/],
      [
        {
          get bad() {
            throw new Error('getter');
          },
        },
        /argument 2 .*getter/,
      ],
      [
        new Proxy(
          {},
          {
            ownKeys() {
              throw null;
            },
          },
        ),
        /argument 2/,
      ],
    ];
    for (const [culprit, message] of culprits) {
      const error = thrown(() => echo(1, culprit));
      expect(error.name).toBe('DataCloneError');
      expect(error.message).toMatch(message);
    }
    expect(await echo('still fine')).toEqual(['still fine']);
  });
});

test('a getter that calls again while its object is packed disturbs nothing', async () => {
  await withEcho(async (echo) => {
    const inner: ThreadFuture<unknown>[] = [];
    const nasty = {
      get value() {
        inner.push(echo('inner', inner.length));
        return 'outer';
      },
    };
    expect(await echo(nasty)).toEqual([{ value: 'outer' }]);
    expect(await inner[0]).toEqual(['inner', 0]);
  });
});

test('a result that cannot travel fails the call and names the function', async () => {
  await run(async () => {
    using handle = shareLoop({
      bad: () => () => 1,
      *worse() {
        yield;
        return Symbol('s');
      },
    });
    const remote = connectLoop(handle);
    for (const name of ['bad', 'worse'] as const) {
      const error = await rejection(remote.runCoroutineThreadsafe(name));
      expect(error.name).toBe('DataCloneError');
      expect(error.message).toContain(`the result of ${name}()`);
    }
  });
});

test('errors keep class, name, message, stack, code, cause and fields', async () => {
  class Own extends Error {
    override name = 'Own';
    extra = { a: 1 };
    skip = (): void => {};
  }
  const circular: any = new Error('round');
  circular.cause = circular;
  const errors: any[] = [
    Object.assign(new TypeError('t', { cause: new RangeError('c') }), { code: 'E1' }),
    new RuntimeError('r'),
    new Own('mine'),
    new AggregateError([new Error('1'), 'two'], 'both'),
    new DOMException('dom', 'AbortError'),
    circular,
  ];
  await run(async () => {
    using handle = shareLoop({
      async fail(n: number) {
        throw errors[n];
      },
    });
    const remote = connectLoop(handle);
    for (const [n, error] of errors.entries()) {
      const got: any = await rejection(remote.runCoroutineThreadsafe('fail', n));
      expect(got).not.toBe(error);
      expect([got instanceof Error, got.name, got.message, got.stack, got.code]).toEqual([
        true,
        error.name,
        error.message,
        error.stack,
        error.code,
      ]);
    }
    const [typed, runtime, own, both]: any[] = await Promise.all(
      [0, 1, 2, 3].map((n) => rejection(remote.runCoroutineThreadsafe('fail', n))),
    );
    expect(typed).toBeInstanceOf(TypeError);
    expect(typed.cause).toBeInstanceOf(RangeError);
    expect(runtime).toBeInstanceOf(RuntimeError);
    expect([own.extra, 'skip' in own]).toEqual([{ a: 1 }, false]);
    expect([both.errors[0].message, both.errors[1]]).toEqual(['1', 'two']);
  });
});

test('what is thrown and is no error arrives as it is, or in words', async () => {
  const hostile = new Proxy(new Error('x'), {
    get() {
      throw new Error('never');
    },
  });
  const thrownValues: unknown[] = ['text', 17, { plain: true }, Symbol('s'), hostile];
  await run(async () => {
    using handle = shareLoop({
      *fail(n: number) {
        throw thrownValues[n];
      },
    });
    const remote = connectLoop(handle);
    const got = [];
    for (const n of thrownValues.keys()) {
      got.push((await rejection(remote.runCoroutineThreadsafe('fail', n))) as unknown);
    }
    expect(got.slice(0, 3)).toEqual(thrownValues.slice(0, 3));
    for (const error of got.slice(3)) expect(error).toBeInstanceOf(Error);
  });
});

test('plain functions, methods, generators and promises can be shared', async () => {
  const api = { count: 0 };
  const shared = {
    step(by: number) {
      api.count += by;
      return api.count;
    },
    async both(a: number) {
      return [await this.step(a), currentTask() instanceof Task];
    },
    *gen() {
      yield* sleep(0);
      return this === shared;
    },
    values: () => [new Set([1]), [2]],
    later: () => sleep(0, 'slept'),
    promised: () => Promise.resolve('kept'),
  };
  await run(async () => {
    using handle = shareLoop(shared);
    const remote = connectLoop(handle);
    const two: number = await remote.runCoroutineThreadsafe('step', 2);
    expect(two).toBe(2);
    expect(await remote.runCoroutineThreadsafe('both', 3)).toEqual([5, true]);
    expect(await remote.runCoroutineThreadsafe('gen')).toBe(true);
    expect(await remote.runCoroutineThreadsafe('later')).toBe('slept');
    expect(await remote.runCoroutineThreadsafe('values')).toEqual([new Set([1]), [2]]);
    const kept: string = await remote.runCoroutineThreadsafe('promised');
    expect(kept).toBe('kept');
    expect(await runCoroutineThreadsafe('step', handle, 5)).toBe(10);
    expect(await runCoroutineThreadsafe('step', remote, 5)).toBe(15);
    // @ts-expect-error the argument is a number
    await remote.runCoroutineThreadsafe('step', 'x');
  });
});

test('aborting a signal fails a remote call and cancels its task', async () => {
  await run(async () => {
    const controller = new AbortController();
    let begun = false;
    let ended: unknown;
    using handle = shareLoop({
      async forever() {
        begun = true;
        try {
          await sleep('1h');
        } catch (error) {
          ended = error;
          throw error;
        }
      },
    });
    const remote = connectLoop(handle).with({ signal: controller.signal });
    const future = remote.runCoroutineThreadsafe('forever');
    while (!begun) await sleep(0);
    controller.abort();
    expect(future.exception()).toMatchObject({ name: 'AbortError' });
    while (ended === undefined) await sleep(0);
    expect(ended).toBeInstanceOf(CancelledError);
    expect(thrown(() => remote.runCoroutineThreadsafe('forever')).name).toBe('AbortError');
    expect(thrown(() => remote.with({ signal: {} as never }))).toBeInstanceOf(TypeError);
  });
});

test('a huge family of causes is cut off', async () => {
  const wide: any = new AggregateError([], 'wide');
  wide.errors = Array(50).fill(wide);
  await run(async () => {
    using handle = shareLoop({
      *fail() {
        throw wide;
      },
    });
    const error = await rejection(connectLoop(handle).runCoroutineThreadsafe('fail'));
    expect(error.message).toBe('wide');
  });
});

test('what a callback throws goes to the exception handler, and the others run', async () => {
  const seen: unknown[] = [];
  let reports: ReturnType<typeof collectReports> = [];
  await run(async () => {
    reports = collectReports(getRunningLoop());
    using handle = shareLoop({
      fail() {
        throw new Error('in a callback');
      },
      async later() {
        throw new Error('in async');
      },
      note: (n: number) => void seen.push(n),
    });
    const remote = connectLoop(handle);
    remote.callSoonThreadsafe('note', 1);
    remote.callSoonThreadsafe('fail');
    remote.callSoonThreadsafe('note', 2);
    const cancelled = remote.callSoonThreadsafe('note', 3);
    expect([cancelled.cancel(), cancelled.cancelled()]).toEqual([true, true]);
    expect(cancelled.cancel()).toBe(true);
    const late = remote.callSoonThreadsafe('note', 4);
    while (!seen.includes(4)) await sleep(0);
    expect([late.cancel(), late.cancelled()]).toEqual([false, false]);
  });
  expect(seen).toEqual([1, 2, 4]);
  expect(reports.map((report) => [report.message, (report.exception as Error).message])).toEqual([
    ['Exception in callback fail()', 'in a callback'],
  ]);
});

test('calls that come after the share was closed fail, what runs goes on', async () => {
  await run(async () => {
    const reports = collectReports(getRunningLoop());
    const handle = shareLoop({
      async slow() {
        await sleep('2ms');
        return 'done';
      },
    });
    const remote = connectLoop(handle);
    const running = remote.runCoroutineThreadsafe('slow');
    await sleep(0);
    await sleep(0);
    handle.close();
    handle.close();
    expect(handle.isClosed()).toBe(true);
    const late = await rejection(remote.runCoroutineThreadsafe('slow'));
    expect([late.name, late.message]).toEqual([
      'RuntimeError',
      expect.stringMatching(/not shared, or not any more/),
    ]);
    remote.callSoonThreadsafe('slow');
    await rejection(remote.runCoroutineThreadsafe('slow')); // behind the callback
    expect(await running).toBe('done');
    expect(reports.map(({ exception }) => (exception as Error).name)).toEqual(['RuntimeError']);
  });
});

test('calls into a closed loop fail at the call, those on their way fail later', async () => {
  const loop = new EventLoop();
  const handle = loop.share({ f: () => 1 });
  const remote = connectLoop(handle);
  const pending = remote.runCoroutineThreadsafe('f'); // no loop runs here: the thread's mailbox
  expect(remote.isClosed()).toBe(false);
  loop.close();
  expect([remote.isClosed(), handle.isClosed()]).toEqual([true, true]);
  for (const call of [
    () => remote.runCoroutineThreadsafe('f'),
    () => remote.callSoonThreadsafe('f'),
    () => loop.share({}),
    () => loop.nativeId(),
  ]) {
    expect(thrown(call)).toMatchObject({ name: 'RuntimeError', message: 'Event loop is closed' });
  }
  expect(await rejection(pending)).toMatchObject({ message: 'Event loop is closed' });
  handle.close();
  handle.ref();
});

test('a caller whose own loop closes hears of it', async () => {
  const other = new EventLoop();
  const remote = connectLoop(other.share({ f: () => 1 }));
  const future = runSync(function* () {
    return { call: remote.runCoroutineThreadsafe('f') };
  }).call;
  expect(await rejection(future)).toMatchObject({ message: 'Event loop is closed' });
  other.close();
});

test('share and connectLoop say what is wrong with their arguments', async () => {
  const loop = new EventLoop();
  for (const wrong of [null, 1, 'f', [() => 1], () => 1]) {
    expect(thrown(() => loop.share(wrong as never))).toBeInstanceOf(TypeError);
  }
  expect(thrown(() => loop.share({ good() {}, bad: 3 } as never)).message).toBe(
    'share(): bad is 3, not a function',
  );
  const handle = loop.share({ f() {}, g() {} });
  const data = JSON.parse(JSON.stringify(handle));
  expect(data).toEqual(structuredClone({ ...handle }));
  expect(connectLoop(data).functions).toEqual(['f', 'g']);
  const damage: [object, string][] = [
    [{ kind: 'x' }, 'TypeError'],
    [{ version: 2 }, 'RuntimeError'],
    [{ process: '0' }, 'RuntimeError'],
    [{ loop: -1 }, 'TypeError'],
    [{ loop: 'a' }, 'TypeError'],
    [{ share: 2 ** 40 }, 'TypeError'],
    [{ functions: [1] }, 'TypeError'],
    [{ functions: null }, 'TypeError'],
  ];
  for (const [change, name] of damage) {
    expect(thrown(() => connectLoop({ ...data, ...change })).name).toBe(name);
  }
  for (const wrong of [null, undefined, 1, {}, loop]) {
    expect(thrown(() => connectLoop(wrong as never))).toBeInstanceOf(TypeError);
  }
  expect(thrown(() => connectLoop(data).callSoonThreadsafe('h')).message).toBe(
    "'h' is not shared by this loop; shared are: f, g",
  );
  expect(
    thrown(() => connectLoop({ ...data, loop: 2 ** 50 }).callSoonThreadsafe('f')).message,
  ).toBe('Event loop is closed');
  expect(handle.functionId('g') - handle.functionId('f')).toBe(1);
  expect(thrown(() => handle.functionId('x' as never))).toBeInstanceOf(RangeError);
  loop.close();
});

test('a forged number of a function is an error there, not a crash', async () => {
  await run(async () => {
    using handle = shareLoop({ f: () => 1 });
    const data = JSON.parse(JSON.stringify(handle));
    const remote = connectLoop({ ...data, share: 77, functions: ['f', 'evil', 'toString'] });
    for (const name of ['f', 'evil', 'toString']) {
      expect((await rejection(remote.runCoroutineThreadsafe(name))).name).toBe('RuntimeError');
    }
  });
});

test('in simulated time a call within the loop takes no time', () =>
  runVirtual(function* () {
    const loop = getRunningLoop();
    const handle = shareLoop({
      *slow() {
        yield* sleep(5);
        return loop.time();
      },
    });
    // Time stands still while an answer is owed, but the one who owes it is this loop itself.
    expect(yield* waitFor(connectLoop(handle).runCoroutineThreadsafe('slow'), 60)).toBe(5);
    handle.close();
  }));
