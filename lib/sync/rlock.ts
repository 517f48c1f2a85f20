/** A reentrant lock: the task that holds it may acquire it again. */
import type { LoopCore } from '../core/contract/loop-core.ts';
import { loopFor, runningTask } from '../core/context/running.ts';
import { RuntimeError } from '../core/errors/errors.ts';
import type { Future } from '../core/future/future.ts';
import { showsText } from '../core/support/shows-text.ts';
import type { Task } from '../core/task/task.ts';
import { abortedFirst, abortWith, NO_OPTIONS } from '../tasks/abort.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import { tasksAround } from '../tasks/scope.ts';
import type { ScopeBody, ScopeRun } from '../tasks/scope.ts';
import { Guard } from './guard.ts';
import type { Guarded } from './guard.ts';
import { holding } from './holding.ts';
import { failed, Waiting, WaitList } from './wait-list.ts';

class RLockAcquire extends Waiting<Guard> {
  readonly #lock: RLock;
  readonly owner: Task<any>;

  constructor(lock: RLock, loop: LoopCore, owner: Task<any>) {
    super({ loop });
    this.#lock = lock;
    this.owner = owner;
  }

  override _claim(): Guard {
    return this.#lock._hold(this.owner);
  }

  override _release(): void {
    this.#lock._handOver();
  }
}

/**
 * A lock that belongs to the task that acquired it: that task may acquire it again, and it is free
 * once it was released as many times. Only that task may release it. Fair, like `Lock`. Code that
 * runs on behalf of a task, such as the body of a scope in the async lane, counts as that task.
 * Modelled on Python's `threading.RLock` and curio's `RLock`.
 *
 * @example
 * const lock = new RLock();
 * function* save() { yield* lock.with(function* () { yield* write(); }); }
 * yield* lock.with(function* () { yield* save(); });
 */
export class RLock implements Guarded {
  readonly #waiters: WaitList<RLockAcquire> = new WaitList();
  #owner: Task<any> | null = null;
  #count = 0;
  /** Promised to a waiter that has not resumed yet. */
  #promised = false;

  /** Whether a task holds it. */
  locked(): boolean {
    return this.#owner !== null;
  }

  /** The task that holds it, or null. */
  get owner(): Task<any> | null {
    return this.#owner;
  }

  /** How many acquires of its owner have not been released yet. */
  get count(): number {
    return this.#count;
  }

  /**
   * Acquires it, waiting if another task holds it. Returns a guard to release it with; `release()`
   * does the same. Cancel-safe: after a cancel the lock is either left to the next waiter, or the
   * guard was already returned.
   *
   * @throws RuntimeError outside a task, and when tasks of another loop wait for it; AbortError
   *   when `signal` aborts
   * @example
   * const guard = yield* lock.acquire();
   * try { … } finally { guard.release(); }
   */
  acquire(options: SignalOptions = NO_OPTIONS): Future<Guard> {
    const abortion = abortedFirst('acquire()', options);
    const task = ownTask('acquire');
    if (abortion !== null) return failed(abortion);
    const future = new RLockAcquire(this, loopFor('acquire()'), task);
    if (this.#owner === task || (this.#owner === null && !this.#promised)) future._grant();
    else this.#waiters.push(future);
    return abortWith(future, options.signal);
  }

  /**
   * Undoes one acquire; after the last one, the task that has waited longest gets the lock.
   * @throws RuntimeError when the running task does not hold it
   */
  release(): void {
    if (this.#owner === null) throw new RuntimeError('RLock is not acquired.');
    if (this.#owner !== ownTask('release')) {
      throw new RuntimeError(`RLock is held by ${this.#owner}, and only that task may release it`);
    }
    if (--this.#count > 0) return;
    this.#owner = null;
    this._handOver();
  }

  /** Runs the body with the lock held, and returns what it returns. */
  with<T>(body: ScopeBody<this, T>): ScopeRun<T> {
    return holding('lock.with()', this, body);
  }

  /** @internal The task that it was promised to resumes. */
  _hold(task: Task<any>): Guard {
    if (this.#owner !== task) this.#promised = false;
    this.#owner = task;
    this.#count++;
    return new Guard(this);
  }

  /** @internal If it is free, promises it to the next waiter. */
  _handOver(): void {
    // A cancelled second acquire of the owner does not free the lock.
    if (this.#owner !== null) return;
    const { first } = this.#waiters;
    this.#promised = first !== null;
    if (first !== null) first._grant();
  }

  /** @internal */
  _releaseGuard(_guard: Guard): boolean {
    this.release();
    return true;
  }

  toString(): string {
    const waiters = this.#waiters.size === 0 ? '' : `, waiters:${this.#waiters.size}`;
    const count = this.#count > 1 ? `, count:${this.#count}` : '';
    return `<${this.constructor.name} [${this.locked() ? 'locked' : 'unlocked'}${count}${waiters}]>`;
  }
}

/** The task that counts as the owner: the outermost of those on whose behalf this one runs. */
function ownTask(call: string): Task<any> {
  const running = runningTask<Task<any>>();
  if (running === null) throw new RuntimeError(`RLock.${call}() is for tasks, and none is running`);
  let task: Task<any> = running;
  for (const around of tasksAround(running)) task = around;
  return task;
}

showsText(RLock);
