/** A semaphore that knows its holders and can be resized; modelled on trio's CapacityLimiter. */
import { RuntimeError } from '../core/errors/errors.ts';
import { describe } from '../core/support/describe.ts';
import type { Future } from '../core/future/future.ts';
import { checkOptions } from '../core/support/options.ts';
import { loopFor, runningTask } from '../core/context/running.ts';
import { showsText } from '../core/support/shows-text.ts';
import type { Coro } from '../core/support/types.ts';
import { abortedFirst, abortWith, SIGNAL } from '../tasks/abort.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import type { Task } from '../core/task/task.ts';
import { checkBody, runBody, ScopeRun, tasksAround } from '../tasks/scope.ts';
import type { ScopeBody } from '../tasks/scope.ts';
import { Guard } from './guard.ts';
import type { Guarded } from './guard.ts';
import { countOption, givenOptions } from './options.ts';
import { failed, Waiting, WaitList } from './wait-list.ts';

/** Options of `CapacityLimiter`. */
export interface CapacityLimiterOptions {
  /** How many tokens there are. */
  totalTokens?: number | undefined;
}

/** A snapshot of a capacity limiter. */
export interface CapacityLimiterStatistics {
  readonly totalTokens: number;
  readonly borrowedTokens: number;
  readonly availableTokens: number;
  /** The holders of tokens: tasks, or values given to `acquireOnBehalfOf`. */
  readonly borrowers: readonly unknown[];
  /** How many are waiting for a token. */
  readonly waiting: number;
}

/** A guard that also records the borrower. */
class Token extends Guard {
  readonly borrower: unknown;

  constructor(limiter: CapacityLimiter, borrower: unknown) {
    super(limiter);
    this.borrower = borrower;
  }
}

class Borrow extends Waiting<Guard> {
  readonly borrower: unknown;
  readonly #limiter: CapacityLimiter;

  constructor(limiter: CapacityLimiter, borrower: unknown) {
    super({ loop: loopFor('acquire()') });
    this.#limiter = limiter;
    this.borrower = borrower;
  }

  override _claim(): Guard {
    return this.#limiter._claimToken(this.borrower);
  }

  override _release(): void {
    this.#limiter._releaseToken(this.borrower);
  }

  override _settle(state: number, value: unknown): void {
    this.#limiter._waitsNoLonger(this.borrower);
    super._settle(state, value);
  }
}

/**
 * A number of tokens for tasks to borrow, which limits how many do something at the same time.
 * Unlike a semaphore it knows its borrowers, so a task that would wait for itself gets an error,
 * and the number of tokens can be changed at any time. Fair: the task that has waited longest gets
 * the next token.
 *
 * The borrower is the running task; inside the `async` body of a scope (`with`, `timeout`, a task
 * group) the tasks around it count as well. `acquireOnBehalfOf` takes any other value as borrower.
 *
 * @example
 * const limiter = new CapacityLimiter(10);
 * yield* limiter.with(function* () { yield* fetchPage(url); });
 * limiter.totalTokens = 20; // those who wait go on at once
 */
export class CapacityLimiter implements Guarded {
  #total: number;
  readonly #waiting: WaitList<Borrow> = new WaitList();
  readonly #waitingBorrowers: Set<unknown> = new Set();
  /** The token of each borrower; null: promised to one that has not resumed yet. */
  readonly #borrowers: Map<unknown, Token | null> = new Map();

  /**
   * @param totalTokens - an integer of at least 0, or Infinity; with 0 everybody waits until it is
   *   changed
   * @throws TypeError when it is not a number; RangeError when it is not such a number
   */
  constructor(
    totalTokens: number | CapacityLimiterOptions,
    options?: Omit<CapacityLimiterOptions, 'totalTokens'>,
  ) {
    const given = givenOptions('CapacityLimiter', 'totalTokens', totalTokens, options, [
      'totalTokens',
    ]);
    this.#total = countOption('CapacityLimiter', 'totalTokens', given, undefined, 0);
  }

  /**
   * How many tokens there are. Raising it wakes waiting tasks; lowering it takes no token from its
   * borrower. @throws TypeError, RangeError as the constructor
   */
  get totalTokens(): number {
    return this.#total;
  }

  set totalTokens(tokens: number) {
    const given = { totalTokens: tokens };
    this.#total = countOption('CapacityLimiter', 'totalTokens', given, undefined, 0);
    this.#promise();
  }

  /** How many tokens are borrowed. */
  get borrowedTokens(): number {
    return this.#borrowers.size;
  }

  /**
   * How many tokens are left; negative when `totalTokens` was lowered below the number borrowed.
   */
  get availableTokens(): number {
    return this.#total - this.#borrowers.size;
  }

