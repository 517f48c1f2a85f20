/**
 * How a cancel scope reaches the waits of its body.
 *
 * A generator body is driven through a walk, which sees every wait on its way to the task; an async
 * body runs in a task that asks the scope at every wait. Neither counts as a cancel request of the
 * task, so `cancelling()` stays as it is.
 */
import { AWAITING, PROBED, takeAwaited } from '../core/future.ts';
import type { Future } from '../core/future.ts';
import { Task } from '../core/task.ts';
import type { Coro, CoroFunction, Yieldable } from '../core/types.ts';

/** The side of a scope that the waits of its body talk to. */
export interface Watch {
  /** @internal Whether a scope within this one, in the same task, looks after the waits. */
  _delegates(): boolean;
  /** @internal The reason to cancel the waits for; null: there is none. */
  _cancellation(): { reason: unknown; error(): Error } | null;
  /** @internal An async body has begun to wait. */
  _laneWaits(): void;
}

/** The iterator between a generator body and the task that runs it. */
export class ScopeWalk<T> implements Iterator<Yieldable, T, unknown> {
  readonly #body: Coro<T>;
  readonly #watch: Watch;
  /** It waits one turn by a bare `yield`. */
  #bare = false;

  constructor(body: Coro<T>, watch: Watch) {
    this.#body = body;
    this.#watch = watch;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<Yieldable, T> {
    const cancellation = this.#bare ? this.#watch._cancellation() : null;
    this.#bare = false;
    return this.#look(cancellation === null ? this.#body.next()
      : this.#body.throw(cancellation.error()));
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
    if (result !== AWAITING as unknown || AWAITING.value._state === PROBED) return result;
    const cancellation = this.#watch._cancellation();
    if (cancellation === null) return result;
    const future = takeAwaited();
    future.cancel(cancellation.reason);
    // A turn passes in any case: a body that goes on waiting for ever must not stop the loop.
    if (future.done()) return { done: false, value: undefined };
    AWAITING.value = future;
    return result;
  }
}

/** The task of an async body. */
export class ScopeTask<T> extends Task<T> {
  readonly #watch: Watch;

  constructor(body: CoroFunction<T>, watch: Watch, caller: Task<any>) {
    super(body, { context: caller.getContext() });
    this._rareFields().insteadOf = caller;
    this.#watch = watch;
  }

  /** @internal */
  override _laneWaits(future: Future<any>): void {
    super._laneWaits(future);
    this.#watch._laneWaits();
  }
}
