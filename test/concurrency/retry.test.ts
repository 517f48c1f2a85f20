// retry: attempts, pauses, timeouts, what is never retried; in both lanes.
import {
  CancelledError,
  createTask,
  getRunningLoop,
  KeyboardInterrupt,
  moveOnAfter,
  retry,
  retryErrors,
  sleep,
  timeout,
  TimeoutError,
} from 'oxbow';
import type { RetryOptions } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection, thrown } from '../support/outcomes.ts';

/** A body that fails so many times, and when it was called. */
function failing(times: number, lane: 'generator' | 'async' = 'generator') {
  const calls: number[] = [];
  const begin = getRunningLoop().time();
  const note = (attempt: number): void => {
    calls.push(Math.round((getRunningLoop().time() - begin) * 1e6) / 1e6);
    if (attempt <= times) throw new Error(`failure ${attempt}`);
  };
  const body =
    lane === 'generator'
      ? function* ({ attempt }: { attempt: number }) {
          yield;
          note(attempt);
          return attempt;
        }
      : async ({ attempt }: { attempt: number }) => {
          await null;
          note(attempt);
          return attempt;
        };
  return { calls, body };
}

for (const lane of ['generator', 'async'] as const) {
  test(`tries until it succeeds, with growing pauses (${lane})`, () =>
    runVirtual(function* () {
      const { calls, body } = failing(3, lane);
      expect(yield* retry(body, { attempts: 5, delay: 1, factor: 3 })).toBe(4);
      expect(calls).toEqual([0, 1, 4, 13]);
    }));

  test(`throws the last error itself; the earlier ones are known (${lane})`, () =>
    runVirtual(async () => {
      const { calls, body } = failing(9, lane);
      const heard: unknown[] = [];
      const error = await rejection(
        retry(body, {
          attempts: 3,
          delay: '100ms',
          onRetry: (failure, attempt, delay) => heard.push([failure.message, attempt, delay]),
        }),
      );
      expect(error.message).toBe('failure 3');
      expect(retryErrors(error).map((each) => (each as Error).message)).toEqual([
        'failure 1',
        'failure 2',
        'failure 3',
      ]);
      expect(heard).toEqual([
        ['failure 1', 1, 0.1],
        ['failure 2', 2, 0.2],
      ]);
      expect(calls).toHaveLength(3);
      expect(retryErrors(new Error('other'))).toEqual([]);
      expect(retryErrors(undefined)).toEqual([]);
    }));

  test(`an attempt that takes too long is cancelled, and its signal aborted (${lane})`, () =>
    runVirtual(function* () {
      const signals: AbortSignal[] = [];
      let cleaned = 0;
      const body =
        lane === 'generator'
          ? function* ({ attempt, signal }: { attempt: number; signal: AbortSignal }) {
              signals.push(signal);
              try {
                yield* sleep(attempt < 3 ? 10 : 0);
              } finally {
                cleaned++;
              }
              return attempt;
            }
          : async ({ attempt, signal }: { attempt: number; signal: AbortSignal }) => {
              signals.push(signal);
              try {
                await sleep(attempt < 3 ? 10 : 0);
              } finally {
                cleaned++;
              }
              return attempt;
            };
      expect(yield* retry(body, { timeout: 1, delay: 0 })).toBe(3);
      expect(signals.map((signal) => signal.aborted)).toEqual([true, true, false]);
      expect(cleaned).toBe(3);
      const error = yield* createTask(() =>
        rejection(retry(body, { attempts: 1, timeout: '1ms' })),
      );
      expect(error).toBeInstanceOf(TimeoutError);
    }));

  test(`a cancel ends the attempt or the pause, and is not retried (${lane})`, () =>
    runVirtual(function* () {
      for (const after of [0.5, 1.5]) {
        let attempts = 0;
        const work = retry<void>(
          lane === 'generator'
            ? function* () {
                attempts++;
                yield* sleep(1);
                throw new Error('failure');
              }
            : async () => {
                attempts++;
                await sleep(1);
                throw new Error('failure');
              },
          { delay: 1 },
        );
        const task = createTask(
          lane === 'generator'
            ? function* () {
                yield* work;
              }
            : async () => {
                await work;
              },
        );
        yield* sleep(after);
        task.cancel();
        yield* sleep(10);
        expect([task.cancelled(), attempts]).toEqual([true, 1]);
      }
    }));
}

