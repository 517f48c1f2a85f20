// TaskGroup (cancel() and start()), in both lanes.
import {
  CancelledError,
  createTask,
  currentTask,
  eagerTaskFactory,
  ExceptionGroup,
  getRunningLoop,
  RuntimeError,
  sleep,
  TaskGroup,
} from 'oxbow';
import type { Task } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection, thrown } from '../support/outcomes.ts';

const messages = (error: unknown): string[] =>
  (error as ExceptionGroup).errors.map((each) => (each as Error).message);

/** The same group body in both lanes. */
const lanes: [string, (body: (group: TaskGroup) => PromiseLike<unknown>) => Task<unknown>][] = [
  [
    'generator',
    (body) =>
      createTask(function* () {
        return yield* TaskGroup.run(function* (group) {
          return yield* body(group) as any;
        });
      }),
  ],
  ['async', (body) => createTask(async () => TaskGroup.run(async (group) => await body(group)))],
];

for (const [lane, start] of lanes) {
  describe(`in the ${lane} lane`, () => {
    test('waits for its children, and gives what the body returned', () =>
      runVirtual(async () => {
        const order: string[] = [];
        const value = await start((group) => {
          group.createTask(function* () {
            yield* sleep(2);
            order.push('slow');
          });
          group.createTask(async () => {
            await sleep(1);
            order.push('quick');
          });
          return sleep(0, 'body');
        });
        expect(value).toBe('body');
        expect(order).toEqual(['quick', 'slow']);
      }));

    test('a failing child cancels the others and the body; all errors come out', () =>
      runVirtual(async () => {
        const order: string[] = [];
        const task = start((group) => {
          group.createTask(function* () {
            try {
              yield* sleep(100);
            } catch (error) {
              order.push((error as Error).name);
              throw new Error('clean-up');
            }
          });
          group.createTask(async () => {
            await sleep(1);
            throw new Error('first');
          });
          return sleep(100);
        });
        const error = await rejection(task);
        expect(error).toBeInstanceOf(ExceptionGroup);
        expect(error.message).toBe('unhandled errors in a TaskGroup (2 sub-exceptions)');
        expect(messages(error)).toEqual(['first', 'clean-up']);
        expect(order).toEqual(['CancelledError']);
        expect([task.cancelling(), getRunningLoop().time() < 2]).toEqual([0, true]);
      }));

    test('a child that is cancelled is no error; one error is wrapped too', () =>
      runVirtual(async () => {
        expect(
          await start((group) => {
            const child = group.createTask(() => sleep(100));
            group.createTask(async () => {
              throw new CancelledError();
            });
            child.cancel();
            return sleep(1, 'fine');
          }),
        ).toBe('fine');
        const error = await rejection(
          start((group) => {
            group.createTask(() => sleep(100));
            throw new Error('body');
          }),
        );
        expect(messages(error)).toEqual(['body']);
      }));

    test('cancelled from outside: children end first, however often it is asked', () =>
      runVirtual(async () => {
        let ended = 0;
        const task = start((group) => {
          for (let n = 0; n < 2; n++) {
            group.createTask(function* () {
              try {
                yield* sleep(100);
              } finally {
                yield* sleep(5);
                ended++;
              }
            });
          }
          return sleep(100);
        });
        await sleep(1);
        task.cancel('one');
        await sleep(1);
        task.cancel('two');
        const error = await rejection(task);
        expect([task.cancelled(), ended, (error as CancelledError).reason]).toEqual([
          true,
          2,
          'one',
        ]);
      }));

    test('cancelled while it waits for the children at the end', () =>
      runVirtual(async () => {
        let child: Task<unknown> | undefined;
        const task = start((group) => {
          child = group.createTask(() => sleep(100));
          return sleep(0);
        });
        await sleep(1);
        task.cancel();
        await rejection(task);
        expect([task.cancelled(), child!.cancelled()]).toEqual([true, true]);
      }));

    test('errors come first, and the cancel from outside at the next wait', () =>
      runVirtual(async () => {
        const log: unknown[] = [];
        const body = (group: TaskGroup) => {
          group.createTask(function* () {
            try {
              yield* sleep(100);
            } catch {
              throw new Error('clean-up');
            }
          });
          return sleep(100);
        };
        const task = createTask<void>(
          lane === 'generator'
            ? function* () {
                try {
                  yield* TaskGroup.run(function* (group) {
                    yield* body(group);
                  });
                } catch (error) {
                  log.push(messages(error), currentTask()!.cancelling());
                }
                yield* sleep(1);
                log.push('went on');
              }
            : async () => {
                try {
                  await TaskGroup.run(async (group) => {
                    await body(group);
                  });
                } catch (error) {
                  log.push(messages(error), currentTask()!.cancelling());
                }
                await sleep(1);
                log.push('went on');
              },
        );
        await sleep(1);
        task.cancel();
        await rejection(task);
        expect(log).toEqual([['clean-up'], 1]);
        expect(task.cancelled()).toBe(true);
      }));

    test('cancel() ends children and body without an error', () =>
      runVirtual(async () => {
        const children: Task<unknown>[] = [];
        const task = start((group) => {
          children.push(group.createTask(() => sleep(100)));
          getRunningLoop().callLater(1, () => {
            group.cancel();
            group.cancel();
          });
          return sleep(100, 'unreached');
        });
        expect(await task).toBe(undefined);
        expect([task.cancelling(), children[0]!.cancelled()]).toEqual([0, true]);
        expect(
          await start((group) => {
            group.cancel();
            return sleep(0);
          }),
        ).toBe(undefined);
        const error = await rejection(
          start((group) => {
            group.createTask(async () => {
              try {
                await sleep(100);
              } finally {
                throw new Error('real');
              }
            });
            getRunningLoop().callLater(1, () => group.cancel());
            return sleep(0);
          }),
        );
        expect(messages(error)).toEqual(['real']);
      }));

    test('a cancel from outside beside cancel() goes through', () =>
      runVirtual(async () => {
        const task = start((group) => {
          getRunningLoop().callLater(1, () => {
            group.cancel();
            task.cancel('outside');
          });
          return sleep(100);
        });
        await rejection(task);
        expect(task.cancelled()).toBe(true);
      }));

    test('start() gives what the child hands to ready()', () =>
      runVirtual(async () => {
        let ended = false;
        const task = start((group) =>
          group.start<number>(
            lane === 'generator'
              ? function* (ready) {
                  yield* sleep(1);
                  ready(7);
                  yield* sleep(5);
                  ended = true;
                }
              : async (ready) => {
                  await sleep(1);
                  ready(7);
                  await sleep(5);
                  ended = true;
                },
          ),
        );
        expect(await task).toBe(7);
        expect(ended).toBe(true);
      }));
  });
}

