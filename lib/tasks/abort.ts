/** Support for the `signal` option: the call fails with an AbortError when the signal aborts. */
import { checkSignal, listenToAbort } from '../core/support/abort-listeners.ts';
import { AbortError } from '../core/errors/errors.ts';
import type { Future } from '../core/future/future.ts';
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { checkOptions } from '../core/support/options.ts';
import type { Coro } from '../core/support/types.ts';

/** The option of every call that waits. */
export interface SignalOptions {
  /** Aborting it makes the call fail with an AbortError; this does not cancel the task. */
  signal?: AbortSignal | null | undefined;
}

/** The option names of `SignalOptions`. */
export const SIGNAL: readonly string[] = ['signal'];

/** The default value of an `options` argument; recognised by identity, so it needs no checks. */
export const NO_OPTIONS: SignalOptions = {};

/**
 * Calls `abort` when the signal aborts before the future is done; at once if it has already
 * aborted.
 * @throws TypeError when `signal` is not an AbortSignal
 */
export function onAbort(
  future: Future<any>,
  signal: AbortSignal,
  abort: (error: AbortError) => void,
): void {
  checkSignal(signal);
  if (future.done()) return;
  const listener = (): void => abort(new AbortError(signal.reason));
  if (signal.aborted) {
    listener();
    return;
  }
  future._addWaiter({ _wake: listenToAbort(signal, listener), _looksOn: true });
}

/** Makes the future fail when the signal aborts. Returns the same future. */
export function abortWith<F extends Future<any>>(
  future: F,
  signal: AbortSignal | null | undefined,
): F {
  if (signal !== undefined && signal !== null) {
    onAbort(future, signal, (error) => {
      if (!future.done()) future._fail(error);
    });
  }
  return future;
}

/**
 * The error for a call whose signal has aborted before it began; null when the call may begin.
 * @throws TypeError when `signal` is not an AbortSignal
 */
export function abortedBefore(signal: AbortSignal | null | undefined): AbortError | null {
  if (signal === undefined || signal === null) return null;
  checkSignal(signal);
  return signal.aborted ? new AbortError(signal.reason) : null;
}

/**
 * The same for the options of a call, which are checked first: only `signal` is allowed.
 * @throws TypeError when they are not an object or have unknown names, or the signal is not an
 *   AbortSignal
 */
export function abortedFirst(where: string, options: SignalOptions): AbortError | null {
  if (options === NO_OPTIONS) return null;
  checkOptions(where, options, SIGNAL);
  return abortedBefore(options.signal);
}

/**
 * A task that follows `task`. An abort of the signal cancels `task`, and the follower then fails
 * with the AbortError instead of a CancelledError.
 */
export function abortable<T>(
  loop: AbstractEventLoop,
  task: Future<T>,
  signal: AbortSignal,
): Future<T> {
  let aborted: AbortError | null = null;
  onAbort(task, signal, (error) => {
    aborted = error;
    task.cancel();
  });
  return loop.createTask(function* (): Coro<T> {
    try {
      return yield* task;
    } catch (error) {
      throw aborted !== null && task.cancelled() ? aborted : error;
    }
  });
}
