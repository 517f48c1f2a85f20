// Work in threads: toThread and ThreadPoolExecutor.
import {
  CancelledError,
  createTask,
  gather,
  getRunningLoop,
  run,
  RuntimeError,
  ThreadPoolExecutor,
  toThread,
} from 'oxbow';
import type { Future } from 'oxbow';

import { rejection, thrown } from '../support/outcomes.ts';
import { Meeting, WORK } from './thread-meeting.ts';

test('toThread gives the result of a self-contained function, in both lanes', async () => {
  const add = (a: number, b: number): number => a + b;
  expect(
    await run(function* () {
      return yield* toThread(add, 1, 2);
    }),
  ).toBe(3);
  expect(
    await run(async () => {
      await null;
      return toThread(async (text: string) => {
        const { basename } = await import('node:path');
        return basename(text);
      }, '/a/b');
    }),
  ).toBe('b');
});

test('work of a module: the default export, by name, async, and kept between jobs', async () => {
  await run(async () => {
    expect(await toThread({ module: WORK }, 21)).toBe(42);
    expect(await toThread({ module: WORK.href, name: 'later' }, 'x')).toBe('x');
    const single = new ThreadPoolExecutor({ maxWorkers: 1 });
    const loop = getRunningLoop();
    const first = await loop.runInExecutor(single, { module: WORK, name: 'count' });
    const second = await loop.runInExecutor(single, { module: WORK, name: 'count' });
    expect([second[0], second[1]]).toEqual([first[0], first[1] + 1]);
    await single.shutdown();
    expect(await toThread({ module: 'node:path', name: 'basename' }, '/a/b')).toBe('b');
  });
});

test('work that is none is refused at the call, and the error says what to do', async () => {
  await run(async () => {
    const refusal = (work: any): string => {
      const error = thrown(() => toThread(work));
      expect(error).toBeInstanceOf(TypeError);
      return error.message;
    };
    const object = {
      method() {},
      get getter() {
        return 1;
      },
    };
    expect(refusal(console.log.bind(null))).toMatch(/bound log .* it is bound.*\{ module, name \}/);
    expect(refusal(Math.max)).toMatch(/max cannot be sent to a thread/);
    expect(refusal(class A {})).toMatch(/A cannot be sent to a thread: it is a class/);
    expect(refusal(object.method)).toMatch(/method cannot be sent to a thread: it is a method/);
    expect(refusal(function* g() {})).toMatch(/g cannot .* a coroutine, which a loop drives/);
    expect(refusal(async function* g() {})).toMatch(/a coroutine, which a loop drives/);
    for (const nothing of [undefined, null, 3, 'name', {}, { module: WORK, func: () => 1 }]) {
      expect(refusal(nothing)).toMatch(/cannot be done in a thread: give an arrow function/);
    }
    expect(refusal({ func: 3 })).toBe('func: 3 is no function');
    expect(refusal({ module: 'lodash' })).toMatch(/neither a URL nor a path.*import.meta.resolve/);
    expect(refusal({ module: 3 })).toBe('module: 3 is neither a URL nor a path');
    expect(refusal({ module: WORK, name: 3 })).toBe('name: 3 is not a string');
    expect(refusal({ module: WORK, transfer: 3 })).toBe('transfer: 3 is not an array');
  });
});

test('what a module does not have is told with what it has', async () => {
  await run(async () => {
    for (const name of ['nothing', 'notAFunction']) {
      const error = await rejection(toThread({ module: WORK, name }));
      expect(error.message).toMatch(
        new RegExp(`exports no function called ${name}; it exports ` + '.*coroutine.*count'),
      );
    }
    expect((await rejection(toThread({ module: WORK, name: 'coroutine' }))).message).toMatch(
      /coroutine of .* is a generator function, which is a coroutine/,
    );
    const missing = await rejection(toThread({ module: './no/such/file.js' }));
    expect((missing as NodeJS.ErrnoException).code).toBe('ERR_MODULE_NOT_FOUND');
  });
});

test('a name from outside of the function is explained', async () => {
  const outside = 3;
  await run(async () => {
    const error = await rejection(toThread(() => outside + 1));
    expect(error).toBeInstanceOf(ReferenceError);
    expect(error.message).toMatch(/^outside is not defined: a function that is sent to a thread/);
    expect(error.stack).toMatch(/^ReferenceError: outside is not defined: a function/);
  });
});

