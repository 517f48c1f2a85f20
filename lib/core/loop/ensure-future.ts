/** Turns anything that can be awaited into a future. */
import type { AbstractEventLoop } from './abstract-event-loop.ts';
import { coroutineKind, fromResult, futureOfPromise, notACoroutine } from '../task/coroutine.ts';
import { Future } from '../future/future.ts';
import { checkGivenLoop } from '../context/given-loop.ts';
import { checkFlags, checkOptions } from '../support/options.ts';
import { loopFor, presentLoop } from '../context/running.ts';
import type { AwaitableLike, Coroutine } from '../support/types.ts';

/**
 * A future for `awaitable`: a future is returned as it is, a coroutine is started as a task, a
 * Promise is followed by a future (cancelling that does not affect the Promise), and a scope such
 * as `timeout()` runs in a task.
 *
 * @throws RangeError when a future belongs to another loop; TypeError when it cannot be awaited
 * @example ensureFuture(fetch(url)).addDoneCallback((future) => console.log(future.result()));
 */
export function ensureFuture<T>(
  awaitable: AwaitableLike<T>,
  options: { loop?: AbstractEventLoop | null; eagerStart?: boolean } = {},
): Future<T> {
  checkOptions('ensureFuture()', options, ['eagerStart', 'loop']);
  checkFlags('ensureFuture()', options, ['eagerStart']);
  const given = options.loop ?? null;
  if (given !== null) checkGivenLoop('ensureFuture()', given);
  return futureFor(awaitable, given, options.eagerStart === true);
}

/** `ensureFuture` without its options, for the calls that take many awaitables or often one. */
export function futureFor<T>(
  awaitable: AwaitableLike<T>,
  given: AbstractEventLoop | null = null,
  eager = false,
): Future<T> {
  if (awaitable instanceof Future) {
    if (given !== null && given !== awaitable._loop) {
      throw new RangeError('The future belongs to a different loop than the one given');
    }
    return awaitable;
  }
  const loop = given ?? loopForAll('ensureFuture()', [awaitable]);
  const kind = coroutineKind(awaitable);
  if (kind === 'promise' && !(Symbol.iterator in awaitable)) {
    return futureOfPromise(awaitable as PromiseLike<T>, { loop });
  }
  if (kind === 'other') throw notACoroutine('ensureFuture() got', awaitable);
  const coroutine = kind === 'promise' ? fromResult<T>(awaitable)! : (awaitable as Coroutine<T>);
  return eager ? loop._startTask(coroutine) : loop.createTask(coroutine);
}

/**
 * The loop for several awaitables: that of the first future among them, else the current one.
 * Without any loop, rejections of the given Promises are marked as handled: functions that were
 * called too early (`gather(a(), b())` at module level) have most likely failed for the same
 * reason, and must not end the process before the error of this call is seen.
 *
 * @throws RuntimeError when there is no loop
 */
export function loopForAll(
  call: string,
  awaitables: readonly AwaitableLike<any>[],
): AbstractEventLoop {
  const [first] = awaitables;
  if (first instanceof Future) return first.getLoop();
  if (presentLoop() === null) {
    for (const each of awaitables) if (each instanceof Promise) each.catch(() => {});
  }
  return loopFor<AbstractEventLoop>(call);
}

/** Whether `value` can be given to the calls that wait for awaitables. */
export function isAwaitable(value: unknown): value is AwaitableLike {
  return value instanceof Future || coroutineKind(value) !== 'other';
}
