import type { Coroutine } from '../support/types.ts';
/**
 * Whether `createTask` takes `value`: a generator, a Promise, or a function, which may return
 * either. A future is not a coroutine; `ensureFuture` takes it.
 *
 * @example if (isCoroutine(given)) createTask(given);
 */
export declare function isCoroutine(value: unknown): value is Coroutine;
