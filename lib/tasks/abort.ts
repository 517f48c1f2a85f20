/** What `{signal}` does: the call fails with an AbortError when the signal aborts. */
import { checkSignal, listenToAbort } from '../core/support/abort-listeners.ts';
import { AbortError } from '../core/errors/errors.ts';
import type { Future } from '../core/future/future.ts';
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { checkOptions } from '../core/support/options.ts';
import type { Coro } from '../core/support/types.ts';

/** What every call that waits can be given. */
export interface SignalOptions {
  /** Aborting it makes the call fail with an AbortError; that is not a cancellation of the task. */
  signal?: AbortSignal | null | undefined;
}

/** The names of `SignalOptions`. */
export const SIGNAL: readonly string[] = ['signal'];

/** What a call has that was given no options: nothing to be looked at. */
export const NO_OPTIONS: SignalOptions = {};

/**
 * Calls `abort` when the signal aborts before the future is done; at once when it has already.
 * @throws TypeError when it is no AbortSignal
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

/** Makes the future fail when the signal aborts, and lets it go on else. */
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
 * The error of a call whose signal has aborted before it began; null: it may begin.
 * @throws TypeError when it is no AbortSignal
 */
export function abortedBefore(signal: AbortSignal | null | undefined): AbortError | null {
  if (signal === undefined || signal === null) return null;
  checkSignal(signal);
  return signal.aborted ? new AbortError(signal.reason) : null;
}

/**
 * The same for the options of a call, which are checked first.
 * @throws TypeError when they are not an object, or the signal is not an AbortSignal
 */
export function abortedFirst(where: string, options: SignalOptions): AbortError | null {
  if (options === NO_OPTIONS) return null;
  checkOptions(where, options, SIGNAL);
  return abortedBefore(options.signal);
}

/** The same future, but an abort of the signal ends it as Node's own calls end. */
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
