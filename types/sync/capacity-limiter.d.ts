import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import { ScopeRun } from '../tasks/scope.ts';
import type { ScopeBody } from '../tasks/scope.ts';
import { Guard } from './guard.ts';
import type { Guarded } from './guard.ts';
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
export declare class CapacityLimiter implements Guarded {
    #private;
    /**
     * @param totalTokens - an integer of at least 0, or Infinity; with 0 everybody waits until it is
     *   changed
     * @throws TypeError when it is not a number; RangeError when it is not such a number
     */
    constructor(totalTokens: number | CapacityLimiterOptions, options?: Omit<CapacityLimiterOptions, 'totalTokens'>);
    /**
     * How many tokens there are. Raising it wakes waiting tasks; lowering it takes no token from its
     * borrower. @throws TypeError, RangeError as the constructor
     */
    get totalTokens(): number;
    set totalTokens(tokens: number);
    /** How many tokens are borrowed. */
    get borrowedTokens(): number;
    /**
     * How many tokens are left; negative when `totalTokens` was lowered below the number borrowed.
     */
    get availableTokens(): number;
    /** The numbers of tokens, the borrowers, and how many are waiting. */
    statistics(): CapacityLimiterStatistics;
    /**
     * Borrows a token for the running task, waiting for one if necessary. Returns a guard to release
     * it with. Cancel-safe.
     * @throws RuntimeError when the task already has a token or waits for one, or outside a task;
     *   AbortError when `signal` aborts
     */
    acquire(options?: SignalOptions): Future<Guard>;
    /**
     * The same with any other value as the borrower: an object, a name. Cancel-safe.
     * @throws RuntimeError when that borrower already has a token or waits for one; AbortError when
     *   `signal` aborts
     */
    acquireOnBehalfOf(borrower: unknown, options?: SignalOptions): Future<Guard>;
    /**
     * Gives back the token of the running task, for the next borrower.
     * @throws RuntimeError when it has none
     */
    release(): void;
    /** Returns the token of that borrower. @throws RuntimeError when it has none */
    releaseOnBehalfOf(borrower: unknown): void;
    /**
     * Runs the body while the waiting task holds a token, and returns what the body returns.
     * @throws RuntimeError when the task already has a token or waits for one
     */
    with<T>(body: ScopeBody<this, T>): ScopeRun<T>;
    toString(): string;
}
