// node:diagnostics_channel: what is told, when, and that subscribers cannot break the loop.
import { spawnSync } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import type {
  CallbackErrorMessage,
  ConnectionMessage,
  LoopMessage,
  SlowCallbackMessage,
  Task,
  TaskMessage,
  Transport,
} from 'oxbow';
import {
  createTask,
  EventLoop,
  getRunningLoop,
  openConnection,
  run,
  sleep,
  startServer,
} from 'oxbow';
import { runVirtual, VirtualLoop } from 'oxbow/testing';

import { ROOT } from '../support/root.ts';
import { withLoop } from '../support/outcomes.ts';

/** Hears a channel during `body`. */
async function during<M>(
  channel: string,
  hear: (message: M) => void,
  body: () => unknown,
): Promise<void> {
  const listener = (message: unknown): void => hear(message as M);
  subscribe(channel, listener);
  try {
    await body();
  } finally {
    unsubscribe(channel, listener);
  }
}

test.each([
  [
    'as a guest',
    async (loop: VirtualLoop) => {
      await loop.runUntilComplete(sleepOn(loop));
    },
  ],
  [
    'owning the thread',
    (loop: VirtualLoop) => {
      loop.runUntilCompleteSync(sleepOn(loop));
    },
  ],
])('a loop tells when it is made, starts, stops and is closed (%s)', async (_name, drive) => {
  const told: string[] = [];
  const loops = new Set<unknown>();
  const hear =
    (name: string) =>
    ({ loop }: LoopMessage): void => {
      told.push(`${name} ${loop.isRunning()} ${loop.isClosed()}`);
      loops.add(loop);
    };
  let loop!: VirtualLoop;
  await during('oxbow:loop:create', hear('create'), () =>
    during('oxbow:loop:start', hear('start'), () =>
      during('oxbow:loop:stop', hear('stop'), () =>
        during('oxbow:loop:close', hear('close'), async () => {
          loop = new VirtualLoop();
          await drive(loop);
          loop.close();
          loop.close();
        }),
      ),
    ),
  );
  expect(told).toEqual([
    'create false false',
    'start true false',
    'stop false false',
    'close false true',
  ]);
  expect([...loops]).toEqual([loop]);
});

function sleepOn(loop: VirtualLoop): Task<unknown> {
  return loop.createTask(function* () {
    yield* sleep(1);
  });
}

test('tasks of both lanes tell when they are made, before a step, and when they are done', () =>
  runVirtual(async () => {
    const told: string[] = [];
    const made = ({ task, loop }: TaskMessage): void => {
      told.push(`made ${task.getName()} ${task.done()} ${loop === getRunningLoop()}`);
    };
    const done = ({ task }: TaskMessage): void => {
      const how = task.cancelled() ? 'cancelled' : (task.exception() ?? task.result());
      told.push(`done ${task.getName()} ${how}`);
    };
    await during('oxbow:task:create', made, () =>
      during('oxbow:task:done', done, async () => {
        const tasks = [
          createTask(
            function* () {
              yield* sleep(1);
              return 7;
            },
            { name: 'a' },
          ),
          createTask(
            async () => {
              await sleep(2);
              throw new Error('x');
            },
            { name: 'b' },
          ),
          createTask(
            function* () {
              yield* sleep(9);
            },
            { name: 'c' },
          ),
          createTask(
            function* () {
              return 1;
            },
            { name: 'd', eagerStart: true },
          ),
        ];
        await sleep(3);
        tasks[2]!.cancel();
        await sleep(0);
        await sleep(0);
      }),
    );
    expect(told).toEqual([
      'made a false true',
      'made b false true',
      'made c false true',
      'made d false true',
      'done d 1',
      'done a 7',
      'done b Error: x',
      'done c cancelled',
    ]);
  }));

