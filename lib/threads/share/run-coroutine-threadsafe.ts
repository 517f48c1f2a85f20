/** runCoroutineThreadsafe: running a coroutine on a loop from code outside of it. */
import { AbstractEventLoop } from '../../core/loop/abstract-event-loop.ts';
import { coroutineKind, notACoroutine } from '../../core/task/coroutine.ts';
import { describe } from '../../core/support/describe.ts';
import { ensureFuture } from '../../core/loop/ensure-future.ts';
import { RuntimeError } from '../../core/errors/errors.ts';
import { runningLoop } from '../../core/context/running.ts';
import type { Future } from '../../core/future/future.ts';
import type { Coroutine } from '../../core/support/types.ts';
import { abortedFirst } from '../../tasks/abort.ts';
import type { SignalOptions } from '../../tasks/abort.ts';
import type { LoopHandleData } from './loop-handle.ts';
import { connectLoop } from './remote-loop.ts';
import type { CallResult, RemoteLoop } from './remote-loop.ts';
import type { SharedFunctions } from './share.ts';
import { ThreadFuture } from './thread-future.ts';

/**
 * Runs a coroutine on `loop` and returns its result to code outside of it: on another loop of this
 * thread, or in a Node callback. With a name and the handle of a loop in another thread it calls
 * the function shared under that name, as `connectLoop(handle).runCoroutineThreadsafe(name,
 * ...args)`.
 *
 * Cancelling the future cancels the task, and so does aborting `signal`, which makes the future
 * fail with an AbortError. As in asyncio, an error of the loop's task factory both fails the future
 * and goes to the loop's exception handler.
 *
 * @throws TypeError when `coroutine` is not a coroutine or `loop` is not a loop; RuntimeError when
 *   the loop is closed; AbortError when `signal` has already aborted
 * @example
 * const future = runCoroutineThreadsafe(function* () { return yield* queue.get(); }, loop);
 * const item = await future;
 */
export function runCoroutineThreadsafe<T>(
  coroutine: Coroutine<T>,
  loop: AbstractEventLoop,
  options?: SignalOptions,
): ThreadFuture<T>;
export function runCoroutineThreadsafe<F extends SharedFunctions, K extends keyof F & string>(
  name: K,
  loop: LoopHandleData<F> | RemoteLoop<F>,
  ...args: Parameters<F[K]>
): ThreadFuture<CallResult<ReturnType<F[K]>>>;
export function runCoroutineThreadsafe(
  coroutine: unknown,
  loop: unknown,
  ...args: unknown[]
): ThreadFuture<any> {
  if (typeof coroutine === 'string') {
    const remote = connectLoop<SharedFunctions>(loop as LoopHandleData);
    return remote.runCoroutineThreadsafe(coroutine, ...args);
  }
  if (coroutineKind(coroutine) === 'other') {
    throw notACoroutine('runCoroutineThreadsafe() got', coroutine);
  }
  if (!(loop instanceof AbstractEventLoop)) {
    throw new TypeError(
      `runCoroutineThreadsafe(): ${describe(loop)} is not a loop; functions ` +
        'cannot travel, so on a loop of another thread give the name of what it shares',
    );
  }
  const options = (args[0] === undefined ? {} : args[0]) as SignalOptions;
  const aborted = abortedFirst('runCoroutineThreadsafe()', options);
  if (aborted !== null) throw aborted;
  return runHere(coroutine as Coroutine<unknown>, loop)._followSignal(options.signal);
}

function runHere<T>(coroutine: Coroutine<T>, loop: AbstractEventLoop): ThreadFuture<T> {
  let inner: Future<T> | null = null;
  let cancelled: { reason: unknown } | null = null;
  const outer = new ThreadFuture<T>((reason) => {
    cancelled = { reason };
    inner?.cancel(reason);
  }, runningLoop() ?? loop);
  loop.callSoonThreadsafe(function startCoroutine() {
    try {
      inner = ensureFuture(coroutine, { loop });
    } catch (error) {
      // The exception handler gets the error.
      outer._markRetrieved();
      outer._finish('failed', error);
      throw error;
    }
    follow(outer, inner);
    // Cancelled (or aborted) before the task existed: cancel it before its first step.
    if (cancelled !== null) inner.cancel(cancelled.reason);
  });
  failWhenClosed(outer, loop);
  return outer;
}

/** Fails the future when the loop is closed, as for a call into another thread's loop. */
function failWhenClosed(outer: ThreadFuture<any>, loop: AbstractEventLoop): void {
  const fail = (): void => {
    outer._finish('failed', new RuntimeError('Event loop is closed'));
  };
  (loop._whenClosed ??= new Set()).add(fail);
  outer._whenDone(() => loop._whenClosed?.delete(fail));
}

function follow<T>(outer: ThreadFuture<T>, inner: Future<T>): void {
  const take = (): void => {
    if (inner.cancelled()) {
      outer._finish('cancelled', reasonOf(inner));
      return;
    }
    const error = inner.exception();
    if (error === null) outer._finish('finished', inner.result());
    else outer._finish('failed', error);
  };
  if (inner.done()) take();
  else inner._addWaiter({ _wake: take });
}

function reasonOf(cancelled: Future<any>): unknown {
  const error = cancelled._takeError();
  return (error as { reason?: unknown }).reason;
}
