/** runCoroutineThreadsafe: running a coroutine on a loop from code outside of it. */
import { AbstractEventLoop } from '../../core/loop/abstract-event-loop.ts';
import type { Coroutine } from '../../core/support/types.ts';
import type { SignalOptions } from '../../tasks/abort.ts';
import type { LoopHandleData } from './loop-handle.ts';
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
export declare function runCoroutineThreadsafe<T>(coroutine: Coroutine<T>, loop: AbstractEventLoop, options?: SignalOptions): ThreadFuture<T>;
export declare function runCoroutineThreadsafe<F extends SharedFunctions, K extends keyof F & string>(name: K, loop: LoopHandleData<F> | RemoteLoop<F>, ...args: Parameters<F[K]>): ThreadFuture<CallResult<ReturnType<F[K]>>>;
