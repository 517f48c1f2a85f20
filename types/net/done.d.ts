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
/**
 * "Go on": a done future without a value. A done future never changes, so the same one serves
 * every `drain()` of a loop that has nothing to wait for.
 */
export declare function goOn(holder: {
    loop: AbstractEventLoop;
}): Future<void>;
