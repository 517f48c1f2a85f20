// Async generators that are left when their loop ends (shutdown_asyncgens).
import {
  asCompleted,
  createTask,
  currentTask,
  getRunningLoop,
  Queue,
  run,
  Runner,
  sleep,
} from 'oxbow';
import type { AbstractEventLoop } from 'oxbow';
import { runVirtual, VirtualLoop } from 'oxbow/testing';

import { collectReports } from '../support/outcomes.ts';

const loopFactory = (): VirtualLoop => new VirtualLoop();
const prototype = Object.getPrototypeOf(async function* () {}.prototype);
const native = prototype.next;

afterEach(() => {
  // Every test must leave the language as it was.
  expect(prototype.next).toBe(native);
});

/** Yields forever, and notes in `log` when it is closed. */
async function* numbers(log: string[], name: string, cleanup = 0): AsyncGenerator<number> {
  try {
    for (let n = 1; ; n++) yield n;
  } finally {
    await (cleanup > 0 ? sleep(cleanup) : null);
    log.push(name);
  }
}

/** What a generator is held by, so that the garbage collector stays out of the tests. */
const held: unknown[] = [];

async function begun<G extends AsyncGenerator<any>>(generator: G): Promise<G> {
  held.push(generator);
  await generator.next();
  return generator;
}

test('run closes the generators that are left at a yield, at the same time', async () => {
  const log: string[] = [];
  let seconds = 0;
  class Timed extends VirtualLoop {
    override close(): void {
      seconds = this.time();
      super.close();
    }
  }
  let start = 0;
  await run(
    async () => {
      start = getRunningLoop().time();
      await begun(numbers(log, 'slow', 2));
      await begun(numbers(log, 'fast', 1));
      held.push(numbers(log, 'never begun'));
      for await (const n of numbers(log, 'left by break')) if (n === 2) break;
      log.push('main');
    },
    { loopFactory: () => new Timed() },
  );
  expect(log).toEqual(['left by break', 'main', 'fast', 'slow']);
  expect(seconds - start).toBeCloseTo(2);
});

test('a generator that a function* has begun belongs to the loop too', async () => {
  const log: string[] = [];
  await runVirtual(function* () {
    const generator = numbers(log, 'closed');
    held.push(generator);
    void generator.next();
    yield* sleep(0);
  });
  expect(log).toEqual(['closed']);
});

test('tasks are cancelled first, then generators are closed, then the loop', async () => {
  const log: string[] = [];
  await runVirtual(async () => {
    await begun(numbers(log, 'generator'));
    createTask(async () => {
      try {
        await sleep(100);
      } finally {
        log.push('task');
      }
    });
    await sleep(0);
  });
  expect(log).toEqual(['task', 'generator']);
});

test('finally blocks run on the loop: they may sleep and know it', async () => {
  const log: unknown[] = [];
  let loop: AbstractEventLoop;
  await runVirtual(async () => {
    loop = getRunningLoop();
    await begun(
      (async function* () {
        try {
          yield 1;
        } finally {
          await sleep(10);
          log.push(getRunningLoop() === loop, currentTask() !== null);
        }
      })(),
    );
  });
  expect(log).toEqual([true, true]);
});

test('what they throw while closing goes to the exception handler, as asyncgen', async () => {
  const error = new Error('while closing');
  let reports: any[] = [];
  let generator: AsyncGenerator;
  await runVirtual(async () => {
    reports = collectReports(getRunningLoop());
    generator = await begun(
      (async function* () {
        try {
          yield 1;
        } finally {
          throw error;
        }
      })(),
    );
    await begun(
      (async function* () {
        try {
          yield 1;
        } catch {}
      })(),
    );
  });
  expect(reports).toEqual([
    {
      message: 'an error occurred during closing of asynchronous generator <AsyncGenerator>',
      exception: error,
      asyncgen: generator!,
    },
  ]);
});

test('one that refuses to close (yields in finally) does not hold up the end', async () => {
  await runVirtual(async () => {
    await begun(
      (async function* () {
        try {
          yield 1;
        } finally {
          yield 2;
        }
      })(),
    );
  });
});

test('a busy one closes at its next yield; one that never gets there is left alone', async () => {
  const log: string[] = [];
  await runVirtual(async () => {
    const busy = (async function* () {
      try {
        await sleep(0.05);
        yield 1;
      } finally {
        log.push('closed');
      }
    })();
    const stuck = (async function* () {
      await new Promise(() => {});
      yield 1;
    })();
    void busy.next();
    void stuck.next();
    held.push(busy, stuck);
  });
  expect(log).toEqual(['closed']);
});

test('one that begins after shutdownAsyncgens is warned of', async () => {
  await runVirtual(async () => {
    const loop = getRunningLoop();
    const warnings: string[] = [];
    loop._warn = (message) => {
      warnings.push(message);
    };
    await loop.shutdownAsyncgens();
    await loop.shutdownAsyncgens();
    await begun(numbers([], 'late'));
    expect(warnings).toEqual([
      'asynchronous generator <AsyncGenerator> was scheduled after ' +
        'loop.shutdownAsyncgens() call',
    ]);
  });
});

