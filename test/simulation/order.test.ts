// The seed of simulated time, and its end.
import {
  createTask,
  DeadlockError,
  Event,
  gather,
  getRunningLoop,
  promise,
  run,
  runSync,
  sleep,
  startServer,
  openConnection,
} from 'oxbow';
import type { StreamReader, StreamWriter } from 'oxbow';
import { runVirtual, VirtualLoop } from 'oxbow/testing';

/** In which order six tasks go on that sleep for the same time. */
async function orderOfTimers(seed?: number): Promise<string> {
  const order: number[] = [];
  await runVirtual(
    function* () {
      yield* gather(
        ...[1, 2, 3, 4, 5, 6].map(
          (n) =>
            function* () {
              yield* sleep(1);
              order.push(n);
              yield* sleep(n % 2);
              order.push(n);
            },
        ),
      );
    },
    seed === undefined ? {} : { seed },
  );
  return order.join('');
}

/** In which order a server hears of six clients that all spoke at one moment. */
async function orderOfConnections(seed: number): Promise<string> {
  const order: string[] = [];
  await runVirtual(
    function* () {
      const server = yield* startServer(
        function* (reader: StreamReader, writer: StreamWriter) {
          order.push(String(yield* reader.read()));
          writer.close();
        },
        '127.0.0.1',
        7,
      );
      yield* gather(
        ...[1, 2, 3, 4, 5, 6].map(
          (n) =>
            function* () {
              const [reader, writer] = yield* openConnection('127.0.0.1', 7);
              yield* sleep(1);
              writer.write(String(n));
              writer.writeEof();
              yield* reader.read();
              writer.close();
            },
        ),
      );
      server.close();
    },
    { seed },
  );
  return order.join('');
}

describe.each([
  ['timers with one deadline', orderOfTimers],
  ['connections of one moment', orderOfConnections],
])('the order of %s', (_name, orderOf) => {
  test('with seed 0, as they came', async () => {
    const order = await orderOf(0);
    expect(order.slice(0, 6)).toBe('123456');
    expect(await orderOf(0)).toBe(order);
    expect(await orderOf(-0)).toBe(order);
  });

  test('with others, shuffled: each has its own, and always the same', async () => {
    const orders = new Set<string>();
    for (let seed = 1; seed <= 20; seed++) {
      const order = await orderOf(seed);
      expect(await orderOf(seed)).toBe(order);
      expect([...order.slice(0, 6)].sort().join('')).toMatch(/^\d+$/);
      orders.add(order);
    }
    expect(orders.size).toBeGreaterThan(10);
    expect(await orderOf(0.5)).not.toBe(await orderOf(-0.5));
  });
});

test('without a seed it is 0', async () => {
  expect(await orderOfTimers()).toBe(await orderOfTimers(0));
});

test('timers of other deadlines and callbacks keep their order with any seed', async () => {
  for (let seed = 0; seed < 10; seed++) {
    const order: number[] = [];
    await runVirtual(
      function* () {
        const loop = getRunningLoop();
        for (let n = 9; n >= 0; n--) loop.callLater(n + 1, () => order.push(n));
        for (let n = 10; n < 20; n++) loop.callSoon(() => order.push(n));
        yield* sleep(20);
      },
      { seed },
    );
    expect(order).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  }
});

const inVain = function* (): Generator<any, void, any> {
  createTask(
    function* other() {
      yield* new Event().wait();
    },
    { name: 'other' },
  );
  yield* sleep('1h');
  yield* new Event().wait();
};

test('what can never go on fails and says who waits', async () => {
  const error = await runVirtual(inVain).catch((reason: unknown) => reason as Error);
  expect(error).toBeInstanceOf(DeadlockError);
  expect((error as Error).message).toMatch(/simulated time has come to its end.*'other'/);
  await expect(
    runVirtual(async () => {
      await new Event().wait();
    }),
  ).rejects.toThrow(DeadlockError);
});

test('so it does where it owns the thread, and the loop can go on', async () => {
  const loop = new VirtualLoop();
  expect(() => loop.runUntilCompleteSync(inVain)).toThrow(/waiting: <Task.*'other'/);
  expect(
    loop.runUntilCompleteSync(function* () {
      yield* sleep(1);
      return 5;
    }),
  ).toBe(5);
  await expect(
    loop.runUntilComplete(function* () {
      yield* new Event().wait();
    }),
  ).rejects.toThrow(DeadlockError);
  loop.close();
});

test('it waits for what Node brings: Promises, timers, other loops', async () => {
  const later = (): Promise<string> =>
    new Promise((resolve) => setTimeout(() => resolve('node'), 20));
  expect(
    await runVirtual(function* () {
      return yield* promise(later());
    }),
  ).toBe('node');
  expect(await runVirtual(later)).toBe('node');
  expect(await runVirtual(async () => await later())).toBe('node');
  expect(
    await runVirtual(function* () {
      const future = getRunningLoop().createFuture<string>();
      setTimeout(() => future.setResult('callback'), 20);
      return yield* future;
    }),
  ).toBe('callback');
  expect(
    await runVirtual(async () =>
      run(function* () {
        yield* sleep(0.02);
        return 'real';
      }).catch((error: Error) => error.name),
    ),
  ).toBe('RuntimeError');
});

test('real time is not concerned', () => {
  expect(() =>
    runSync(function* () {
      yield* new Event().wait();
    }),
  ).toThrow(DeadlockError);
});
