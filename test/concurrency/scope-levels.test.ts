// A cancelled scope is a state, in both lanes and through everything that stands between it and a
// wait; and the reason of a cancel by others comes through.
import {
  CancelledError,
  CancelScope,
  createTask,
  failAfter,
  forEach,
  Future,
  gather,
  Lock,
  moveOnAfter,
  retry,
  Semaphore,
  shield,
  sleep,
  TaskGroup,
  timeout,
  timeoutAt,
  getRunningLoop,
  waitFor,
} from 'oxbow';
import type { Coro } from 'oxbow';
import { runVirtual } from 'oxbow/testing';

import { rejection } from '../support/outcomes.ts';

type AsyncBody = () => Promise<void>;
type Body = () => Coro<void>;

const lock = new Lock();
const semaphore = new Semaphore(5);

/** What a body can be wrapped in, in the async lane; the body may also be one of the other. */
const WRAPS: Record<string, (body: () => any) => PromiseLike<unknown>> = {
  nothing: (body) => body(),
  'TaskGroup.run': (body) => TaskGroup.run(body),
  timeout: (body) => timeout(50, body),
  timeoutAt: (body) => timeoutAt(getRunningLoop().time() + 50, body),
  'lock.with': (body) => lock.with(body),
  'semaphore.with': (body) => semaphore.with(body),
  'CancelScope.run': (body) => CancelScope.run({}, body),
  moveOnAfter: (body) => moveOnAfter(50, body),
  failAfter: (body) => failAfter(50, body),
  'timeout in a group': (body) =>
    TaskGroup.run(async () => {
      await timeout(50, body);
    }),
  'a group in a scope in a lock': (body) =>
    lock.with(async () => {
      await CancelScope.run({}, async () => {
        await TaskGroup.run(body);
      });
    }),
};

/** Every kind of wait; each swallows the cancel, and the next one must fail as well. */
const WAITS: Record<string, () => PromiseLike<unknown>> = {
  'sleep(1)': () => sleep(1),
  'sleep(0)': () => sleep(0),
  'a future': () => new Future(),
  gather: () => gather([sleep(1), sleep(2)]),
  waitFor: () => waitFor(sleep(1), 5),
  shield: () => shield(sleep(1)),
  'a task': () =>
    createTask(function* () {
      yield* sleep(1);
    }),
  'two at once': () => Promise.all([sleep(1), sleep(2)]),
};

async function waits(said: string[]): Promise<void> {
  for (const [name, wait] of Object.entries(WAITS)) {
    for (let n = 0; n < 2; n++) {
      try {
        await wait();
        said.push(`${name} went on`);
      } catch (error) {
        if (!(error instanceof CancelledError)) throw error;
      }
    }
  }
}

function* waitsG(said: string[]): Coro<void> {
  for (const [name, wait] of Object.entries(WAITS).slice(0, 7)) {
    for (let n = 0; n < 2; n++) {
      try {
        yield* wait() as Future<unknown>;
        said.push(`${name} went on`);
      } catch (error) {
        if (!(error instanceof CancelledError)) throw error;
      }
    }
  }
  for (let n = 0; n < 3; n++) {
    try {
      yield;
      said.push('a bare yield went on');
    } catch (error) {
      if (!(error instanceof CancelledError)) throw error;
    }
  }
}

/** How the scope comes to be cancelled. */
const CANCELS: Record<string, (scope: CancelScope) => Promise<void>> = {
  before: async (scope) => scope.cancel(),
  'while it waits': async (scope) => {
    getRunningLoop().callLater(1, () => scope.cancel());
    await rejection(sleep(5));
  },
  'while shielded': (scope) =>
    CancelScope.run({ shield: true }, async () => {
      scope.cancel();
      await sleep(1);
    }).then(() => {}),
  'by its deadline': async (scope) => {
    scope.deadline = getRunningLoop().time() + 1;
    await rejection(sleep(5));
  },
};

describe.each(Object.entries(CANCELS))('cancelled %s', (_how, cancel) => {
  test.each(Object.entries(WRAPS))('every wait in %s fails', (_name, wrap) =>
    runVirtual(async () => {
      for (const inner of [waits, waitsG] as ((said: string[]) => any)[]) {
        const said: string[] = [];
        let begun = false;
        const own = createTask(async () => {
          await CancelScope.run({}, async (scope) => {
            await cancel(scope);
            const body =
              inner === waits
                ? async () => {
                    begun = true;
                    await waits(said);
                  }
                : function* () {
                    begun = true;
                    yield* waitsG(said);
                  };
            if (inner === waitsG && wrap === WRAPS['nothing']) await timeout(null, body as Body);
            else await wrap(body as AsyncBody);
          });
        });
        await own;
        expect(said).toEqual([]);
        expect(own.cancelling()).toBe(0);
        // A lock is a wait itself, so that its body may not begin at all.
        if (!_name.includes('lock') && !_name.includes('semaphore')) expect(begun).toBe(true);
      }
    }),
  );
});

test('in the generator lane, with bodies of the other', () =>
  runVirtual(function* () {
    for (const wrap of Object.values(WRAPS).slice(1)) {
      const said: string[] = [];
      yield* CancelScope.run({}, function* (scope) {
        scope.cancel();
        try {
          yield* wrap(async () => {
            await waits(said);
          }) as any;
        } catch (error) {
          if (!(error instanceof CancelledError)) throw error;
        }
        yield* waitsG(said);
      });
      expect(said).toEqual([]);
    }
  }));