  /** The numbers of tokens, the borrowers, and how many are waiting. */
  statistics(): CapacityLimiterStatistics {
    return {
      totalTokens: this.#total,
      borrowedTokens: this.borrowedTokens,
      availableTokens: this.availableTokens,
      borrowers: [...this.#borrowers.keys()],
      waiting: this.#waiting.size,
    };
  }

  /**
   * Borrows a token for the running task, waiting for one if necessary. Returns a guard to release
   * it with. Cancel-safe.
   * @throws RuntimeError when the task already has a token or waits for one, or outside a task;
   *   AbortError when `signal` aborts
   */
  acquire(options: SignalOptions = {}): Future<Guard> {
    checkOptions('acquire()', options, SIGNAL);
    const [borrower, problem] = this.#newBorrower();
    return problem === null ? this.acquireOnBehalfOf(borrower, options) : failed(problem);
  }

  /**
   * The same with any other value as the borrower: an object, a name. Cancel-safe.
   * @throws RuntimeError when that borrower already has a token or waits for one; AbortError when
   *   `signal` aborts
   */
  acquireOnBehalfOf(borrower: unknown, options: SignalOptions = {}): Future<Guard> {
    const problem = abortedFirst('acquire()', options) ?? this.#checkNew(borrower);
    if (problem !== null) return failed(problem);
    const future = new Borrow(this, borrower);
    if (this.availableTokens > 0 && this.#waiting.first === null) {
      this.#borrowers.set(borrower, null);
      future._grant();
      return future;
    }
    this.#waiting.push(future);
    this.#waitingBorrowers.add(borrower);
    return abortWith(future, options.signal);
  }

  /**
   * Gives back the token of the running task, for the next borrower.
   * @throws RuntimeError when it has none
   */
  release(): void {
    const holder = this.#around().find((task) => this.#borrowers.get(task) instanceof Token);
    if (holder === undefined) throw this.#holdsNone(runningTask());
    this.#giveBack(holder);
  }

  /** Returns the token of that borrower. @throws RuntimeError when it has none */
  releaseOnBehalfOf(borrower: unknown): void {
    if (!(this.#borrowers.get(borrower) instanceof Token)) throw this.#holdsNone(borrower);
    this.#giveBack(borrower);
  }

  /**
   * Runs the body while the waiting task holds a token, and returns what the body returns.
   * @throws RuntimeError when the task already has a token or waits for one
   */
  with<T>(body: ScopeBody<this, T>): ScopeRun<T> {
    checkBody('limiter.with()', body);
    return new ScopeRun(() => this.#with(body));
  }

  *#with<T>(body: ScopeBody<this, T>): Coro<T> {
    const token = yield* this.acquire();
    try {
      return yield* runBody('limiter.with()', body, this);
    } finally {
      token.release();
    }
  }

  /** The running task, and the tasks on whose behalf it runs. */
  #around(): unknown[] {
    const task = runningTask<Task<any>>();
    return task === null ? [] : [...tasksAround(task)];
  }

  #newBorrower(): [borrower: unknown, problem: RuntimeError | null] {
    const around = this.#around();
    if (around.length === 0) {
      return [
        null,
        new RuntimeError(
          'CapacityLimiter.acquire() should be used inside a task; ' +
            'elsewhere say for whom, with acquireOnBehalfOf()',
        ),
      ];
    }
    for (const task of around) {
      const problem = this.#checkNew(task);
      if (problem !== null) return [null, problem];
    }
    return [around[0], null];
  }

  #checkNew(borrower: unknown): RuntimeError | null {
    if (this.#borrowers.has(borrower)) {
      return new RuntimeError(`${describe(borrower)} has a token of this CapacityLimiter already`);
    }
    if (this.#waitingBorrowers.has(borrower)) {
      return new RuntimeError(
        `${describe(borrower)} waits for a token of this CapacityLimiter already`,
      );
    }
    return null;
  }

  #holdsNone(borrower: unknown): RuntimeError {
    return new RuntimeError(`${describe(borrower)} has no token of this CapacityLimiter`);
  }

  #giveBack(borrower: unknown): void {
    this.#borrowers.delete(borrower);
    this.#promise();
  }

  #promise(): void {
    for (
      let borrow = this.#waiting.first;
      borrow !== null && this.availableTokens > 0;
      borrow = this.#waiting.first
    ) {
      this.#borrowers.set(borrow.borrower, null);
      borrow._grant();
    }
  }

  /** @internal The task that was promised a token resumes. */
  _claimToken(borrower: unknown): Guard {
    const token = new Token(this, borrower);
    this.#borrowers.set(borrower, token);
    return token;
  }

  /** @internal The task that was promised a token was cancelled. */
  _releaseToken(borrower: unknown): void {
    this.#giveBack(borrower);
  }

  /** @internal */
  _waitsNoLonger(borrower: unknown): void {
    this.#waitingBorrowers.delete(borrower);
  }

  /** @internal */
  _releaseGuard(guard: Guard): boolean {
    const { borrower } = guard as Token;
    if (this.#borrowers.get(borrower) !== guard) return false;
    this.#giveBack(borrower);
    return true;
  }

  toString(): string {
    return (
      `<${this.constructor.name} [${this.borrowedTokens}/${this.#total}, ` +
      `waiting:${this.#waiting.size}]>`
    );
  }
}

showsText(CapacityLimiter);
