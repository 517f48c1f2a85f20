import { Future } from './future.ts';
import type { Yieldable } from './types.ts';
export declare class Grant<T> extends Future<T> {
    /** @internal Granted, and nobody has looked yet. */
    _untaken: boolean;
    /** @internal Hands the thing over, or throws; called once, for whoever looks first. */
    _collect(): T;
    /** @internal The one it was promised to does not want it any more. */
    _revoke(): void;
    /** @internal As a waiter of another grant: whether it takes that one's when its own is taken. */
    _passesOn(): boolean;
    /** @internal Ends the wait. Whoever does not wait in a task looks at once. */
    _grant(): void;
    /** @internal The result, which is handed over now if it was not yet. */
    _take(): T;
    result(): T;
    next(): IteratorResult<Yieldable, T>;
    then<A = T, B = never>(fulfilled?: ((value: T) => A | PromiseLike<A>) | null, rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<A | B>;
    cancel(reason?: unknown): boolean;
}