test('start(): a child that fails before it is ready leaves the group alone', () =>
  runVirtual(function* () {
    const log: string[] = [];
    const attempt = function* (awaitable: Iterable<any> & PromiseLike<unknown>) {
      try {
        yield* awaitable as any;
      } catch (error) {
        log.push(`${(error as Error).name}: ${(error as Error).message}`);
      }
    };
    yield* TaskGroup.run(function* (group) {
      yield* attempt(
        group.start(function* () {
          yield* sleep(1);
          throw new Error('early');
        }),
      );
      yield* attempt(group.start(async () => {}));
      const wait = group.start(function* () {
        yield* sleep(50);
      });
      getRunningLoop().callLater(1, () => wait.cancel('no more'));
      yield* attempt(wait);
      expect(yield* group.createTask(() => sleep(1, 'alive'))).toBe('alive');
    });
    expect(log).toEqual([
      'Error: early',
      'RuntimeError: the child ended without calling ready()',
      'CancelledError: no more',
    ]);
  }));

test("start(): an error after ready() is the group's; ready() twice is an error", () =>
  runVirtual(async () => {
    const error = await rejection(
      TaskGroup.run(function* (group) {
        yield* group.start<void>(function* (ready) {
          ready();
          ready();
        });
        yield* sleep(100);
      }),
    );
    expect(messages(error)).toEqual(['ready() was called twice']);
  }));

test('nested groups that are both cancelled each swallow their own', () =>
  runVirtual(function* () {
    const log: string[] = [];
    yield* TaskGroup.run(function* (outer) {
      getRunningLoop().callLater(1, () => outer.cancel());
      yield* TaskGroup.run(function* (inner) {
        getRunningLoop().callLater(1, () => inner.cancel());
        yield* sleep(100);
      });
      log.push('inner ended');
      yield* sleep(100);
      log.push('unreached');
    });
    expect(log).toEqual([]);
    expect(currentTask()!.cancelling()).toBe(0);
  }));

test('children may start more while the group waits; afterwards it is finished', () =>
  runVirtual(function* () {
    const log: string[] = [];
    let kept: TaskGroup | undefined;
    yield* TaskGroup.run(function* (group) {
      kept = group;
      group.createTask(function* () {
        yield* sleep(1);
        group.createTask(function* () {
          yield* sleep(1);
          log.push('grandchild');
        });
      });
    });
    expect(log).toEqual(['grandchild']);
    const coroutine = (function* () {
      yield;
    })();
    expect(thrown(() => kept!.createTask(coroutine)).message).toBe('TaskGroup is finished');
    expect(coroutine.next().done).toBe(true);
    kept!.cancel();
  }));

test('a group that is shutting down refuses, and closes the coroutine', () =>
  runVirtual(async () => {
    let message = '';
    const coroutine = (function* () {
      yield;
    })();
    await rejection(
      TaskGroup.run(function* (group) {
        group.createTask(function* () {
          yield;
          throw new Error('x');
        });
        try {
          yield* sleep(100);
        } finally {
          message = thrown(() => group.createTask(coroutine)).message;
        }
      }),
    );
    expect(message).toBe('TaskGroup is shutting down');
    expect(coroutine.next().done).toBe(true);
  }));

test('eager children: done at once, or failing at once', () =>
  runVirtual(async () => {
    getRunningLoop().setTaskFactory(eagerTaskFactory);
    const error = await rejection(
      TaskGroup.run(function* (group) {
        const done = group.createTask(function* () {
          return 5;
        });
        expect(done.done()).toBe(true);
        group.createTask(function* () {
          throw new Error('at once');
        });
        yield* sleep(100);
      }),
    );
    expect(messages(error)).toEqual(['at once']);
  }));

test('misuse is explained', () =>
  runVirtual(function* () {
    expect(thrown(() => TaskGroup.run(5 as never))).toBeInstanceOf(TypeError);
    let error: unknown;
    getRunningLoop().callSoon(() => {
      error = thrown(() =>
        TaskGroup.run(function* () {})
          [Symbol.iterator]()
          .next(),
      );
    });
    yield;
    expect(error).toBeInstanceOf(RuntimeError);
  }));