test('errors keep class, name, message, code, cause and stack', async () => {
  await run(async () => {
    const error = (await rejection(
      toThread(() => {
        const cause = new RangeError('below');
        throw Object.assign(new TypeError('above', { cause }), { code: 'E_ABOVE', fields: [1] });
      }),
    )) as Error & { code: string; fields: number[] };
    expect(error).toBeInstanceOf(TypeError);
    expect([error.message, error.code, error.fields]).toEqual(['above', 'E_ABOVE', [1]]);
    expect(error.cause).toBeInstanceOf(RangeError);
    expect(error.stack).toMatch(/in-a-thread/);
    const own = await rejection(
      toThread(() => {
        class OwnError extends Error {
          override name = 'OwnError';
        }
        throw new OwnError('own');
      }),
    );
    expect([own.name, own.message]).toEqual(['OwnError', 'own']);
  });
});

test('what is thrown and is no Error is kept; a falsy one becomes a cause', async () => {
  await run(async () => {
    expect(
      await rejection(
        toThread(() => {
          throw 'text';
        }),
      ),
    ).toBe('text');
    expect(
      await rejection(
        toThread(() => {
          throw { a: [1] };
        }),
      ),
    ).toEqual({ a: [1] });
    for (const nothing of [undefined, null, 0]) {
      const error = await rejection(
        toThread((value: unknown) => {
          throw value;
        }, nothing),
      );
      expect(error).toBeInstanceOf(RuntimeError);
      expect(error.cause).toBe(nothing);
    }
  });
});

test('what cannot travel is an error that names it, and costs no thread', async () => {
  await run(async () => {
    const argument = thrown(() =>
      toThread(
        (a: any, b: any) => [a, b],
        1,
        () => 2,
      ),
    );
    expect([argument.name, argument.message.slice(0, 46)]).toEqual([
      'DataCloneError',
      'argument 2 ([Function (anonymous)]) cannot tra',
    ]);
    const result = await rejection(toThread(() => () => 1));
    expect(result.name).toBe('DataCloneError');
    expect(result.message).toMatch(/^the result of .* cannot travel out of its thread: \(\) => 1/);
    const inError = await rejection(
      toThread(() => {
        throw Object.assign(new Error('with a function'), { call: () => 1, kept: true });
      }),
    );
    expect(inError).toMatchObject({ message: 'with a function', kept: true });
  });
});

test('arguments are copied at the call; a transfer list hands them over', async () => {
  await run(async () => {
    const list = [1, 2];
    const sum = toThread((numbers: number[]) => numbers.length, list);
    list.push(3);
    expect(await sum).toBe(2);
    const buffer = new ArrayBuffer(8);
    const func = (given: ArrayBuffer): number => given.byteLength;
    expect(await toThread({ func, transfer: [buffer] }, buffer)).toBe(8);
    expect(buffer.byteLength).toBe(0);
    const error = thrown(() => toThread({ func, transfer: [3] }, new ArrayBuffer(1)));
    expect(error.message).toMatch(/^transfer cannot travel to a thread/);
  });
});

test('more jobs than threads: all of them run, in threads that are used again', async () => {
  await run(async () => {
    const loop = getRunningLoop();
    const threads = new ThreadPoolExecutor({ maxWorkers: 2 });
    const results = await gather(
      Array.from({ length: 150 }, () =>
        loop.runInExecutor(threads, { module: WORK, name: 'count' }),
      ),
    );
    expect(new Set(results.map(([thread]) => thread)).size).toBe(2);
    expect(new Set(results.map(String)).size).toBe(150);
    await threads.shutdown();
  });
});

test('a result of 100 MB comes as it is', async () => {
  const result = await run(() =>
    toThread(() => {
      const bytes = new Uint8Array(100_000_000);
      bytes[99_999_999] = 7;
      return bytes.buffer;
    }),
  );
  expect([result.byteLength, new Uint8Array(result)[99_999_999]]).toEqual([100_000_000, 7]);
});

