/**
 * How a cancel scope reaches the waits of its body.
 *
 * A generator body is driven through a walk, which sees every wait on its way to the task. Whatever
 * of a body runs in a task of its own (an async body, and each scope that is awaited in one) is a
 * task that asks at every wait whether a scope around it is cancelled. Neither counts as a cancel
 * request of the task, so `cancelling()` stays as it is.
 */
import { AWAITING, DONE, PENDING, PROBED, takeAwaited } from '../core/future/future.ts';
import type { FutureCore } from '../core/contract/future-core.ts';
import type { Future } from '../core/future/future.ts';
import { Task } from '../core/task/task.ts';
import type { Watch } from '../core/task/task-extras.ts';
import type { Coro, Yieldable } from '../core/support/types.ts';

/** The side of a scope that the walk of its body talks to. */
export interface WalkWatch extends Watch {
  /** @internal Whether a scope within this one, in the same task, looks after the waits. */
  _delegates(): boolean;
}

/** The iterator between a generator body and the task that runs it. */
export class ScopeWalk<T> implements Iterator<Yieldable, T, unknown> {
  readonly #body: Coro<T>;
  readonly #watch: WalkWatch;
  readonly #task: Task<any>;
  /** It waits one turn by a bare `yield`. */
  #bare = false;

  constructor(body: Coro<T>, watch: WalkWatch, task: Task<any>) {
    this.#body = body;
    this.#watch = watch;
    this.#task = task;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<Yieldable, T> {
    const cancellation = this.#bare ? this.#watch._cancellation() : null;
    this.#bare = false;
    return this.#look(
      cancellation === null ? this.#body.next() : this.#body.throw(cancellation.error()),
    );
  }

  throw(error: unknown): IteratorResult<Yieldable, T> {
    this.#bare = false;
    return this.#look(this.#body.throw(error));
  }

  return(value: T): IteratorResult<Yieldable, T> {
    return this.#body.return(value);
  }

  /** Cancels what the body begins to wait for, when the scope is cancelled by then. */
  #look(result: IteratorResult<Yieldable, T>): IteratorResult<Yieldable, T> {
    if (result.done === true || this.#watch._delegates()) return result;
    if (result.value === undefined || result.value === null) {
      this.#bare = true;
      return result;
    }
    if (result !== (AWAITING as unknown) || AWAITING.value._state === PROBED) return result;
    const cancellation = this.#watch._cancellation();
    if (cancellation === null || runsFor(AWAITING.value, this.#task)) return result;
    const future = takeAwaited();
    future.cancel(cancellation.reason);
    // A turn passes in any case: a body that goes on waiting for ever must not stop the loop.
    if (future.done()) return { done: false, value: undefined };
    AWAITING.value = future;
    return result;
  }
}

/** A task in which a scope, or the body of one, runs in place of the task that waits for it. */
export class InPlaceTask<T> extends Task<T> implements PartOfTask {
  /** @internal */
  get _isPart(): boolean {
    return true;
  }

  /** @internal One step: after a bare `yield` it fails, as any other wait does. */
  override _run(): void {
    const coroutine = this._coroutine;
    const bare =
      this._waiting === null &&
      this._throwing === 0 &&
      coroutine !== null &&
      typeof coroutine === 'object';
    const cancellation = bare ? cancellationOf(this) : null;
    if (cancellation !== null) this._throwNext(cancellation.error());
    super._run();
  }

  /** @internal */
  override _await(future: Future<any>): void {
    super._await(future);
    if (this._waiting === future) cancelIfScoped(this, future);
  }

  /** @internal */
  override _asyncWaits(future: Future<any>): void {
    super._asyncWaits(future);
    cancelIfScoped(this, future);
  }
}

/** What runs for a task that waits for it, and for nobody else. */
export interface PartOfTask {
  /** @internal */
  readonly _isPart: boolean;
  /** @internal */
  readonly _waiting: Future<any> | null;
}

/**
 * Whether a part of the task has ended well and the task, or a part between, has not gone on yet.
 * A limit that strikes then strikes a turn later: a cancel would drop an outcome (an item, a lock)
 * that nobody else has.
 */
export function outcomeOnItsWay(task: Pick<PartOfTask, '_waiting'>): boolean {
  for (let at = task._waiting; at !== null;) {
    const part: Future<any> & Partial<PartOfTask> = at;
    if (part._isPart !== true) return false;
    if (part._state !== PENDING) return part._state === DONE;
    at = part._waiting!;
  }
  return false;
}

/** Notes that the running task was made for a scope that `caller` waits for. */
export function runInsteadOf(task: Task<any> | null, caller: Task<any> | null): void {
  if (task === null || caller === null) return;
  const rare = task._makeExtras();
  rare.insteadOf = caller;
  rare.watch = caller._extras?.watch ?? null;
}

/** Whether the future is the task of a scope for which this task waits. */
function runsFor(future: FutureCore, task: Task<any>): boolean {
  return future instanceof InPlaceTask && future._extras?.insteadOf === task;
}

function cancellationOf(task: Task<any>): { reason: unknown; error(): Error } | null {
  return task._extras?.watch?._cancellation() ?? null;
}

/** Cancels a wait that has just begun in a scope that is cancelled; a scope's waits look after
 * themselves. */
function cancelIfScoped(task: Task<any>, future: Future<any>): void {
  const cancellation = cancellationOf(task);
  if (cancellation !== null && !runsFor(future, task)) future.cancel(cancellation.reason);
}

/**
 * Cancels what a task, and what runs in its place, waits for right now, as far as a scope around
 * that is cancelled; what runs finds out by itself. Scopes may stand within each other deeper than
 * the stack is.
 */
export function cancelWaits(outermost: Task<any>): void {
  const waits = waitsOf(outermost);
  for (let wait = waits.pop(); wait !== undefined; wait = waits.pop()) {
    const { task, future } = wait;
    if (runsFor(future, task)) waits.push(...waitsOf(future as Task<any>));
    else future.cancel(wait.reason);
  }
}

/** What a task waits for, the first one last. */
function waitsOf(task: Task<any>): { task: Task<any>; future: Future<any>; reason: unknown }[] {
  const cancellation = cancellationOf(task);
  if (cancellation === null) return [];
  const { reason } = cancellation;
  const futures = [...(task._extras?.alsoWaiting ?? [])].reverse();
  if (task._waiting !== null) futures.push(task._waiting);
  return futures.map((future) => ({ task, future, reason }));
}
