/** RemoteLoop: calling into a loop of another thread. */
import { EventLoop } from '../../core/loop/event-loop.ts';
import { runningLoop } from '../../core/context/running.ts';
import { showsText } from '../../core/support/shows-text.ts';
import { POST_KIND_CALL } from '../../native/layout.ts';
import { loadAddon } from '../../native/load.ts';
import { abortedBefore, abortedFirst } from '../../tasks/abort.ts';
import type { SignalOptions } from '../../tasks/abort.ts';
import { postWritten, threadCalls } from './calls.ts';
import type { Calls } from './calls.ts';
import { packCloned } from './clone-error.ts';
import { checkHandle, functionNumber } from './loop-handle.ts';
import type { LoopHandleData } from './loop-handle.ts';
import { postsOf } from './loop-posts.ts';
import type { SharedFunctions } from './share.ts';
import type { ThreadFuture } from './thread-future.ts';
import { writeMessage } from './wire.ts';
import type { Packed } from './wire.ts';

/** The result type of a call: what a coroutine returns, or the value of a plain function. */
export type CallResult<R> =
  R extends Generator<any, infer T, any> ? T : R extends PromiseLike<infer T> ? T : R;

/** A callback that was posted to another thread's loop. */
export class RemoteHandle {
  readonly #inbox: number;
  readonly #number: number;
  #cancelled = false;

  /** @internal */
  constructor(inbox: number, number: number) {
    this.#inbox = inbox;
    this.#number = number;
  }

  /**
   * Cancels the callback if it has not started. It never blocks.
   * @returns true: it has not started and never will; false: it has already started
   */
  cancel(): boolean {
    this.#cancelled ||= loadAddon().cancelPosted(this.#inbox, this.#number);
    return this.#cancelled;
  }

  /** Whether `cancel` was in time. */
  cancelled(): boolean {
    return this.#cancelled;
  }

  toString(): string {
    return `<RemoteHandle ${this.#cancelled ? 'cancelled' : 'posted'}>`;
  }
}

/**
 * A loop of another thread, returned by `connectLoop`. Arguments and results are copied, as by
 * structured clone: no functions, no transferred objects, no SharedArrayBuffer.
 */
export class RemoteLoop<F extends SharedFunctions = SharedFunctions> {
  readonly #handle: LoopHandleData<F>;
  readonly #signal: AbortSignal | null | undefined;

  /** @internal */
  constructor(handle: LoopHandleData<F>, signal?: AbortSignal | null) {
    this.#handle = handle;
    this.#signal = signal;
  }

  /**
   * The same loop with options for `runCoroutineThreadsafe`: aborting `signal` makes its calls fail
   * with an AbortError and cancels their tasks.
   * @throws TypeError when `signal` is not an AbortSignal
   * @example await remote.with({ signal }).runCoroutineThreadsafe('fetchAll', url);
   */
  with(options: SignalOptions): RemoteLoop<F> {
    abortedFirst('with()', options);
    return new RemoteLoop(this.#handle, options.signal);
  }

  /** The names of the shared functions. */
  get functions(): ReadonlyArray<keyof F & string> {
    return this.#handle.functions;
  }

  /** Whether the loop is closed, or its thread has ended. */
  isClosed(): boolean {
    return !loadAddon().isOpen(this.#handle.loop);
  }

  /**
   * Calls a shared function in the loop's next turn; its result is dropped. The posts of one thread
   * run in order. An error of the function goes to the exception handler of the loop; a coroutine
   * function runs there as a task.
   *
   * @throws RangeError when no function of this name is shared; DataCloneError for an argument that
   *   cannot be copied; RuntimeError when the loop is closed or (code `ENOBUFS`) does not keep up
   */
  callSoonThreadsafe<K extends keyof F & string>(name: K, ...args: Parameters<F[K]>): RemoteHandle {
    const target = functionNumber(this.#handle, name);
    const size = writeMessage(POST_KIND_CALL, 0, target, 0, packArguments(name, args));
    return new RemoteHandle(this.#handle.loop, postWritten(this.#handle.loop, size));
  }

  /**
   * Runs a shared function as a task of the loop and returns its result here. A plain function is
   * also called in a task.
   *
   * The future fails with what the function throws (including name, message, stack, `code` and
   * `cause`), with a RuntimeError when the loop is closed or its thread ends before the answer, and
   * with a DataCloneError when the result cannot be copied. `cancel()` cancels the task.
   *
   * @throws as `callSoonThreadsafe`; AbortError when the signal of `with` has already aborted
   */
  runCoroutineThreadsafe<K extends keyof F & string>(
    name: K,
    ...args: Parameters<F[K]>
  ): ThreadFuture<CallResult<ReturnType<F[K]>>> {
    const target = functionNumber(this.#handle, name);
    const packed = packArguments(name, args);
    const aborted = abortedBefore(this.#signal);
    if (aborted !== null) throw aborted;
    const future = callsHere().start<CallResult<ReturnType<F[K]>>>(
      this.#handle.loop,
      target,
      packed,
    );
    return future._followSignal(this.#signal);
  }

  toString(): string {
    return `<RemoteLoop ${this.#handle.functions.join(', ')}>`;
  }
}

showsText(RemoteLoop, RemoteHandle);

function packArguments(name: string, args: readonly unknown[]): Packed {
  return packCloned(args, (index) => `argument ${index + 1} of ${name}()`);
}

/**
 * The calls that receive the answer: those of the running loop, or of the thread when none is
 * running.
 */
export function callsHere(): Calls {
  const loop = runningLoop();
  return loop instanceof EventLoop ? postsOf(loop).calls : threadCalls();
}

/**
 * Connects to a loop that another thread shares.
 *
 * @param handle - the handle of `loop.share()`, as it arrived in this thread
 * @throws TypeError when it is not a handle; RuntimeError when it is from another process or
 *   version
 * @example
 * const remote = connectLoop<typeof api>(workerData.loop);
 * const sum = await remote.runCoroutineThreadsafe('add', 1, 2);
 */
export function connectLoop<F extends SharedFunctions = SharedFunctions>(
  handle: LoopHandleData<F> | RemoteLoop<F>,
): RemoteLoop<F> {
  if (handle instanceof RemoteLoop) return handle;
  return new RemoteLoop<F>(checkHandle(handle) as LoopHandleData<F>);
}
