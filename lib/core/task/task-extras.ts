/** The rarely used fields of a task. */
import type { Context } from '../context/context.ts';
import type { TaskExtrasCore } from '../contract/task-core.ts';
import type { Future } from '../future/future.ts';
import type { Task } from './task.ts';

/** Supervises the waits of a task: its innermost cancel scope. */
export interface Watch {
  /**
   * @internal The reason to cancel its waits with; null: no cancel is pending.
   * @param now - seconds on `loop.time()`, to apply a deadline whose timer has not fired yet
   */
  _cancellation(now?: number): { reason: unknown; error(): Error } | null;
}

/** Kept apart, so that a task stays small. */
export class TaskExtras implements TaskExtrasCore {
  /** A context that is shared with others. */
  context: Context | null = null;
  /** Futures beyond the first that an async function waits for at the same time. */
  alsoWaiting: Set<Future<any>> | null = null;
  /** Whether a cancel is being passed on to what it waits for. */
  passing = false;
  abort: AbortController | null = null;
  /** The reason of the last cancel. */
  reason: unknown = undefined;
  /** The turn of a cancel that came after its async function had been woken; else -1. */
  tooLateIn = -1;
  /** `cancelling()` before that cancel. */
  requestsInTime = 0;
  /** The error that THROW_ERROR throws. */
  error: unknown = undefined;
  /** The task for which this one runs a scope, or the body of one. */
  insteadOf: Task<any> | null = null;
  watch: Watch | null = null;
}