test('a slow callback is told while somebody listens, without debug mode', async () => {
  const loop = new EventLoop();
  loop.slowCallbackDuration = 0.005;
  const told: SlowCallbackMessage[] = [];
  const runOnce = (): void => {
    loop.callSoon(function slowOne() {
      const until = loop.time() + 0.006;
      while (loop.time() < until);
    });
    loop.callSoon(function quick() {
      loop.stop();
    });
    loop.runForeverSync();
  };
  await during<SlowCallbackMessage>('oxbow:callback:slow', (m) => told.push(m), runOnce);
  runOnce();
  loop.close();
  // Where the machine pauses this process, `quick` may have been slow as well.
  const slow = told.filter(({ callback }) => callback.includes('slowOne'));
  expect(slow.length).toBe(1);
  expect(slow[0]!.loop).toBe(loop);
  expect(slow[0]!.duration).toBeGreaterThanOrEqual(0.006);
});

test('when the last listener has gone, entries are not observed any more', async () => {
  const loop = new VirtualLoop();
  const once = (): void => {
    loop.callSoon(() => loop.stop());
    loop.runForeverSync();
  };
  await during('oxbow:callback:slow', () => {}, once);
  once();
  expect((loop as unknown as { _observed: boolean })._observed).toBe(false);
  loop.close();
});

test('an error is told beside the exception handler, with the same context', () =>
  withLoop(async (loop) => {
    const told: CallbackErrorMessage[] = [];
    const handled: unknown[] = [];
    loop.setExceptionHandler((_loop, context) => handled.push(context));
    const error = new Error('x');
    await during<CallbackErrorMessage>(
      'oxbow:callback:error',
      (m) => told.push(m),
      () => {
        loop.callSoon(() => {
          throw error;
        });
        loop.callSoon(() => loop.stop());
        loop.runForeverSync();
      },
    );
    expect(told.map(({ context }) => context)).toEqual(handled);
    expect(told[0]!.context.exception).toBe(error);
    expect(told[0]!.loop).toBe(loop);
  }));

test('connections tell both ends that they are there, and once that they are not', () =>
  run(async () => {
    const opened: Transport[] = [];
    const closed: [Transport, unknown][] = [];
    await during<ConnectionMessage>(
      'oxbow:connection:open',
      ({ transport, loop }) => {
        expect(loop).toBe(getRunningLoop());
        opened.push(transport);
      },
      () =>
        during<ConnectionMessage>(
          'oxbow:connection:close',
          ({ transport, error }) => {
            closed.push([transport, error]);
          },
          async () => {
            const server = await startServer(
              async (reader, writer) => {
                await reader.read();
                writer.close();
              },
              '127.0.0.1',
              0,
            );
            const [, port] = server.sockets[0]!.getsockname();
            const [reader, writer] = await openConnection('127.0.0.1', port);
            writer.close();
            await reader.read();
            await writer.waitClosed();
            server.close();
            await server.waitClosed();
          },
        ),
    );
    expect(new Set(opened).size).toBe(2);
    expect(closed.length).toBe(2);
    expect(new Set(closed.map(([transport]) => transport))).toEqual(new Set(opened));
    expect(closed.map(([, error]) => error)).toEqual([null, null]);
  }));

test('a subscriber that throws is an uncaught exception, and the loop goes on', () => {
  const program = `
    import { subscribe } from 'node:diagnostics_channel';
    import { createTask, run, sleep } from 'oxbow';
    const caught = [];
    process.on('uncaughtException', (error) => caught.push(error.message));
    for (const name of ['loop:create', 'loop:start', 'loop:stop', 'loop:close', 'task:create',
      'task:done', 'callback:error']) {
      subscribe('oxbow:' + name, () => { throw new Error(name); });
    }
    const value = await run(function* () {
      const task = createTask(function* () { yield* sleep(0.001); return 5; });
      return yield* task;
    });
    await new Promise(setImmediate);
    console.log(value, [...new Set(caught)].sort().join());`;
  const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(stdout.trim()).toBe('5 loop:close,loop:create,loop:start,loop:stop,task:create,task:done');
  expect(status).toBe(0);
});
