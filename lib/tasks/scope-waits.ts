/**
 * How a cancel scope reaches the waits of its body.
 *
 * A generator body is driven through a ScopeWalk, which sees every wait on its way to the task.
 * Parts of a body that run in their own task (an async body, and each scope awaited in one) run in
 * an InPlaceTask, which checks at every wait whether an enclosing scope is cancelled. Neither
 * counts as a cancel request of the task, so `cancelling()` does not change.
 */
import { AWAITING, DONE, PENDING, PROBED, takeAwaited } from '../core/future/future.ts';
import type { FutureCore } from '../core/contract/future-core.ts';
import type { Future } from '../core/future/future.ts';
import { Task } from '../core/task/task.ts';
import type { Watch } from '../core/task/task-extras.ts';
import type { Coro, Yieldable } from '../core/support/types.ts';

/** The interface of a scope for the walk of its body. */
export interface WalkWatch extends Watch {
  /** @internal Whether a nested scope in the same task handles the waits. */
  _delegates(): boolean;
}

/** The iterator between a generator body and the task that runs it; forwards every step. */
export class ScopeWalk<T> implements Iterator<Yieldable, T, unknown> {
  readonly #body: Coro<T>;
  readonly #watch: WalkWatch;
  readonly #task: Task<any>;
  /** It is suspended at a bare `yield`, which waits one turn. */
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

  /** Cancels what the body begins to wait for if the scope is already cancelled. */
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
    // Let one turn pass in any case: a body that swallows the cancel and waits again, for ever,
    // must not block the loop.
    if (future.done()) return { done: false, value: undefined };
    AWAITING.value = future;
    return result;
  }
}

/** A task in which a scope or its body runs on behalf of the task that waits for it. */
export class InPlaceTask<T> extends Task<T> implements PartOfTask {
  /** @internal */
  get _isPart(): boolean {
    return true;
  }

  /** @internal Runs one step. In a cancelled scope a bare `yield` fails as any other wait does. */
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

/** Something that runs for exactly one task, which waits for it. */
export interface PartOfTask {
  /** @internal */
  readonly _isPart: boolean;
  /** @internal */
  readonly _waiting: Future<any> | null;
}

/**
 * Whether a part of the task has succeeded and the task, or a part in between, has not resumed yet.
 * A timeout at that moment is delayed by a turn: a cancel would lose the outcome (an item, a lock),
 * which nobody else holds.
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

/** Records that `task` runs a scope on behalf of `caller`, which waits for it. */
export function runInsteadOf(task: Task<any> | null, caller: Task<any> | null): void {
  if (task === null || caller === null) return;
  const rare = task._makeExtras();
  rare.insteadOf = caller;
  rare.watch = caller._extras?.watch ?? null;
}

/** Whether the future is a task that runs a scope on behalf of this task. */
function runsFor(future: FutureCore, task: Task<any>): boolean {
  return future instanceof InPlaceTask && future._extras?.insteadOf === task;
}

function cancellationOf(task: Task<any>): { reason: unknown; error(): Error } | null {
  return task._extras?.watch?._cancellation() ?? null;
}

/**
 * Cancels a wait that has just begun in a cancelled scope, except a wait for a nested scope, whose
 * own waits are checked.
 */
function cancelIfScoped(task: Task<any>, future: Future<any>): void {
  const cancellation = cancellationOf(task);
  if (cancellation !== null && !runsFor(future, task)) future.cancel(cancellation.reason);
}

/**
 * Cancels what a task, and the tasks that run on its behalf, wait for right now, where an enclosing
 * scope is cancelled; running code notices at its next wait. A loop and not a recursion: scopes may
 * be nested deeper than the stack allows.
 */
export function cancelWaits(outermost: Task<any>): void {
  const waits = waitsOf(outermost);
  for (let wait = waits.pop(); wait !== undefined; wait = waits.pop()) {
    const { task, future } = wait;
    if (runsFor(future, task)) waits.push(...waitsOf(future as Task<any>));
    else future.cancel(wait.reason);
  }
}

/** What a task waits for in a cancelled scope, in reverse order. */
function waitsOf(task: Task<any>): { task: Task<any>; future: Future<any>; reason: unknown }[] {
  const cancellation = cancellationOf(task);
  if (cancellation === null) return [];
  const { reason } = cancellation;
  const futures = [...(task._extras?.alsoWaiting ?? [])].reverse();
  if (task._waiting !== null) futures.push(task._waiting);
  return futures.map((future) => ({ task, future, reason }));
}
