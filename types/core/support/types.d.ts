/** The types that describe what can be awaited. */
/** Something of ours that both lanes wait for: `yield* it` and `await it`. */
export interface Awaitable<T = unknown> {
    [Symbol.iterator](): Iterator<Yieldable, T, unknown>;
    then<A = T, B = never>(fulfilled?: ((value: T) => A | PromiseLike<A>) | null, rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<A | B>;
}
/** What a coroutine may hand to its driver; a bare `yield` waits one turn. */
export type Yieldable = Awaitable<any> | undefined | null | void;
/** A coroutine of the generator lane: what calling a `function*` gives. */
export type Coro<T = unknown> = Generator<Yieldable, T, unknown>;
/** A function of no arguments that starts a coroutine, in either lane. */
export type CoroFunction<T = unknown> = () => Coro<T> | PromiseLike<T>;
/** A Promise, or a scope that has not begun; not a future, which `ensureFuture` takes. */
export type PromiseOrScope<T = unknown> = PromiseLike<T> & {
    readonly addDoneCallback?: never;
};
/** What `createTask` takes: a generator object, a `function*` or `async` function, a Promise. */
export type Coroutine<T = unknown> = Coro<T> | CoroFunction<T> | PromiseOrScope<T>;
/** What the calls that wait for something take. */
export type AwaitableLike<T = unknown> = Awaitable<T> | Coroutine<T>;
/** The type of what awaiting `A` gives. */
export type ResultOf<A> = A extends PromiseLike<infer T> ? T : A extends Generator<any, infer T, any> ? T : A extends () => infer R ? ResultOf<R> : never;
