import { CancelledError } from '../core/errors.ts';
import type { Task } from '../core/task.ts';
import type { Awaitable, Coro, Yieldable } from '../core/types.ts';
/** The body of a scope, in either lane. */
export type ScopeBody<S, T> = (scope: S) => Coro<T> | PromiseLike<T>;
/** What a scope function gives: awaitable once. */
export declare class ScopeRun<T> implements Awaitable<T> {
    #private;
    constructor(enter: () => Coro<T>);
    [Symbol.iterator](): Iterator<Yieldable, T, unknown>;
    then<A = T, B = never>(fulfilled?: ((value: T) => A | PromiseLike<A>) | null, rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<A | B>;
    toString(): string;
}
/**
 * Starts a scope's body, for `yield*`: a `function*` in this task, anything else in a task that it
 * waits for. No generator of its own: V8 resumes a wait through all that stand around it, and how
 * deep scopes can be nested is a matter of how many each of them adds.
 */
export declare function runBody<S, T>(where: string, body: ScopeBody<S, T>, scope: S): Coro<T> | Task<T>;
/** Calls a body that is a `function*`. @throws TypeError when it made something else */
export declare function startBody<S, T>(where: string, body: ScopeBody<S, T>, scope: S): Coro<T>;
/** The task and, from the inside to the outside, those for whose scopes it runs. */
export declare function tasksAround(task: Task<any>): Generator<Task<any>>;
/**
 * The error of a cancel by others that came on top of a scope's own, which has no reason, so that
 * the reason would be lost.
 */
export declare function withReasonOf(task: Task<any>, error: CancelledError): CancelledError;
/** @throws TypeError when the body of a scope is no function */
export declare function checkBody(where: string, body: unknown): void;
