import { Future } from './future.ts';
import type { AbstractEventLoop } from './abstract-event-loop.ts';
import type { Coro, Coroutine } from './types.ts';
export type CoroutineKind = 'generator' | 'function' | 'promise' | 'other';
/**
 * What `value` is as a coroutine.
 * @param inside - of a function: whether it is surely a `function*`, which needs no async lane
 */
export declare function coroutineKind(value: unknown, inside?: boolean): CoroutineKind;
/** Whether `value` is a coroutine of the generator lane. */
export declare function isGenerator(value: object): value is Coro;
/** Whether `value` was made by a `function*`: not just anything that has the methods. */
export declare function isGenuineGenerator(value: unknown): value is Coro;
/** Whether `value` is what an async function returns, and no awaitable of ours. */
export declare function isForeignPromise(value: unknown): value is PromiseLike<unknown>;
/**
 * Whether `createTask` takes `value`: a generator, a Promise, or a function, which may make either.
 * A future is none: `ensureFuture` takes it.
 *
 * @example if (isCoroutine(given)) createTask(given);
 */
export declare function isCoroutine(value: unknown): value is Coroutine;
/** The generator that stands for what a coroutine function returned, or for a Promise. */
export declare function fromResult<T>(made: unknown): Coro<T> | null;
/** What a Promise gives, as a future. Cancelling the future leaves the Promise to itself. */
export declare function futureOfPromise<T>(promise: PromiseLike<T>, options?: {
    loop: AbstractEventLoop;
}): Future<T>;
/** The error for what is no coroutine. */
export declare function notACoroutine(where: string, value: unknown): TypeError;
/** The error for a hand-written generator whose methods give no iterator result. */
export declare function noResult(task: Future<any>, result: unknown): TypeError;
/** The error that is thrown into a coroutine at a yield that makes no sense. */
export declare function badYield(task: Future<any>, value: unknown): Error;
