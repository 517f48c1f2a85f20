// What the types say; tsc checks this file when it compiles the tests, nothing runs it.
import {
  createTask, ensureFuture, Future, gather, promise, run, runSync, shield, sleep, timeout, waitFor,
} from 'oxbow';
import type { Coro, Task, Timeout } from 'oxbow';

/** Compiles only when both types are the same. */
function same<A>() {
  return <B>(_value: B & ([A, B] extends [B, A] ? unknown : never)): void => {};
}

declare const future: Future<number>;
declare function fetchUser(id: number): Promise<{ name: string }>;
function* pair(): Coro<[string, number]> { return ['a', yield* future]; }
function* plain() { yield; return yield* sleep(1, 'text'); }

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
    yield* gather([future, plain], { returnExceptions: true }));
  same<[number | Error, string | Error]>()(
    yield* gather([future, plain], { returnExceptions: Math.random() < 0.5 }));
  same<string[]>()(yield* gather(new Set([plain()])));
  // Scopes give what their body gives, and hand it the scope.
  same<number>()(yield* timeout(1, function* (scope) { same<Timeout>()(scope); return 1; }));
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

export function* mistakes(): Coro<void> {
  // @ts-expect-error the check itself: a number is not a string
  same<string>()(yield* future);
  // @ts-expect-error a Promise is not yielded but wrapped: yield* promise(...)
  yield* fetchUser(1);
  // @ts-expect-error nor is it yielded
  yield fetchUser(1);
  // @ts-expect-error a duration is a number or a string
  yield* sleep(new Date());
  // @ts-expect-error a future is no coroutine: ensureFuture
  createTask(5);
  // @ts-expect-error gather takes awaitables
  gather(5);
  // @ts-expect-error a result has the future's type
  future.setResult('text');
  // @ts-expect-error options have known names only
  createTask(plain, { nmae: 'x' });
  // @ts-expect-error a timeout needs a body
  timeout(1);
}
