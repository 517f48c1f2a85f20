/** Mutual exclusion between tasks, which the task that holds it may enter again. */
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
 * when it was released as often. Only that task may release it. Fair, as `Lock` is. Whatever runs
 * in place of a task, such as the body of a scope in the async lane, counts as that task. As
 * `threading.RLock` of Python and `RLock` of curio.
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
  /** Promised to a waiter that has not gone on yet. */
  #promised = false;

  /** Whether a task holds it. */
  locked(): boolean {
    return this.#owner !== null;
  }

  /** The task that holds it, or null. */
  get owner(): Task<any> | null {
    return this.#owner;
  }

  /** How often its owner has acquired it and not released it yet. */
  get count(): number {
    return this.#count;
  }

  /**
   * Acquires it; done at once for the task that holds it. Gives a guard to release it with;
   * `release()` does as well. Cancel-safe: a cancel at any moment either leaves the lock to the
   * next, or comes after the guard was given.
   *
   * @throws RuntimeError outside a task, and when tasks of another loop wait for it
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
   * Takes one acquire back; with the last one, the task that has waited longest gets the lock.
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

  /** Runs the body with the lock held, and gives what it returns. */
  with<T>(body: ScopeBody<this, T>): ScopeRun<T> {
    return holding('lock.with()', this, body);
  }

  /** @internal The task that it was promised to goes on. */
  _hold(task: Task<any>): Guard {
    if (this.#owner !== task) this.#promised = false;
    this.#owner = task;
    this.#count++;
    return new Guard(this);
  }

  /** @internal It is free: the next one's turn. */
  _handOver(): void {
    // A second acquire of the owner's that was given up again hands nothing over.
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

/** The task whose lock it is: the outermost of those that run in place of each other. */
function ownTask(call: string): Task<any> {
  const running = runningTask<Task<any>>();
  if (running === null) throw new RuntimeError(`RLock.${call}() is for tasks, and none is running`);
  let task: Task<any> = running;
  for (const around of tasksAround(running)) task = around;
  return task;
}

showsText(RLock);
