/** The types of what can be awaited. */
/** Something that both `yield*` and `await` can wait for. */
export interface Awaitable<T = unknown> {
    [Symbol.iterator](): Iterator<Yieldable, T, unknown>;
    then<A = T, B = never>(fulfilled?: ((value: T) => A | PromiseLike<A>) | null, rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<A | B>;
}
/** What a coroutine may hand to its driver; a bare `yield` waits one turn. */
export type Yieldable = Awaitable<any> | undefined | null | void;
/** A coroutine of the generator lane: what calling a `function*` returns. */
export type Coro<T = unknown> = Generator<Yieldable, T, unknown>;
/** A function of no arguments that starts a coroutine, in either lane. */
export type CoroFunction<T = unknown> = () => Coro<T> | PromiseLike<T>;
/** A Promise, or a scope that has not started; not a future, for which there is `ensureFuture`. */
export type PromiseOrScope<T = unknown> = PromiseLike<T> & {
    readonly addDoneCallback?: never;
};
/** What `createTask` takes: a generator object, a `function*` or `async` function, a Promise. */
export type Coroutine<T = unknown> = Coro<T> | CoroFunction<T> | PromiseOrScope<T>;
/** Anything that the waiting calls (`gather`, `waitFor`, …) take. */
export type AwaitableLike<T = unknown> = Awaitable<T> | Coroutine<T>;
/** The type of what awaiting `A` gives. */
export type ResultOf<A> = A extends PromiseLike<infer T> ? T : A extends Generator<any, infer T, any> ? T : A extends () => infer R ? ResultOf<R> : never;
