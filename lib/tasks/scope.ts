/**
 * Scopes: calls that run a body and do something around it (`timeout`, later task groups and
 * locks). Like a coroutine, a scope begins when it is awaited.
 *
 * `yield* scope` runs the body in the waiting task itself, so that a cancel of the scope is a
 * cancel of that task at the place where it waits. `await scope` cannot resume the caller there, so
 * it runs the same thing in a task of its own, and waits for that.
 */
import { coroutineKind, fromResult, notACoroutine } from '../core/coroutine.ts';
import { debugging } from '../core/debug/debug.ts';
import { RuntimeError } from '../core/errors.ts';
import { Future } from '../core/future.ts';
import { noteBegun, noteLazy } from '../core/debug/never-awaited.ts';
import { runningTask } from '../core/running.ts';
import { showsText } from '../core/shows-text.ts';
import { Task } from '../core/task.ts';
import type { TaskOptions } from '../core/task.ts';
import type { Awaitable, Coro, Yieldable } from '../core/types.ts';

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
    const state = this.#task !== null ? `run by ${this.#task}`
      : this.#enter === null ? 'entered' : 'not awaited yet';
    return `<ScopeRun ${state}>`;
  }

  /** It begins at once: the caller waits from here on, and would run it itself if it could. */
  #begin(): Task<T> {
    const caller = runningTask();
    const enter = this.#take();
    return new Task(function* () {
      runInsteadOf(caller);
      return yield* enter();
    }, inPlaceOf(caller));
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
  // It begins at once, as a body in this task would: a deadline of 0 does not keep it from that.
  const caller = runningTask();
  return new Task<T>(() => {
    // Not after `new Task`: the body begins inside that call, and it may ask.
    runInsteadOf(caller);
    return body(scope);
  }, inPlaceOf(caller));
}

/** Calls a body that is a `function*`. @throws TypeError when it made something else */
export function startBody<S, T>(where: string, body: ScopeBody<S, T>, scope: S): Coro<T> {
  const coroutine = fromResult<T>(body(scope));
  if (coroutine === null) throw notACoroutine(`${where} got a body that made`, coroutine);
  return coroutine;
}

/** What the body sets in context variables is set for the caller too, who waits for it. */
function inPlaceOf(caller: Task<any> | null): TaskOptions {
  return { eagerStart: true, context: caller?.getContext() };
}

/** Notes that the running task was made for a scope that `caller` waits for. */
function runInsteadOf(caller: Task<any> | null): void {
  const task = runningTask();
  if (task !== null && caller !== null) task._rareFields().insteadOf = caller;
}

/** The task and, from the inside to the outside, those for whose scopes it runs. */
export function* tasksAround(task: Task<any>): Generator<Task<any>> {
  for (let at: Task<any> | null = task; at !== null; at = at._rare?.insteadOf ?? null) yield at;
}

/** @throws TypeError when the body of a scope is no function */
export function checkBody(where: string, body: unknown): void {
  if (typeof body === 'function' && !(body instanceof Future)) return;
  throw new TypeError(`${where}: the body must be a function* or async function`);
}

showsText(ScopeRun);