test('a cancel that the body turns into an error of its own is not retried', () =>
  runVirtual(function* () {
    let attempts = 0;
    const task = createTask(function* () {
      yield* retry(
        async ({ signal }) => {
          attempts++;
          await new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(new Error('converted')));
          });
        },
        { attempts: Infinity },
      );
    });
    yield* sleep(1);
    task.cancel();
    yield* sleep(100);
    expect(attempts).toBe(1);
    expect(task.done()).toBe(true);
    expect((task.exception() as Error).message).toBe('converted');
  }));

test('CancelledError and KeyboardInterrupt are never retried, nor is what retryIf refuses', () =>
  runVirtual(async () => {
    for (const failure of [new CancelledError(), new Error('refused'), new Error('refused 2')]) {
      let attempts = 0;
      const error = await rejection(
        retry(
          async () => {
            attempts++;
            throw failure;
          },
          {
            retryIf: lanes[attempts % 2]!,
          },
        ),
      );
      expect(attempts).toBe(1);
      if (!(failure instanceof CancelledError)) expect(error).toBe(failure);
    }
  }));
const lanes: RetryOptions['retryIf'][] = [
  (error) => !error.message.startsWith('refused'),
  function* (error) {
    yield* sleep(1);
    return !error.message.startsWith('refused');
  },
];

test('KeyboardInterrupt goes through at once', async () => {
  let attempts = 0;
  const error = await rejection(
    runVirtual(() =>
      retry(function* () {
        attempts++;
        yield;
        throw new KeyboardInterrupt();
      }),
    ),
  );
  expect(error).toBeInstanceOf(KeyboardInterrupt);
  expect(attempts).toBe(1);
});

test('{signal} ends it with an AbortError, and does not begin when it has aborted', () =>
  runVirtual(async () => {
    for (const after of [0.5, 1.5]) {
      const control = new AbortController();
      let attempts = 0;
      const failed = rejection(
        retry(
          async () => {
            attempts++;
            await sleep(1);
            throw new Error('failure');
          },
          { signal: control.signal, delay: 1 },
        ),
      );
      await sleep(after);
      control.abort('enough');
      const error = await failed;
      expect([error.name, error.cause, attempts]).toEqual(['AbortError', 'enough', 1]);
      let called = false;
      const again = await rejection(
        retry(
          async () => {
            called = true;
          },
          { signal: control.signal },
        ),
      );
      expect([again.name, called]).toEqual(['AbortError', false]);
    }
  }));

const JITTERS: [RetryOptions['jitter'], number[]][] = [
  ['none', [0, 4, 12]],
  ['full', [0, 1, 3]],
  ['equal', [0, 2.5, 7.5]],
  [0.5, [0, 3, 9]],
  [0, [0, 4, 12]],
];
test.each(JITTERS)('jitter %s', (jitter, expected) =>
  runVirtual(function* () {
    const { calls, body } = failing(2);
    yield* retry(body, { delay: 4, jitter, random: () => 0.25 });
    expect(calls).toEqual(expected);
  }),
);

test('maxDelay bounds every pause, with jitter too; infinite attempts do not overflow', () =>
  runVirtual(function* () {
    const { calls, body } = failing(2000);
    expect(
      yield* retry(body, {
        attempts: Infinity,
        delay: 1,
        maxDelay: 2,
        jitter: 1,
        random: () => 1,
        factor: 10,
      }),
    ).toBe(2001);
    const pauses = calls.map((time, at) => Math.round(time - (calls[at - 1] ?? 0)));
    expect(new Set(pauses.slice(1))).toEqual(new Set([2]));
  }));

test('without `random` the jitter is random', () =>
  runVirtual(function* () {
    const { calls, body } = failing(2);
    yield* retry(body, { delay: 1, jitter: 'full' });
    expect(calls[1]).toBeLessThanOrEqual(1);
  }));

test('a body that is none is not called again', () =>
  runVirtual(async () => {
    let calls = 0;
    const error = await rejection(
      retry((() => {
        calls++;
        return 5;
      }) as never),
    );
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(/the body of retry\(\) returned 5: a coroutine was expected/);
    expect(calls).toBe(1);
  }));

