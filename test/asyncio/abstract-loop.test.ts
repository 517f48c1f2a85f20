// A loop made from AbstractEventLoop alone: futures, tasks and scopes work on it.
import { inspect } from 'node:util';

import {
  AbstractEventLoop,
  createConnection,
  createServer,
  currentTask,
  ensureFuture,
  Future,
  gather,
  getRunningLoop,
  Handle,
  newEventLoop,
  NotImplementedError,
  openConnection,
  Protocol,
  run,
  RuntimeError,
  sleep,
  startServer,
  timeout,
  TimeoutError,
  TimerHandle,
} from 'oxbow';
import type { AwaitableLike, Callback } from 'oxbow';
import { ClientSession, Response, serve } from 'oxbow/http';

import { rejection, thrown } from '../support/outcomes.ts';

/** A loop of arrays, whose clock moves only by jumping to the next timer. */
class ArrayLoop extends AbstractEventLoop {
  #ready: Handle[] = [];
  #timers: TimerHandle[] = [];
  #now = 0;
  #running = false;
  #closed = false;

  override callSoon<A extends unknown[]>(callback: Callback<A>, ...args: A): Handle {
    const handle = new Handle(callback as Callback, args);
    this.#ready.push(handle);
    return handle;
  }

  override callAt<A extends unknown[]>(
    when: number,
    callback: Callback<A>,
    ...args: A
  ): TimerHandle {
    const handle = new TimerHandle(null, callback as Callback, args, when);
    this.#timers.push(handle);
    this.#timers.sort((a, b) => a.when() - b.when());
    return handle;
  }

  override time(): number {
    return this.#now;
  }
  override stop(): void {
    this.#running = false;
  }
  override close(): void {
    this.#closed = true;
  }
  override isRunning(): boolean {
    return this.#running;
  }
  override isClosed(): boolean {
    return this.#closed;
  }

  override async runForever(): Promise<void> {
    this.#running = true;
    while (this.#running) {
      if (this.#ready.length === 0) {
        const next = this.#timers.shift();
        if (next === undefined) throw new Error('nothing to do');
        this.#now = Math.max(this.#now, next.when());
        this.#ready.push(next);
      }
      const batch = this.#ready.splice(0);
      this.dispatching(() => batch.forEach((handle) => handle._run()));
      // Microtasks of the async lane, all of them.
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
  }

  override async runUntilComplete<T>(awaitable: AwaitableLike<T>): Promise<T> {
    const future = ensureFuture(awaitable, { loop: this });
    future.addDoneCallback(() => this.stop());
    await this.runForever();
    return future.result();
  }
}

test('tasks, timers and gather', async () => {
  const loop = new ArrayLoop();
  const result = await loop.runUntilComplete(function* () {
    expect(getRunningLoop()).toBe(loop);
    const task = currentTask();
    const values = yield* gather(sleep(3, 'a'), function* () {
      return yield* sleep(1, 'b');
    });
    expect(currentTask()).toBe(task);
    yield;
    return [...values, loop.time()];
  });
  expect(result).toEqual(['a', 'b', 3]);
  expect(() => getRunningLoop()).toThrow('no running event loop');
});

test('the async lane, timeouts and errors', async () => {
  const loop = new ArrayLoop();
  const error = await rejection(
    loop.runUntilComplete(async () => {
      await sleep(0);
      await timeout(2, async () => {
        await new Future();
      });
    }),
  );
  expect(error).toBeInstanceOf(TimeoutError);
  expect(loop.time()).toBe(2);
  loop.close();
  expect(() => loop.createTask(function* () {})).toThrow('Event loop is closed');
});

/** What a loop of one's own may be at its beginning: without a method. */
// @ts-expect-error the compiler knows what is missing; JavaScript does not
class EmptyLoop extends AbstractEventLoop {}

test('what a loop has not written throws an error that names the method', async () => {
  const loop = new EmptyLoop() as unknown as Record<string, (...args: unknown[]) => unknown>;
  for (const name of [
    'callSoon',
    'callAt',
    'time',
    'runForever',
    'runUntilComplete',
    'stop',
    'close',
    'isRunning',
    'isClosed',
    'runForeverSync',
    'runUntilCompleteSync',
    'metrics',
    'share',
    'getaddrinfo',
    'createConnection',
    'createServer',
    'createUnixServer',
    'createDatagramEndpoint',
    'startTls',
    'addReader',
    'removeWriter',
    'sockRecv',
    'subprocessExec',
    'addSignalHandler',
  ]) {
    const error = thrown(() => loop[name]!(() => {}));
    expect(error).toBeInstanceOf(NotImplementedError);
    expect(error).toBeInstanceOf(RuntimeError);
    expect(error.name).toBe('NotImplementedError');
    expect(error.message).toBe(`EmptyLoop does not implement ${name}()`);
  }
  for (const [call, missing] of [
    ['createTask', 'isClosed'],
    ['callLater', 'time'],
    ['callSoonThreadsafe', 'callSoon'],
  ] as const) {
    const error = thrown(() => loop[call]!(call === 'callLater' ? 1 : function* () {}));
    expect(error.name).toBe('NotImplementedError');
    expect(error.message).toContain(`EmptyLoop does not implement ${missing}()`);
  }
  expect(String(loop)).toBe('<EmptyLoop debug=false>');
  expect(inspect(loop)).toBe('<EmptyLoop debug=false>');
  expect((await rejection(run(function* () {}, { loopFactory: () => loop as never }))).name).toBe(
    'NotImplementedError',
  );
});

test('the network needs a loop on the native engine, and says so by the call', async () => {
  const loop = new ArrayLoop();
  await loop.runUntilComplete(function* () {
    for (const [call, error] of Object.entries({
      'openConnection()': thrown(() => openConnection('127.0.0.1', 1)),
      'startServer()': thrown(() => startServer(() => {}, '127.0.0.1', 0)),
      'createServer()': thrown(() => createServer(() => new Protocol(), '127.0.0.1', 0)),
      'createConnection()': thrown(() => createConnection(() => new Protocol(), '127.0.0.1', 1)),
      'serve()': thrown(() => serve({ fetch: () => new Response('') })),
      'new ClientSession()': thrown(() => new ClientSession()),
    })) {
      expect(error.name).toBe('NotImplementedError');
      expect(error.message).toContain(`ArrayLoop does not implement ${call}`);
    }
    yield;
  });
});

test('a loop on the engine has no method that is not a function', () => {
  const loop = newEventLoop();
  expect(loop.getaddrinfo).not.toBe(AbstractEventLoop.prototype['getaddrinfo' as 'time']);
  expect(typeof loop.metrics().utilization).toBe('number');
  loop.close();
});
