import type { Awaitable, Coro, Yieldable } from '../core/support/types.ts';
/** The body of a scope, in either lane. */
export type ScopeBody<S, T> = (scope: S) => Coro<T> | PromiseLike<T>;
/**
 * The return value of a scope function; it can be entered once. @throws RuntimeError when awaited
 * after `yield*`, or twice by `yield*`
 */
export declare class ScopeRun<T> implements Awaitable<T> {
    #private;
    constructor(enter: () => Coro<T>);
    [Symbol.iterator](): Iterator<Yieldable, T, unknown>;
    then<A = T, B = never>(fulfilled?: ((value: T) => A | PromiseLike<A>) | null, rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<A | B>;
    toString(): string;
}
