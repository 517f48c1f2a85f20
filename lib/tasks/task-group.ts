/**
 * Task groups: tasks that do not outlive the call that started them.
 *
 * The group counts its own cancels of the parent and takes them back, so that it can tell them from
 * cancels of others: those go on, even when an error of a child is thrown first.
 */
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { isGenerator } from '../core/task/coroutine.ts';
import { onBehalfOf } from '../core/future/done-callback.ts';
import { CancelledError, isA, KeyboardInterrupt, RuntimeError } from '../core/errors/errors.ts';
import { ExceptionGroup } from '../core/errors/exception-group.ts';
import { DONE, Future, PENDING } from '../core/future/future.ts';
import { runningTask } from '../core/context/running.ts';
import { showsText } from '../core/support/shows-text.ts';
import type { Task, TaskOptions } from '../core/task/task.ts';
import type { Coro, Coroutine } from '../core/support/types.ts';
import type { Runnable } from '../native/rings.ts';
import { checkBody, runBody, ScopeRun, withReasonOf } from './scope.ts';
import type { ScopeBody } from './scope.ts';
import { Starting } from './group-start.ts';
import type { StartBody } from './group-start.ts';

/**
 * The wait for the children: a cancel ends them, but not the wait. They hear of it in the next
 * turn, when asyncio's group would go on and find itself cancelled.
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

/**
 * Tasks that belong together. When one fails, the others and the body are cancelled, and when all
 * have ended the errors are thrown as one ExceptionGroup. A child that is cancelled is no error.
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
  /** Outstanding cancels of the parent from before. */
  readonly #cancelling: number;
  readonly #tasks: Set<Task<any>> = new Set();
  readonly #whenDone: (task: Task<any>) => void;
  readonly #errors: unknown[] = [];
  #drain: Drain | null = null;
  #leaving = false;
  #aborting = false;
  /** The group has counted a cancel of its parent, which it must take back. */
  #parentCancelled = false;
  #cancellation: CancelledError | null = null;
  #interrupt: KeyboardInterrupt | null = null;

  /** A group begins with its body: `TaskGroup.run` makes it. */
  private constructor(entered: typeof ENTERED, caller: Task<any> | null, parent: Task<any>) {
    // Who writes `new TaskGroup()`, as in asyncio, gets a group that says what is missing.
    this.#entered = entered === ENTERED;
    this.#parent = parent;
    this.#caller = caller === parent ? null : caller;
    this.#loop = parent?._loop;
    this.#cancelling = parent?.cancelling();
    this.#whenDone = onBehalfOf(parent, (done) => this.#childDone(done));
  }

  /**
   * Runs the body with a new group, waits until every task of it is done, and gives what the body
   * returned (undefined when `group.cancel()` ended it).
   *
   * @throws ExceptionGroup of what children and body threw; CancelledError when the waiting task is
   *   cancelled, after the children have ended; RuntimeError outside a task
   * @example const pages = yield* TaskGroup.run(function* (group) { … });
   * @example await TaskGroup.run(async (group) => { group.createTask(work); });
   */
  static run<T>(body: ScopeBody<TaskGroup, T>): ScopeRun<T | undefined> {
    checkBody('TaskGroup.run()', body);
    const caller = runningTask();
    return new ScopeRun(() => TaskGroup.#run(body, caller));
  }

  static *#run<T>(body: ScopeBody<TaskGroup, T>, caller: Task<any> | null): Coro<T | undefined> {
    const parent = runningTask();
    if (parent === null) throw new RuntimeError('TaskGroup should be used inside a task');
    const group = new TaskGroup(ENTERED, caller, parent);
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
   * Starts a child. Children may start more, also while the group waits for the last of them.
   *
   * @throws RuntimeError when the group has ended or is ending by an error or a cancel; a generator
   *   is closed then
   */
  createTask<T>(coroutine: Coroutine<T>, options?: TaskOptions): Task<T> {
    this.#checkOpen(coroutine);
    const task = this.#loop.createTask(coroutine, options);
    this.#add(task, this.#whenDone);
    return task;
  }

  /**
   * Starts a child and waits until it says that it is ready: gives what it hands to `ready`. The
   * child goes on in the group. One that fails before throws from here and leaves the group alone.
   *
   * @throws RuntimeError when the child ends without being ready
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
    const task = starting._begin(body, options);
    this.#add(
      task,
      onBehalfOf(this.#parent, (done) => {
        if (starting._childDone(done)) this.#removed(done);
        else this.#childDone(done);
      }),
    );
    return starting;
  }

  /** Ends children and body without an error of its own; idempotent. Real errors still come out. */
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

  #add(task: Task<any>, done: (task: Task<any>) => void): void {
    this.#tasks.add(task);
    // Also for one that began at once and is done: its error must not come before its turn.
    task.addDoneCallback(done);
    if (this.#aborting) task.cancel();
  }

  #removed(task: Task<any>): void {
    this.#tasks.delete(task);
    if (this.#tasks.size === 0 && this.#drain?._state === PENDING) {
      this.#drain._settle(DONE, undefined);
    }
  }

  #childDone(task: Task<any>): void {
    this.#removed(task);
    if (task.cancelled()) return;
    const error = task.exception();
    if (error === null) return;
    if (isA(error, KeyboardInterrupt)) this.#interrupt ??= error;
    else this.#errors.push(error);
    if (this.#aborting) return;
    this.#abort();
    if (this.#leaving) this.#countCancel();
    else this.#cancelParent();
  }

  #abort(): void {
    this.#aborting = true;
    for (const task of this.#tasks) {
      if (!task.done()) task.cancel();
    }
  }

  /** Stops the body, once; when it has ended there is nothing to stop. */
  #cancelParent(): void {
    if (this.#leaving || this.#parentCancelled || this.#parent.done()) return;
    this.#parentCancelled = true;
    this.#parent.cancel();
  }

  /** The body has ended, so that there is nothing to stop; but `cancelling()` tells of it. */
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
    if (this.#tasks.size > 0) {
      this.#drain = new Drain(this.#loop, (reason) => this.#cancelledWhileWaiting(reason));
      yield* this.#drain;
      // A cancel of the turn in which the last child ended.
      this.#drain._run();
    }
    if (this.#parentCancelled && this.#parent.uncancel() <= this.#cancelling) {
      // Nobody but the group has asked for it.
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

  /** The cancel by others among those that ended the body; null when it was the group's alone. */
  #foreign(error: CancelledError): CancelledError | null {
    if (!this.#parentCancelled) return error;
    return this.#parent.cancelling() <= this.#cancelling + 1
      ? null
      : withReasonOf(this.#parent, error);
  }

  #cancelledWhileWaiting(reason: unknown): void {
    // Of several by others, the first one is told.
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
   * The errors take the place of a cancel from outside, which is then to come at the next wait. In
   * the async lane the group has a task of its own, and the one to be cancelled is the caller: not
   * before it has been told of the errors, so in the turn in which that happens.
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

/** Puts a cancel that was delivered back to the ones that are to come; their number stays. */
function requestAgain(task: Task<any>): void {
  const reason = task._extras?.reason;
  task.uncancel();
  task.cancel(reason);
}

showsText(TaskGroup);
