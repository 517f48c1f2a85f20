/** The fields of a task that most tasks never need. */
import type { Context } from '../context/context.ts';
import type { TaskExtrasCore } from '../contract/task-core.ts';
import type { Future } from '../future/future.ts';
import type { Task } from './task.ts';

/** What looks after the waits of a task: the innermost cancel scope that it is in. */
export interface Watch {
  /**
   * @internal The reason to cancel its waits with; null: no cancel is pending.
   * @param now - seconds on `loop.time()`, for who must not wait for the timer of a deadline
   */
  _cancellation(now?: number): { reason: unknown; error(): Error } | null;
}

/** Kept apart, so that a task stays small. */
export class TaskExtras implements TaskExtrasCore {
  /** A context that is shared with others. */
  context: Context | null = null;
  /** Further futures that an async function waits for. */
  alsoWaiting: Set<Future<any>> | null = null;
  /** While a cancel goes on to what it waits for. */
  passing = false;
  abort: AbortController | null = null;
  /** Of the last cancel. */
  reason: unknown = undefined;
  /** The turn of a cancel that came when its async function had been woken already; else -1. */
  tooLateIn = -1;
  /** `cancelling()` before that. */
  requestsInTime = 0;
  /** What THROW_ERROR throws. */
  error: unknown = undefined;
  /** The task for which this one runs a scope, or the body of one. */
  insteadOf: Task<any> | null = null;
  watch: Watch | null = null;
}