test('a group in a cancelled scope ends its tasks once, and waits for their clean-up', () =>
  runVirtual(async () => {
    const said: string[] = [];
    await CancelScope.run({}, async (scope) => {
      await TaskGroup.run(async (group) => {
        group.createTask(async () => {
          try {
            await sleep(5);
          } finally {
            await sleep(1);
            said.push('cleaned up');
          }
        });
        scope.cancel();
        await rejection(sleep(1));
      });
    });
    expect(said).toEqual(['cleaned up']);
    expect(getRunningLoop().time()).toBeLessThan(2);
  }));

test('a shield within keeps it out, also in tasks of scopes', () =>
  runVirtual(async () => {
    const said: unknown[] = [];
    await CancelScope.run({}, async (scope) => {
      scope.cancel();
      await CancelScope.run({ shield: true }, async () => {
        await TaskGroup.run(async () => {
          await timeout(5, async () => {
            said.push(await sleep(1, 'slept'));
          });
        });
      });
      said.push((await rejection(sleep(0))).name);
    });
    expect(said).toEqual(['slept', 'CancelledError']);
  }));

test('what was done before is no wait', () =>
  runVirtual(async () => {
    const done = sleep(0, 5);
    await done;
    await CancelScope.run({}, async (scope) => {
      scope.cancel();
      expect(await done).toBe(5);
    });
  }));

test('forEach and retry in a cancelled scope', () =>
  runVirtual(async () => {
    let worked = 0;
    await CancelScope.run({}, async (scope) => {
      scope.cancel();
      await forEach([1, 2, 3], async () => {
        await sleep(1);
        worked++;
      });
    });
    await CancelScope.run({}, async (scope) => {
      scope.cancel();
      await retry(async () => {
        await sleep(1);
        worked++;
      });
    });
    expect(worked).toBe(0);
  }));

const REASONS: Record<string, [() => Coro<void>, () => Promise<void>]> = {
  'group.cancel() in the body': [
    () =>
      TaskGroup.run(function* (group) {
        group.createTask(slow);
        yield* sleep(0);
        group.cancel();
      }) as any,
    async () => {
      await TaskGroup.run(async (group) => {
        group.createTask(slow);
        await sleep(0);
        group.cancel();
      });
    },
  ],
  'group.cancel() from outside of it': [
    () =>
      TaskGroup.run(function* (group) {
        group.createTask(slow);
        getRunningLoop().callLater(0.5, () => group.cancel());
        yield* sleep(10);
      }) as any,
    async () => {
      await TaskGroup.run(async (group) => {
        group.createTask(slow);
        getRunningLoop().callLater(0.5, () => group.cancel());
        await sleep(10);
      });
    },
  ],
  'a group without any cancel of its own': [
    () =>
      TaskGroup.run(function* (group) {
        group.createTask(slow);
      }) as any,
    async () => {
      await TaskGroup.run(async (group) => {
        group.createTask(slow);
      });
    },
  ],
  'a timeout that expires in the same turn': [
    () =>
      timeout(1, function* () {
        yield* sleep(10);
      }) as any,
    async () => {
      await timeout(1, async () => {
        await sleep(10);
      });
    },
  ],
};

async function slow(): Promise<void> {
  try {
    await sleep(10);
  } finally {
    await sleep(3);
  }
}

test.each(Object.entries(REASONS))('the outside reason is kept: %s', (_name, lanes) =>
  runVirtual(async () => {
    for (const body of lanes) {
      const task = createTask(function* () {
        yield* body() as Coro<void>;
      });
      const main = body === lanes[1] ? createTask(body as () => Promise<void>) : task;
      if (main !== task) task.cancel();
      getRunningLoop().callLater(1, () => main.cancel('because'));
      const error = (await rejection(main)) as CancelledError;
      expect(error.name).toBe('CancelledError');
      expect(error.reason).toBe('because');
    }
  }),
);

test('a group that was never entered', () =>
  runVirtual(function* () {
    const group = new (TaskGroup as unknown as new () => TaskGroup)();
    let ran = false;
    const child = (function* () {
      ran = true;
    })();
    for (const call of [
      () => group.createTask(child),
      () => group.start(function* () {}),
      () => group.cancel(),
    ])
      expect(call).toThrow(/^TaskGroup <TaskGroup> has not been entered; write TaskGroup\.run\(/);
    yield* sleep(0);
    expect(ran).toBe(false);
    expect(child.next().done).toBe(true);
  }));

test.each(['function*', 'async'])('%s: a cancel by others on top of the own one', (lane) =>
  runVirtual(async () => {
    for (const scopeFirst of [true, false]) {
      let scope!: CancelScope;
      const take = (given: CancelScope): void => {
        scope = given;
      };
      const body =
        lane === 'async'
          ? async (given: CancelScope) => {
              take(given);
              await sleep(9);
            }
          : function* (given: CancelScope) {
              take(given);
              yield* sleep(9);
            };
      const task = createTask(async () => await CancelScope.run({}, body as never));
      await sleep(1);
      if (scopeFirst) scope.cancel('the scope');
      task.cancel('others');
      scope.cancel('the scope');
      expect(((await rejection(task)) as CancelledError).reason).toBe('others');
      expect(scope.cancelledCaught).toBe(false);
    }
  }),
);

test('a scope that could not be entered is not made', () => {
  const make = CancelScope as unknown as new (options?: object) => CancelScope;
  expect(() => new make({ deadline: 1 })).toThrow(
    'new CancelScope() makes none that could be ' + 'entered; write CancelScope.run(',
  );
});
