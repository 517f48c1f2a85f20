import type { AbstractEventLoop } from '../core/abstract-event-loop.ts';
import { Future } from '../core/future.ts';
/** A future that has its result already: awaiting it costs no turn. */
export declare function doneFuture<T>(holder: {
    loop: AbstractEventLoop;
}, value: T): Future<T>;
/** A future that has failed already. */
export declare function failedFuture<T>(holder: {
    loop: AbstractEventLoop;
}, error: unknown): Future<T>;
