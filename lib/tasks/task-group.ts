/**
 * Task groups: tasks that do not outlive the call that started them.
 *
 * The group counts its own cancels of the parent and undoes them (`uncancel`), so that it can tell
 * them from cancels by others: those still take effect, even when an error of a child is thrown
 * first.
 */
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { isGenerator } from '../core/task/coroutine.ts';
import { onBehalfOf } from '../core/future/done-callback.ts';
import { CancelledError, isA, KeyboardInterrupt, RuntimeError } from '../core/errors/errors.ts';
import { ExceptionGroup } from '../core/errors/exception-group.ts';
import { DONE, Future, PENDING } from '../core/future/future.ts';
import { runningTask } from '../core/context/running.ts';
import { describe } from '../core/support/describe.ts';
import { checkOptions } from '../core/support/options.ts';
import { showsText } from '../core/support/shows-text.ts';
import type { Task, TaskOptions } from '../core/task/task.ts';
import type { Coro, Coroutine } from '../core/support/types.ts';
import type { Runnable } from '../native/rings.ts';
import type { DoneIterator } from './as-completed.ts';
import { checkBody, runBody, ScopeRun, withReasonOf } from './scope.ts';
import type { ScopeBody } from './scope.ts';
import { DoneChildren } from './group-done.ts';
import { Starting } from './group-start.ts';
import type { StartBody } from './group-start.ts';

/**
 * The wait for the children: a cancel is passed to them and does not end the wait. It reaches them
 * in the next turn, which is when asyncio's group would resume and see its cancel.
 */
class Drain extends Future<void> implements Runnable {
  readonly #cancelled: (reason: unknown) => void;
  #noted: { reason: unknown } | null = null;

  constructor(loop: AbstractEventLoop, cancelled: (reason: unknown) => void) {
    super({ loop });
    this.#cancelled = cancelled;
  }

  override cancel(reason?: unknown): boolean {
    if (this._state !== PENDING) return false;
    if (this.#noted === null) {
      this.#noted = { reason };
      this._loop._enqueue(this);
    }
    return true;
  }

  /** @internal */
  _run(): void {
    const noted = this.#noted;
    this.#noted = null;
    if (noted !== null) this.#cancelled(noted.reason);
  }
}

const ENTERED: unique symbol = Symbol('entered');

/** What a group waits for once its body has ended. */
export type GroupWait = 'all' | 'any' | 'firstResult';

const WAITS: readonly unknown[] = ['all', 'any', 'firstResult'] satisfies GroupWait[];

/** Options of `TaskGroup.run`. */
export interface TaskGroupOptions {
  /**
   * What the group waits for once its body has ended: `'all'` children (the default), `'any'` (the
   * first child that ends), or `'firstResult'`, the first that returns something other than
   * undefined and null. The other children are then cancelled. A child that was cancelled does not
   * count, and an error ends the group in any case.
   */
  wait?: GroupWait | undefined;
}

/**
 * A group of tasks that end together. When one fails, the others and the body are cancelled, and
 * once all have ended the errors are thrown as one ExceptionGroup. A cancelled child is no error.
 *
 * @example
 * yield* TaskGroup.run(function* (group) {
 *   group.createTask(() => fetchPage(a));
 *   group.createTask(() => fetchPage(b));
 * }); // both are done here
 */
export class TaskGroup {
  readonly #entered: boolean;
  readonly #parent: Task<any>;
  readonly #caller: Task<any> | null;
  readonly #loop: AbstractEventLoop;
  /** The parent's number of cancel requests before the group. */
  readonly #cancelling: number;
  readonly #tasks: Set<Task<any>> = new Set();
  readonly #daemons: Set<Task<any>> = new Set();
  readonly #wait: GroupWait;
  readonly #done: DoneChildren;
  #completed: Task<any> | null = null;
  readonly #whenDone: (task: Task<any>) => void;
  readonly #errors: unknown[] = [];
  #drain: Drain | null = null;
  #leaving = false;
  #aborting = false;
  /** The group has added a cancel request to its parent, which it must take back. */
  #parentCancelled = false;
  #cancellation: CancelledError | null = null;
  #interrupt: KeyboardInterrupt | null = null;