test('callbacks may return anything', () =>
  runVirtual(function* () {
    const { calls, body } = failing(1);
    yield* retry(body, { retryIf: () => ['truthy'], onRetry: () => new Map([[1, 2]]) });
    expect(calls).toHaveLength(2);
    const log: string[] = [];
    yield* retry(failing(1).body, {
      retryIf: async () => {
        await sleep(1);
        return true;
      },
      onRetry: function* () {
        yield* sleep(1);
        log.push('heard');
      },
    });
    expect(log).toEqual(['heard']);
  }));

test('what is thrown is kept as it is', () =>
  runVirtual(async () => {
    const frozen = Object.freeze({ code: 5 });
    expect(
      await rejection(
        retry(
          async () => {
            throw frozen;
          },
          { delay: 0 },
        ),
      ),
    ).toBe(frozen);
    expect(retryErrors(frozen)).toEqual([frozen, frozen, frozen]);
    const error = await rejection(
      retry(
        async () => {
          throw new Error('x');
        },
        {
          retryIf: () => {
            throw new TypeError('predicate');
          },
        },
      ),
    );
    expect(error.message).toBe('predicate');
  }));

for (const lane of ['generator', 'async'] as const) {
  test(`within a timeout and a cancel scope the pauses end (${lane})`, () =>
    runVirtual(function* () {
      let attempts = 0;
      const body =
        lane === 'generator'
          ? function* () {
              attempts++;
              yield;
              throw new Error('failure');
            }
          : async () => {
              attempts++;
              await null;
              throw new Error('failure');
            };
      const options = { attempts: Infinity, delay: 1, factor: 1 };
      const run =
        lane === 'generator'
          ? function* () {
              yield* retry(body, options);
            }
          : async () => {
              await retry(body, options);
            };
      expect(yield* createTask(() => rejection(timeout(2.5, run)))).toBeInstanceOf(TimeoutError);
      expect(attempts).toBe(3);
      expect(yield* moveOnAfter(2.5, run)).toBe(undefined);
      expect(attempts).toBe(6);
    }));
}

for (let turns = 0; turns < 10; turns++) {
  test(`cancelled at turn ${turns}, no attempt is left or begun`, () =>
    runVirtual(function* () {
      let inside = 0;
      const task = createTask(function* () {
        return yield* retry(
          function* ({ attempt }) {
            inside++;
            try {
              yield;
              yield;
            } finally {
              inside--;
            }
            if (attempt < 3) throw new Error('failure');
            return 'done';
          },
          { delay: 0 },
        );
      });
      for (let turn = 0; turn < turns; turn++) yield;
      task.cancel();
      yield* sleep(1);
      expect([task.cancelled(), inside]).toEqual([true, 0]);
    }));
}

test('wrong options are refused by name', () => {
  const body = async () => {};
  const wrong: [RetryOptions, string][] = [
    [{ attempts: 0 }, 'attempts'],
    [{ attempts: 1.5 }, 'attempts'],
    [{ factor: 0.5 }, 'factor'],
    [{ factor: Infinity }, 'factor'],
    [{ jitter: 2 }, 'jitter'],
    [{ jitter: 'some' as never }, 'jitter'],
    [{ delay: NaN }, 'delay'],
    [{ maxDelay: 'x' }, 'maxDelay'],
    [{ timeout: 'x' }, 'timeout'],
    [{ retryIf: 5 as never }, 'retryIf'],
    [{ onRetry: 5 as never }, 'onRetry'],
    [{ random: 5 as never }, 'random'],
    [{ signal: 5 as never }, 'signal'],
  ];
  for (const [options, name] of wrong) {
    expect(thrown(() => retry(body, options)).message).toContain(name);
  }
  expect(thrown(() => retry(5 as never))).toBeInstanceOf(TypeError);
});

test('a random that gives nonsense is an error, not a pause', () =>
  runVirtual(async () => {
    const error = await rejection(
      retry(
        async () => {
          throw new Error('x');
        },
        { jitter: 'full', random: () => NaN },
      ),
    );
    expect(error.message).toBe('retry(): random() must give a number from 0 to 1, got NaN');
  }));