test('cancelled before it has begun: it never runs', async () => {
  await run(async () => {
    const loop = getRunningLoop();
    const [blocker, late] = [new Meeting(), new Meeting()];
    const threads = new ThreadPoolExecutor({ maxWorkers: 1 });
    const first = loop.runInExecutor(threads, { module: WORK, name: 'meet' }, blocker.shared);
    const second = loop.runInExecutor(threads, { module: WORK, name: 'meet' }, late.shared);
    await blocker.begins();
    expect(second.cancel('not needed')).toBe(true);
    expect(await rejection(second)).toBeInstanceOf(CancelledError);
    // In the turn of the call, the thread has not even started.
    const third = loop.runInExecutor(threads, { module: WORK, name: 'meet' }, late.shared);
    third.cancel();
    blocker.letGo();
    expect(await first).toBe('met');
    expect(await loop.runInExecutor(threads, () => 'next')).toBe('next');
    await threads.shutdown();
    expect(late.begun).toBe(0);
  });
});

test('cancelled in the turn of the call, with a free thread: it never runs', async () => {
  await run(async () => {
    const late = new Meeting();
    const future = toThread({ module: WORK, name: 'meet' }, late.shared);
    future.cancel();
    expect(await toThread(() => 'next')).toBe('next');
    expect(late.begun).toBe(0);
  });
});

test('cancelled while it runs: the waiting ends at once, the thread goes on', async () => {
  for (const lane of ['generator', 'async']) {
    await run(async () => {
      const meeting = new Meeting();
      const wait = (): Future<any> => toThread({ module: WORK, name: 'meet' }, meeting.shared);
      const task =
        lane === 'async'
          ? createTask(async () => {
              await wait();
            })
          : createTask(function* () {
              yield* wait();
            });
      await meeting.begins();
      task.cancel();
      expect((await rejection(task)).name).toBe('CancelledError');
      meeting.letGo();
      await meeting.goesOn();
    });
  }
});

test('a signal beside the work: an AbortError, and what has not begun never does', async () => {
  await run(async () => {
    const func = (): number => 1;
    const early = toThread({ func, signal: AbortSignal.abort('early') });
    expect(early.done()).toBe(true);
    expect(await rejection(early)).toMatchObject({ code: 'ABORT_ERR', cause: 'early' });
    const control = new AbortController();
    const [meeting, late] = [new Meeting(), new Meeting()];
    const work = { module: WORK, name: 'meet', signal: control.signal };
    const threads = new ThreadPoolExecutor({ maxWorkers: 1 });
    const loop = getRunningLoop();
    const running = loop.runInExecutor(threads, work, meeting.shared);
    const waiting = loop.runInExecutor(threads, work, late.shared);
    await meeting.begins();
    control.abort('late');
    for (const each of [running, waiting]) {
      expect(await rejection(each)).toMatchObject({ code: 'ABORT_ERR', cause: 'late' });
    }
    meeting.letGo();
    await threads.shutdown();
    expect(late.begun).toBe(0);
    expect(thrown(() => toThread({ func, signal: 3 as any })).message).toBe(
      'signal: 3 is not an AbortSignal',
    );
  });
});

test('terminateOnCancel ends the thread, and the next job has another', async () => {
  await run(async () => {
    const loop = getRunningLoop();
    const threads = new ThreadPoolExecutor({ maxWorkers: 1, terminateOnCancel: true });
    const meeting = new Meeting();
    const endless = loop.runInExecutor(threads, { module: WORK, name: 'forever' }, meeting.shared);
    await meeting.begins();
    endless.cancel();
    expect(await loop.runInExecutor(threads, () => 'next')).toBe('next');
    await threads.shutdown();
  });
});

test('a job that ends its thread fails alone; the others go on', async () => {
  await run(async () => {
    const results = (await gather(
      [
        toThread(() => process.exit(3)),
        toThread(() => {
          setImmediate(() => {
            throw new RangeError('late');
          });
          return new Promise(() => {});
        }),
        toThread(() => 'fine'),
      ],
      { returnExceptions: true },
    )) as [Error, Error, string];
    expect(results[0]).toBeInstanceOf(RuntimeError);
    expect(results[0].message).toMatch(/has ended: worker exited with code: 3/);
    expect((results[1].cause as Error).message).toBe('late');
    expect(results[2]).toBe('fine');
    expect(await toThread(() => 'after')).toBe('after');
  });
});