  /** Called by `TaskGroup.run` only. */
  private constructor(
    entered: typeof ENTERED,
    caller: Task<any> | null,
    parent: Task<any>,
    wait: GroupWait,
  ) {
    // JavaScript code may write `new TaskGroup()`, as in asyncio; the methods of such a group throw
    // an error that explains what to write.
    this.#entered = entered === ENTERED;
    this.#parent = parent;
    this.#caller = caller === parent ? null : caller;
    this.#loop = parent?.getLoop();
    this.#cancelling = parent?.cancelling();
    this.#whenDone = onBehalfOf(parent, (done) => this.#childDone(done));
    this.#wait = wait;
    this.#done = new DoneChildren(this.#loop, () => this.#tasks.size - this.#daemons.size);
  }

  /**
   * Runs the body with a new group, waits until all its tasks are done, and returns what the body
   * returned (undefined when `group.cancel()` ended it).
   *
   * @throws ExceptionGroup of the errors of children and body; CancelledError when the waiting task
   *   is cancelled, once the children have ended; KeyboardInterrupt of a child or the body,
   *   ungrouped; RuntimeError outside a task; TypeError for wrong arguments
   * @example const pages = yield* TaskGroup.run(function* (group) { … });
   * @example await TaskGroup.run(async (group) => { group.createTask(work); });
   * @example
   * const winner = yield* TaskGroup.run({ wait: 'any' }, function* (group) {
   *   for (const mirror of mirrors) group.createTask(() => fetchPage(mirror));
   *   return group;
   * });
   * winner.completed.result();
   */
  static run<T>(body: ScopeBody<TaskGroup, T>): ScopeRun<T | undefined>;
  static run<T>(options: TaskGroupOptions, body: ScopeBody<TaskGroup, T>): ScopeRun<T | undefined>;
  static run<T>(
    first: TaskGroupOptions | ScopeBody<TaskGroup, T>,
    second?: ScopeBody<TaskGroup, T>,
  ): ScopeRun<T | undefined> {
    const body = second ?? (first as ScopeBody<TaskGroup, T>);
    const wait = body === first ? 'all' : checkWait(first as TaskGroupOptions);
    checkBody('TaskGroup.run()', body);
    const caller = runningTask<Task<any>>();
    return new ScopeRun(() => TaskGroup.#run(body, caller, wait));
  }

  static *#run<T>(
    body: ScopeBody<TaskGroup, T>,
    caller: Task<any> | null,
    wait: GroupWait,
  ): Coro<T | undefined> {
    const parent = runningTask<Task<any>>();
    if (parent === null) throw new RuntimeError('TaskGroup should be used inside a task');
    const group = new TaskGroup(ENTERED, caller, parent, wait);
    let result: T | undefined;
    let failure: { error: unknown } | null = null;
    try {
      result = yield* runBody('TaskGroup.run()', body, group);
    } catch (error) {
      failure = { error };
    }
    yield* group.#leave(failure);
    return result;
  }

  /**
   * Starts a child task. Children may start more, even while the group waits for the last of them.
   *
   * @throws RuntimeError when the group has ended, or is ending because of an error or cancel; a
   *   generator object that was passed is closed then. TypeError when `coroutine` is not a
   *   coroutine
   */
  createTask<T>(coroutine: Coroutine<T>, options?: TaskOptions): Task<T> {
    this.#checkOpen(coroutine);
    const task = this.#loop.createTask(coroutine, forGroup(options));
    this.#add(task, this.#whenDone, options);
    return task;
  }

  /** The first child that ended and met the group's `wait` option; null while there is none. */
  get completed(): Task<any> | null {
    return this.#completed;
  }

