/**
 * Scopes: calls that run a body and do something around it (`timeout`, later task groups and
 * locks). Like a coroutine, a scope begins when it is awaited.
 *
 * `yield* scope` runs the body in the waiting task itself, so that a cancel of the scope is a
 * cancel of that task at the place where it waits. `await scope` cannot resume the caller there, so
 * it runs the same thing in a task of its own, and waits for that.
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

/** What a scope function gives: awaitable once. */
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

  /** It begins at once: the caller waits from here on, and would run it itself if it could. */
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
 * Starts a scope's body, for `yield*`: a `function*` in this task, anything else in a task that it
 * waits for. No generator of its own: V8 resumes a wait through all that stand around it, and how
 * deep scopes can be nested is a matter of how many each of them adds.
 */
export function runBody<S, T>(where: string, body: ScopeBody<S, T>, scope: S): Coro<T> | Task<T> {
  if (coroutineKind(body, true) === 'generator') return startBody(where, body, scope);
  const caller = runningTask<Task<any>>();
  return inPlaceOf(caller, () => {
    runInsteadOf(runningTask<Task<any>>(), caller);
    return body(scope);
  });
}

/** Calls a body that is a `function*`. @throws TypeError when it made something else */
export function startBody<S, T>(where: string, body: ScopeBody<S, T>, scope: S): Coro<T> {
  const made: unknown = body(scope);
  const coroutine = fromResult<T>(made);
  if (coroutine === null) throw notACoroutine(`${where} got a body that made`, made);
  return coroutine;
}

/**
 * Runs a part of `caller`, who waits for it, in a task of its own. What is set there in context
 * variables is set for the caller too. It begins at once, as a body in the caller's own task would:
 * a deadline of 0 does not keep it from that.
 *
 * @param start - calls `runInsteadOf` first: it begins inside of `new InPlaceTask`, and may ask
 */
function inPlaceOf<T>(caller: Task<any> | null, start: CoroFunction<T>): InPlaceTask<T> {
  const task = new InPlaceTask<T>(start, { eagerStart: true, context: caller?.getContext() });
  // So many begin inside of each other that the loop has to start this one.
  if (typeof task._coroutine === 'function') runInsteadOf(task, caller);
  return task;
}

/** The task and, from the inside to the outside, those for whose scopes it runs. */
export function* tasksAround(task: Task<any>): Generator<Task<any>> {
  for (let at: Task<any> | null = task; at !== null; at = at._extras?.insteadOf ?? null) yield at;
}

/**
 * The error of a cancel by others that came on top of a scope's own: with their reason, which would
 * be lost else.
 *
 * @param own - the reason of the scope's own cancel; most have none
 */
export function withReasonOf(
  task: Task<any>,
  error: CancelledError,
  own?: unknown,
): CancelledError {
  const reason = task._extras?.reason;
  return error.reason !== own || reason === undefined ? error : new CancelledError(reason);
}

/** @throws TypeError when the body of a scope is no function */
export function checkBody(where: string, body: unknown): void {
  if (typeof body === 'function' && !(body instanceof Future)) return;
  throw new TypeError(`${where}: the body must be a function* or async function`);
}

showsText(ScopeRun);