test('shutdownAsyncgens by hand, in both lanes', async () => {
  for (const lane of ['generator', 'async']) {
    const log: string[] = [];
    const main = async (): Promise<void> => {
      const generator = await begun(numbers(log, 'closed', 1));
      const loop = getRunningLoop();
      const shutdown =
        lane === 'async'
          ? loop.shutdownAsyncgens()
          : createTask(function* () {
              yield* loop.shutdownAsyncgens();
            });
      await shutdown;
      expect(log).toEqual(['closed']);
      expect(await generator.next()).toEqual({ done: true, value: undefined });
    };
    await runVirtual(main);
  }
});

test('each loop closes its own, also when runs overlap', async () => {
  const log: string[] = [];
  let meet!: () => void;
  const met = new Promise<void>((resolve) => {
    meet = resolve;
  });
  await Promise.all([
    run(
      async () => {
        await begun(numbers(log, 'long'));
        await met;
        expect(log).toEqual(['short']);
      },
      { loopFactory },
    ),
    run(
      async () => {
        await begun(numbers(log, 'short'));
      },
      { loopFactory },
    ).then(meet),
  ]);
  expect(log).toEqual(['short', 'long']);
});

test('generators that no loop has begun are left alone', async () => {
  const log: string[] = [];
  let outside!: AsyncGenerator<number>;
  const beside = new Promise<void>((resolve) => {
    setImmediate(() => {
      outside = numbers(log, 'beside');
      resolve(outside.next().then(() => {}));
    });
  });
  await run(async () => {
    await beside;
  });
  expect(log).toEqual([]);
  expect(await outside.next()).toEqual({ done: false, value: 2 });
});

test('asyncgenHooks: false closes nothing and touches nothing', async () => {
  const log: string[] = [];
  await run(
    async () => {
      expect(prototype.next).toBe(native);
      await begun(numbers(log, 'left'));
      await getRunningLoop().shutdownAsyncgens();
    },
    { loopFactory, asyncgenHooks: false },
  );
  expect(log).toEqual([]);
});

test('the hook looks like the original, and keeps its errors', async () => {
  await runVirtual(async () => {
    expect(prototype.next).not.toBe(native);
    expect([prototype.next.name, prototype.next.length]).toEqual(['next', native.length]);
    expect(Object.keys(prototype)).toEqual([]);
    for (const wrong of [undefined, null, 3, {}, numbers]) {
      const error = await native.call(wrong).catch((each: Error) => each);
      const same = await prototype.next.call(wrong).catch((each: Error) => each);
      expect([same.name, same.message]).toEqual([error.name, error.message]);
    }
    const echo = (async function* (): AsyncGenerator<string, string, string> {
      return yield 'first';
    })();
    expect(await echo.next('ignored')).toEqual({ done: false, value: 'first' });
    expect(await echo.next('sent')).toEqual({ done: true, value: 'sent' });
  });
});

test('what somebody else has put over the hook stays, and works on', async () => {
  let calls = 0;
  let wrapper!: typeof native;
  await runVirtual(async () => {
    const below = prototype.next;
    wrapper = function (this: AsyncGenerator, ...args: [unknown]): unknown {
      calls++;
      return below.apply(this, args);
    };
    prototype.next = wrapper;
  });
  expect(prototype.next).toBe(wrapper);
  const log: string[] = [];
  await numbers(log, 'outside').next();
  await runVirtual(async () => {
    await begun(numbers(log, 'closed'));
  });
  expect([calls, log]).toEqual([2, ['closed']]);
  // Put back by somebody, with ours below: then it is hooked again.
  prototype.next = native;
  await runVirtual(async () => {
    await begun(numbers(log, 'again'));
  });
  expect(log).toEqual(['closed', 'again']);
});

test('finished generators are forgotten, thousands of them', async () => {
  await runVirtual(async () => {
    let total = 0;
    for (let round = 0; round < 5000; round++) {
      for await (const n of (async function* () {
        yield 1;
      })())
        total += n;
    }
    expect(total).toBe(5000);
  });
});

test('our own async iterables may be left', async () => {
  await runVirtual(async () => {
    const queue = new Queue<number>();
    queue.putNowait(1);
    queue.putNowait(2);
    for await (const done of asCompleted([sleep(1), sleep(2)])) {
      expect(done.done()).toBe(true);
      break;
    }
    expect(queue.qsize()).toBe(2);
  });
});

test('closeSync lets them close without waiting', async () => {
  const log: string[] = [];
  const runner = new Runner({ loopFactory });
  await runner.run(async () => {
    await begun(numbers(log, 'closed'));
  });
  runner.closeSync();
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  expect(log).toEqual(['closed']);
});