  /**
   * Waits for the next child to end, in the order in which they end; null when none is left.
   * Daemons are not included. A failed child ends the group as usual. Cancel-safe: a child that was
   * not taken is returned by the next call. (In the async lane `await` would also await the task
   * and give its result: write `for await (const task of group)` there.)
   *
   * @throws RuntimeError when more than 256 children had ended before the first call: they are not
   *   kept
   * @example
   * for (let task; (task = yield* group.nextDone()) !== null; ) console.log(task.getName());
   */
  nextDone(): Future<Task<any> | null> {
    if (!this.#entered) throw this.#notEntered();
    return this.#done.nextDone();
  }

  /**
   * The same, but returns what the child returned, or throws what it threw; CancelledError for a
   * child that was cancelled.
   * @throws RuntimeError when none is left, and as for `nextDone`
   */
  nextResult(): Future<any> {
    if (!this.#entered) throw this.#notEntered();
    return this.#done.nextResult();
  }

  /** The child tasks themselves, each once it has ended. */
  [Symbol.asyncIterator](): DoneIterator<Task<any>> {
    if (!this.#entered) throw this.#notEntered();
    return { next: () => this.#done.nextStep().then() };
  }

  /**
   * Starts a child and waits until it calls `ready(value)`; returns that value. The child then
   * continues in the group. If it fails before that, the error is thrown here and does not affect
   * the group. Cancelling the wait cancels the child.
   *
   * @throws what the child throws before it is ready; RuntimeError when it ends without calling
   *   `ready`, and as for `createTask`
   * @example
   * const port = yield* group.start(function* (ready) {
   *   const server = yield* startServer(…);
   *   ready(server.port);
   *   yield* server.serveForever();
   * });
   */
  start<V>(body: StartBody<V>, options?: TaskOptions): Future<V> {
    checkBody('group.start()', body);
    this.#checkOpen(null);
    const starting = new Starting<V>({ loop: this.#loop });
    const task = starting._begin(body, forGroup(options));
    this.#add(
      task,
      onBehalfOf(this.#parent, (done) => {
        if (starting._childDone(done)) this.#removed(done);
        else this.#childDone(done);
      }),
      options,
    );
    return starting;
  }

  /**
   * Cancels the children and the body; `run` throws nothing for this. Errors that are not cancels
   * are still thrown. A second call does nothing. @throws RuntimeError when the group was not made
   * by `run`
   */
  cancel(): void {
    if (!this.#entered) throw this.#notEntered();
    if (this.#leaving && this.#tasks.size === 0) return;
    this.#abort();
    this.#cancelParent();
  }

  #notEntered(): RuntimeError {
    return new RuntimeError(
      `TaskGroup ${this} has not been entered; write ` +
        'TaskGroup.run(function* (group) { … }), which makes one and waits for its tasks',
    );
  }

  #checkOpen(coroutine: unknown): void {
    const finished = this.#leaving && this.#tasks.size === 0;
    if (this.#entered && !finished && !this.#aborting) return;
    if (typeof coroutine === 'object' && coroutine !== null && isGenerator(coroutine)) {
      coroutine.return(undefined);
    }
    if (!this.#entered) throw this.#notEntered();
    throw new RuntimeError(`TaskGroup is ${finished ? 'finished' : 'shutting down'}`);
  }

  #add(task: Task<any>, done: (task: Task<any>) => void, options?: TaskOptions): void {
    this.#tasks.add(task);
    if (options?.daemon === true) this.#daemons.add(task);
    // A callback even for a task that started eagerly and is already done: its error is handled in
    // a later turn, as for any other.
    task.addDoneCallback(done);
    if (this.#aborting) task.cancel();
  }

  #removed(task: Task<any>): void {
    this.#tasks.delete(task);
    this.#daemons.delete(task);
    if (this.#leaving) this.#endDaemons();
    if (this.#tasks.size === 0 && this.#drain?._state === PENDING) {
      this.#drain._settle(DONE, undefined);
    }
  }

  /** Cancels the daemons once only daemons are left. */
  #endDaemons(): void {
    if (this.#daemons.size === 0 || this.#daemons.size < this.#tasks.size || this.#aborting) return;
    this.#abort();
  }

  #childDone(task: Task<any>): void {
    const counts = !this.#daemons.has(task);
    this.#removed(task);
    if (counts) this.#done.add(task);
    if (task.cancelled()) return;
    const error = task.exception();
    if (error === null) {
      if (counts && this.#completed === null) this.#complete(task);
      return;
    }
    if (isA(error, KeyboardInterrupt)) this.#interrupt ??= error;
    else this.#errors.push(error);
    if (this.#aborting) return;
    this.#abort();
    if (this.#leaving) this.#countCancel();
    else this.#cancelParent();
  }

  #complete(task: Task<any>): void {
    const result: unknown = task.result();
    if (this.#wait === 'firstResult' && (result === undefined || result === null)) return;
    this.#completed = task;
    if (this.#leaving) this.#endRest();
  }

  /** Cancels the remaining children if the child that the group waits for has ended. */
  #endRest(): void {
    if (this.#wait !== 'all' && this.#completed !== null && !this.#aborting) this.#abort();
  }

  #abort(): void {
    this.#aborting = true;
    for (const task of this.#tasks) {
      if (!task.done()) task.cancel();
    }
  }

  /** Cancels the parent, once, to stop the body; not when the body has already ended. */
  #cancelParent(): void {
    if (this.#leaving || this.#parentCancelled || this.#parent.done()) return;
    this.#parentCancelled = true;
    this.#parent.cancel();
  }

  /**
   * Counts a cancel request without cancelling, since the body has already ended: `cancelling()`
   * shows it, as in asyncio.
   */
  #countCancel(): void {
    if (this.#parentCancelled) return;
    this.#parentCancelled = true;
    this.#parent._requests++;
  }

  *#leave(failure: { error: unknown } | null): Coro<void> {
    this.#leaving = true;
    if (failure !== null && isA(failure.error, CancelledError)) {
      this.#cancellation = this.#foreign(failure.error);
    }
    if (failure !== null && !this.#aborting) this.#abort();
    this.#endRest();
    this.#endDaemons();
    if (this.#tasks.size > 0) {
      this.#drain = new Drain(this.#loop, (reason) => this.#cancelledWhileWaiting(reason));
      yield* this.#drain;
      // Handles a cancel that came in the turn in which the last child ended.
      this.#drain._run();
    }
    if (this.#parentCancelled && this.#parent.uncancel() <= this.#cancelling) {
      // Only the group itself had requested the cancel.
      this.#cancellation = null;
    } else if (this.#parentCancelled) {
      this.#cancellation ??= withReasonOf(this.#parent, new CancelledError());
    }
    if (failure !== null && isA(failure.error, KeyboardInterrupt)) {
      this.#interrupt ??= failure.error;
    } else if (failure !== null && !isA(failure.error, CancelledError)) {
      this.#errors.push(failure.error);
    }
    this.#throw();
  }

  /**
   * The error of a cancel by others, if one ended the body; null when it was the group's own cancel
   * alone.
   */
  #foreign(error: CancelledError): CancelledError | null {
    if (!this.#parentCancelled) return error;
    return this.#parent.cancelling() <= this.#cancelling + 1
      ? null
      : withReasonOf(this.#parent, error);
  }

  #cancelledWhileWaiting(reason: unknown): void {
    // Of several cancels by others, the first one is thrown.
    this.#cancellation ??= this.#foreign(new CancelledError(reason));
    if (!this.#aborting) this.#abort();
  }

  #throw(): void {
    if (this.#interrupt !== null) throw this.#interrupt;
    if (this.#errors.length > 0) {
      this.#rearm();
      throw new ExceptionGroup('unhandled errors in a TaskGroup', this.#errors);
    }
    if (this.#cancellation !== null) throw this.#cancellation;
  }

  toString(): string {
    const state = this.#aborting ? ' cancelling' : ' entered';
    const tasks = this.#tasks.size === 0 ? '' : ` tasks=${this.#tasks.size}`;
    const errors = this.#errors.length === 0 ? '' : ` errors=${this.#errors.length}`;
    return `<${this.constructor.name}${tasks}${errors}${this.#entered ? state : ''}>`;
  }

  /**
   * When errors are thrown instead of a cancel from outside, that cancel must be delivered again at
   * the next wait. In the async lane the group runs in a separate task and the caller is the one to
   * cancel, but only once it has received the errors, which is when that task is done.
   */
  #rearm(): void {
    const parent = this.#parent;
    const caller = this.#caller;
    if (parent.cancelling() > 0) requestAgain(parent);
    if (caller !== null && caller._waiting === parent && caller.cancelling() > 0) {
      parent.addDoneCallback(() => requestAgain(caller));
    }
  }
}

/** The error of a daemon is handled by the group, not by the loop's exception handler. */
function forGroup(options: TaskOptions | undefined): TaskOptions | undefined {
  return options?.daemon === true ? { ...options, daemon: false } : options;
}

/** @throws TypeError for unknown options, or a `wait` that is none of the three */
function checkWait(options: TaskGroupOptions): GroupWait {
  checkOptions('TaskGroup.run()', options, ['wait']);
  const { wait = 'all' } = options;
  if (WAITS.includes(wait)) return wait;
  throw new TypeError(
    `TaskGroup.run(): wait must be 'all', 'any' or 'firstResult', got ${describe(wait)}`,
  );
}

/**
 * Makes a cancel that was already delivered pending again; the number of requests stays the same.
 */
function requestAgain(task: Task<any>): void {
  const reason = task._extras?.reason;
  task.uncancel();
  task.cancel(reason);
}

showsText(TaskGroup);
