/**
 * Scopes: calls that run a body and do something before and after it (`timeout`, task groups,
 * locks). Like a coroutine, a scope begins when it is awaited.
 *
 * `yield* scope` runs the body in the waiting task itself, so that a cancel of the scope cancels
 * that task where it waits. `await scope` cannot run inside the caller, so it runs the body in a
 * separate task and waits for that.
 */
import { coroutineKind, fromResult, notACoroutine } from '../core/task/coroutine.ts';
import { debugging } from '../core/debug/debug.ts';
import { CancelledError, RuntimeError } from '../core/errors/errors.ts';
import { Future } from '../core/future/future.ts';
import { noteBegun, noteLazy } from '../core/debug/never-awaited.ts';
import { runningTask } from '../core/context/running.ts';
import { showsText } from '../core/support/shows-text.ts';
import type { Task } from '../core/task/task.ts';
import type { Awaitable, Coro, CoroFunction, Yieldable } from '../core/support/types.ts';
import { InPlaceTask, runInsteadOf } from './scope-waits.ts';

/** The body of a scope, in either lane. */
export type ScopeBody<S, T> = (scope: S) => Coro<T> | PromiseLike<T>;

/**
 * The return value of a scope function; it can be entered once. @throws RuntimeError when awaited
 * after `yield*`, or twice by `yield*`
 */
export class ScopeRun<T> implements Awaitable<T> {
  #enter: (() => Coro<T>) | null;
  #task: Task<T> | null = null;

  constructor(enter: () => Coro<T>) {
    this.#enter = enter;
    if (debugging.on) noteLazy(this);
  }

  [Symbol.iterator](): Iterator<Yieldable, T, unknown> {
    if (this.#task !== null) return this.#task[Symbol.iterator]();
    return this.#take()();
  }

  then<A = T, B = never>(
    fulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    if (this.#task === null) {
      try {
        this.#task = this.#begin();
      } catch (error) {
        return Promise.reject(error).then(fulfilled, rejected);
      }
    }
    return this.#task.then(fulfilled, rejected);
  }

  toString(): string {
    const state =
      this.#task !== null
        ? `run by ${this.#task}`
        : this.#enter === null
          ? 'entered'
          : 'not awaited yet';
    return `<ScopeRun ${state}>`;
  }

  /** Starts eagerly: the caller waits from here on, as if it ran the scope itself. */
  #begin(): Task<T> {
    const caller = runningTask<Task<any>>();
    const enter = this.#take();
    return inPlaceOf(caller, function* () {
      runInsteadOf(runningTask<Task<any>>(), caller);
      return yield* enter();
    });
  }

  #take(): () => Coro<T> {
    const enter = this.#enter;
    if (enter === null) throw new RuntimeError('the scope has already been entered');
    this.#enter = null;
    if (debugging.on) noteBegun(this);
    return enter;
  }
}

/**
 * Starts a scope's body, for `yield*`: a `function*` in this task, anything else in a task to wait
 * for. Not itself a generator: V8 resumes a wait through all enclosing generators, so each one that
 * a scope adds limits how deep scopes can be nested.
 */
export function runBody<S, T>(where: string, body: ScopeBody<S, T>, scope: S): Coro<T> | Task<T> {
  if (coroutineKind(body, true) === 'generator') return startBody(where, body, scope);
  const caller = runningTask<Task<any>>();
  return inPlaceOf(caller, () => {
    runInsteadOf(runningTask<Task<any>>(), caller);
    return body(scope);
  });
}

/** Calls a body that is a `function*`. @throws TypeError when it returns something else */
export function startBody<S, T>(where: string, body: ScopeBody<S, T>, scope: S): Coro<T> {
  const made: unknown = body(scope);
  const coroutine = fromResult<T>(made);
  if (coroutine === null) throw notACoroutine(`${where} got a body that made`, made);
  return coroutine;
}

/**
 * Runs a part of `caller`, which waits for it, in a separate task with the caller's context, so
 * context variables set there are set for the caller too. It starts eagerly, as a body in the
 * caller's own task would; even a deadline of 0 does not prevent the start.
 *
 * @param start - must call `runInsteadOf` first: it starts inside `new InPlaceTask`, and may
 *   already need to know the caller
 */
function inPlaceOf<T>(caller: Task<any> | null, start: CoroFunction<T>): InPlaceTask<T> {
  const task = new InPlaceTask<T>(start, { eagerStart: true, context: caller?.getContext() });
  // Too many eager starts are nested, so the loop will start this one.
  if (typeof task._coroutine === 'function') runInsteadOf(task, caller);
  return task;
}

/** The task, and the tasks on whose behalf it runs, innermost first. */
export function* tasksAround(task: Task<any>): Generator<Task<any>> {
  for (let at: Task<any> | null = task; at !== null; at = at._extras?.insteadOf ?? null) yield at;
}

/**
 * The error for a cancel by others that came in addition to a scope's own cancel, with their
 * reason, which would otherwise be lost.
 *
 * @param own - the reason of the scope's own cancel, usually undefined
 */
export function withReasonOf(
  task: Task<any>,
  error: CancelledError,
  own?: unknown,
): CancelledError {
  const reason = task._extras?.reason;
  return error.reason !== own || reason === undefined ? error : new CancelledError(reason);
}

/** @throws TypeError when the body of a scope is not a function */
export function checkBody(where: string, body: unknown): void {
  if (typeof body === 'function' && !(body instanceof Future)) return;
  throw new TypeError(`${where}: the body must be a function* or async function`);
}

showsText(ScopeRun);
