import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import { ScopeRun } from '../tasks/scope.ts';
import type { ScopeBody } from '../tasks/scope.ts';
import { Guard } from './guard.ts';
import type { Guarded } from './guard.ts';
/** How a capacity limiter is made. */
export interface CapacityLimiterOptions {
    /** How many tokens there are. */
    totalTokens?: number | undefined;
}
/** What a capacity limiter is doing. */
export interface CapacityLimiterStatistics {
    readonly totalTokens: number;
    readonly borrowedTokens: number;
    readonly availableTokens: number;
    /** Who has a token: tasks, or what was given to `acquireOnBehalfOf`. */
    readonly borrowers: readonly unknown[];
    /** How many wait for one. */
    readonly waiting: number;
}
/**
 * So many tokens that tasks borrow: at most that many do something at a time. Unlike a semaphore it
 * knows its borrowers, so that one who would wait for himself gets an error, and the number of
 * tokens can be changed at any time. Fair: who has waited longest gets the next token.
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
     * @param totalTokens - an integer of at least 0, or Infinity; 0 lets nobody through until it is
     *   changed
     * @throws TypeError, RangeError
     */
    constructor(totalTokens: number | CapacityLimiterOptions, options?: Omit<CapacityLimiterOptions, 'totalTokens'>);
    /** How many tokens there are. Changing it wakes who waits; tokens that are out stay out. */
    get totalTokens(): number;
    set totalTokens(tokens: number);
    /** How many tokens are borrowed. */
    get borrowedTokens(): number;
    /** How many tokens are left; below 0 when `totalTokens` is now smaller than what is borrowed. */
    get availableTokens(): number;
    /** Who has a token, and how many wait. */
    statistics(): CapacityLimiterStatistics;
    /**
     * Borrows a token for the running task. Gives a guard to release it with. Cancel-safe.
     * @throws RuntimeError when the task has a token, or waits for one, already; outside a task
     */
    acquire(options?: SignalOptions): Future<Guard>;
    /**
     * The same for any other value as the borrower: an object, a name. Cancel-safe.
     * @throws RuntimeError when that borrower has a token, or waits for one, already
     */
    acquireOnBehalfOf(borrower: unknown, options?: SignalOptions): Future<Guard>;
    /**
     * Gives back the token of the running task.
     * @throws RuntimeError when it has none
     */
    release(): void;
    /** Gives back the token of that borrower. @throws RuntimeError when it has none */
    releaseOnBehalfOf(borrower: unknown): void;
    /**
     * Runs the body with a token of the task that waits for it, and gives what the body returns.
     * @throws RuntimeError when the task has a token, or waits for one, already
     */
    with<T>(body: ScopeBody<this, T>): ScopeRun<T>;
    toString(): string;
}