test('submit without a loop: a Promise, and a signal', async () => {
  const threads = new ThreadPoolExecutor({ maxWorkers: 1 });
  expect(await threads.submit((a: number) => a, [1])).toBe(1);
  expect(await threads.submit(() => 2)).toBe(2);
  const aborted = AbortSignal.abort('why');
  expect(await rejection(threads.submit(() => 1, [], { signal: aborted }))).toMatchObject({
    name: 'AbortError',
    code: 'ABORT_ERR',
    cause: 'why',
  });
  const [meeting, late] = [new Meeting(), new Meeting()];
  const work = { module: WORK, name: 'meet' };
  const control = new AbortController();
  const running = threads.submit(work, [meeting.shared], control);
  const waiting = threads.submit(work, [late.shared], control);
  await meeting.begins();
  control.abort();
  expect((await rejection(running)).name).toBe('AbortError');
  expect((await rejection(waiting)).name).toBe('AbortError');
  meeting.letGo();
  await threads.shutdown();
  expect(late.begun).toBe(0);
  expect(thrown(() => threads.submit(() => 1, 3 as any)).message).toBe(
    'cannot schedule new futures after shutdown',
  );
});

test('wrong options are refused', () => {
  expect(thrown(() => new ThreadPoolExecutor({ maxWorkers: 0 }))).toBeInstanceOf(RangeError);
  expect(thrown(() => new ThreadPoolExecutor({ maxWorkers: 1.5 }))).toBeInstanceOf(RangeError);
  const limits = { resourceLimits: 64 as any };
  for (const options of [{ maxWorkers: '2' as any }, { idleTimeout: 'soon' }, limits]) {
    expect(thrown(() => new ThreadPoolExecutor(options))).toBeInstanceOf(TypeError);
  }
  const threads = new ThreadPoolExecutor();
  expect(threads.maxWorkers).toBeLessThanOrEqual(32);
  expect(thrown(() => threads.submit(() => 1, 'text' as any)).message).toBe(
    "args: 'text' is not an array",
  );
  expect(thrown(() => threads.submit(() => 1, [], { signal: 3 as any })).message).toBe(
    'signal: 3 is not an AbortSignal',
  );
});

test('shutdown waits for what runs and what waits; cancelPending drops what waits', async () => {
  const work = { module: WORK, name: 'meet' };
  for (const cancelPending of [false, true]) {
    const threads = new ThreadPoolExecutor({ maxWorkers: 1 });
    const [first, second] = [new Meeting(), new Meeting()];
    second.letGo();
    const running = threads.submit(work, [first.shared]);
    const waiting = threads.submit(work, [second.shared]);
    const outcome = waiting.catch((error: Error) => error.name);
    await first.begins();
    const ended = threads.shutdown({ cancelPending });
    await threads.shutdown({ wait: false });
    first.letGo();
    await ended;
    expect(await running).toBe('met');
    expect(await outcome).toBe(cancelPending ? 'CancelledError' : 'met');
    expect(second.begun).toBe(cancelPending ? 0 : 1);
    await threads.shutdown();
  }
});

test('shutdown with terminate ends what runs', async () => {
  const threads = new ThreadPoolExecutor({ maxWorkers: 1 });
  const meeting = new Meeting();
  const endless = threads.submit({ module: WORK, name: 'forever' }, [meeting.shared]);
  await meeting.begins();
  const failure = rejection(endless);
  await threads.shutdown({ terminate: true });
  expect((await failure).message).toMatch(/^the thread that ran forever of .* was terminated$/);
});

test('odd functions: a name that is none, a getter among the arguments that throws', async () => {
  await run(async () => {
    const odd = (): string => 'odd';
    Object.defineProperty(odd, 'name', { value: Symbol('odd') });
    expect(await toThread(odd)).toBe('odd');
    const comment = (/* a } ` */ text = ')') => text; // )
    expect(await toThread(comment)).toBe(')');
    const hostile = {
      get value(): never {
        throw new RangeError('from the getter');
      },
    };
    expect(thrown(() => toThread((given: object) => given, hostile)).message).toMatch(
      /^argument 1 \(.*\) cannot travel to a thread: from the getter/,
    );
    expect(thrown(() => toThread(new Proxy(odd, {})))).toBeInstanceOf(TypeError);
    const strict = await rejection(
      toThread(() => {
        (_undeclared as any) = 1;
      }),
    );
    expect(strict).toBeInstanceOf(ReferenceError);
  });
});

declare let _undeclared: number;
