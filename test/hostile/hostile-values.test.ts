// Values that fight back when they are looked at: whatever is thrown, yielded or scheduled, at most
// the task it belongs to fails, and the loop goes on.
import {
  CancelScope,
  createTask,
  ExceptionGroup,
  forEach,
  getRunningLoop,
  Lock,
  retry,
  sleep,
  TaskGroup,
  timeout,
} from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { collectReports, rejection } from '../support/outcomes.ts';

const trap = (): never => {
  throw new Error('trap');
};
const traps = { get: trap, has: trap, getPrototypeOf: trap, ownKeys: trap };
/** Throws whatever is asked of it, and is no Error. */
const hostile: any = new Proxy({}, traps);
const hostileFunction: any = new Proxy(() => {}, { ...traps, apply: trap });
const fail = (): never => {
  throw hostile;
};

test.each([
  ['callSoon', (): void => void getRunningLoop().callSoon(fail)],
  ['callLater', (): void => void getRunningLoop().callLater(0.1, fail)],
  [
    'a done callback',
    (): void => {
      const future = getRunningLoop().createFuture();
      future.addDoneCallback(fail);
      future.setResult(null);
    },
  ],
  ['a function that is a Proxy', (): void => void getRunningLoop().callSoon(hostileFunction)],
  [
    'its done callback',
    (): void => {
      const future = getRunningLoop().createFuture();
      future.addDoneCallback(hostileFunction);
      future.setResult(null);
    },
  ],
])('what %s throws goes to the handler', (_name, begin) =>
  runVirtual(async () => {
    const reports = collectReports(getRunningLoop());
    begin();
    await sleep(1);
    expect(reports).toHaveLength(1);
    expect(reports[0]!.message).toMatch(/^Exception in callback /);
  }),
);

test('an exception handler may throw it, and the default one too', () =>
  runVirtual(async () => {
    const loop = getRunningLoop();
    const warnings: string[] = [];
    const written = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      warnings.push(String(text));
      return true;
    });
    try {
      loop.setExceptionHandler(fail);
      loop.callSoon(fail);
      await sleep(1);
      loop.defaultExceptionHandler = fail;
      loop.callSoon(fail);
      await sleep(1);
    } finally {
      written.mockRestore();
    }
    expect(warnings[0]).toMatch(/^Unhandled error in exception handler\n/);
    expect(warnings[1]).toMatch(/^Exception in default exception handler/);
  }));

test.each<[string, () => PromiseLike<unknown>]>([
  ['timeout', () => timeout(1, fail)],
  [
    'an expired timeout',
    () =>
      timeout(1, function* () {
        try {
          yield* sleep(2);
        } catch {
          fail();
        }
      }),
  ],
  ['a scope', () => CancelScope.run({}, fail)],
  ['a lock', () => new Lock().with(fail)],
  ['forEach', () => forEach([1], fail)],
  ['retry', () => retry(fail, { attempts: 1 })],
])('what the body of %s throws comes out as it is', (_name, begin) =>
  runVirtual(async () => {
    const task = createTask(function* () {
      yield* begin() as any;
    });
    await sleep(5);
    expect(task.exception() === hostile).toBe(true);
  }),
);

test.each<[string, (group: TaskGroup) => void]>([
  ['body', fail],
  ['child', (group) => void group.createTask(fail)],
])('what the %s of a task group throws is one of its errors', (_name, body) =>
  runVirtual(async () => {
    const error = await rejection(TaskGroup.run(async (group) => body(group)));
    expect(error).toBeInstanceOf(ExceptionGroup);
    const { errors } = error as ExceptionGroup;
    expect(errors[0] === hostile).toBe(true);
    expect((error as ExceptionGroup).split(RangeError)[1]!.errors[0] === hostile).toBe(true);
  }),
);

test.each<[string, unknown]>([
  ['is a Proxy whose traps throw', hostile],
  [
    'has a getter "done" that throws',
    {
      get done() {
        return trap();
      },
    },
  ],
  [
    'has a getter "value" that throws',
    {
      done: true,
      get value() {
        return trap();
      },
    },
  ],
  [
    'has a getter "value" that throws, on the way',
    {
      done: false,
      get value() {
        return trap();
      },
    },
  ],
])('a generator by hand whose result %s fails the task', (_what, result) =>
  runVirtual(async () => {
    const task = createTask((): any => ({ next: () => result, throw: fail }));
    await sleep(1);
    expect(task.done()).toBe(true);
    expect(task.exception()).toMatchObject({ message: 'trap' });
  }),
);

test.each([5, null, undefined])('a source whose next() gives %s ends forEach', (given) =>
  runVirtual(async () => {
    const source: any = { [Symbol.iterator]: () => ({ next: () => given }) };
    expect(await rejection(forEach(source, () => sleep(0)))).toBeInstanceOf(TypeError);
  }),
);

test('debug mode looks at results without touching them', () =>
  runVirtual(async () => {
    const loop = getRunningLoop();
    loop.setDebug(true);
    const reports = collectReports(loop);
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    loop.callSoon(() => hostile);
    loop.callSoon(() => proxy);
    const tasks = [hostile, proxy].map((result) =>
      createTask(function* (): any {
        return result;
      }),
    );
    await sleep(1);
    expect(tasks.map((task) => task.done())).toEqual([true, true]);
    expect(reports).toEqual([]);
  }));
