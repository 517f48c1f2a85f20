// What the types say; tsc checks this file when it compiles the tests, nothing runs it.
import {
  asCompleted,
  createTask,
  ensureFuture,
  Future,
  gather,
  promise,
  run,
  runSync,
  shield,
  sleep,
  TaskGroup,
  timeout,
  toThread,
  waitFor,
} from 'oxbow';
import type { Context, Coro, Task, Timeout } from 'oxbow';

/** Compiles only when both types are the same. */
function same<A>() {
  return <B>(_value: B & ([A, B] extends [B, A] ? unknown : never)): void => {};
}

declare const future: Future<number>;
declare function fetchUser(id: number): Promise<{ name: string }>;
function* pair(): Coro<[string, number]> {
  return ['a', yield* future];
}
function* plain() {
  yield;
  return yield* sleep(1, 'text');
}

export function* generatorLane(): Coro<void> {
  same<number>()(yield* future);
  same<string>()(yield* sleep(1, 'x'));
  same<void>()(yield* sleep('1s'));
  same<[string, number]>()(yield* pair());
  same<string>()(yield* plain());
  same<{ name: string }>()(yield* promise(fetchUser(1)));
  same<string>()(yield* createTask(plain));
  same<[string, number]>()(yield* waitFor(pair(), '1s'));
  same<{ name: string }>()(yield* shield(fetchUser(1)));
  // gather keeps tuples, in every way of giving them.
  same<[number, string, { name: string }]>()(yield* gather(future, plain(), () => fetchUser(1)));
  same<[number, string]>()(yield* gather([future, plain]));
  same<[number | Error, string | Error]>()(
    yield* gather([future, plain], { returnExceptions: true }),
  );
  same<[number | Error, string | Error]>()(
    yield* gather([future, plain], { returnExceptions: future.done() }),
  );
  same<string[]>()(yield* gather(new Set([plain()])));
  // Scopes give what their body gives, and hand it the scope.
  same<number>()(
    yield* timeout(1, function* (scope) {
      same<Timeout>()(scope);
      return 1;
    }),
  );
  same<string>()(yield* timeout('1s', async () => 'x'));
}

export async function asyncLane(): Promise<void> {
  same<number>()(await future);
  same<string>()(await sleep(1, 'x'));
  same<[number, string]>()(await gather(future, plain()));
  same<number>()(await timeout(1, async () => future));
  same<string>()(await run(plain));
  same<string>()(runSync(plain()));
  same<Task<string>>()(createTask(plain));
  same<Future<string>>()(ensureFuture(async () => 'x'));
}

export async function completed(): Promise<void> {
  const task = createTask(async () => 'x');
  // `for await` gives what was given, and awaiting that its result.
  for await (const done of asCompleted([task])) {
    same<Task<string>>()(done);
    same<string>()(await done);
  }
  for await (const done of asCompleted([task, future])) same<Task<string> | Future<number>>()(done);
  for await (const done of asCompleted([async () => 5])) same<Future<number>>()(done);
  for (const next of asCompleted([task, future])) same<string | number>()(await next);
  // group.cancel() ends it without a result.
  same<number | undefined>()(await TaskGroup.run(async () => 5));
  same<Context>()(task.getContext());
}

export function* threads(): Coro<void> {
  same<number>()(yield* toThread((a: number, b: string) => a + b.length, 1, 'x'));
  same<string>()(yield* toThread(async () => 'x'));
  same<number>()(
    yield* toThread(
      { func: (buffer: ArrayBuffer) => buffer.byteLength, transfer: [] },
      new ArrayBuffer(1),
    ),
  );
  same<number>()(yield* toThread<number>({ module: './work.js', name: 'sum' }, 1, 'x'));
  // @ts-expect-error an argument has the parameter's type
  yield* toThread((a: number) => a, 'x');
}

export function* mistakes(): Coro<void> {
  // @ts-expect-error the check itself: a number is not a string
  same<string>()(yield* future);
  // @ts-expect-error a Promise is not yielded but wrapped: yield* promise(...)
  yield* fetchUser(1);
  // @ts-expect-error nor is it yielded
  yield fetchUser(1);
  // @ts-expect-error a duration is a number or a string
  yield* sleep(new Date());
  // @ts-expect-error a number is no coroutine
  createTask(5);
  // @ts-expect-error a future is no coroutine: ensureFuture
  createTask(sleep(1));
  // @ts-expect-error neither is a task
  createTask(task);
  // @ts-expect-error nor what gather gives
  getRunningLoop().createTask(gather([future]));
  // @ts-expect-error the same for tasks made by hand
  new Task(future);
  createTask(timeout(1, plain));
  createTask(Promise.resolve(5));
  // @ts-expect-error gather takes awaitables
  gather(5);
  // @ts-expect-error a result has the future's type
  future.setResult('text');
  // @ts-expect-error options have known names only
  createTask(plain, { nmae: 'x' });
  // @ts-expect-error a timeout needs a body
  timeout(1);
}
