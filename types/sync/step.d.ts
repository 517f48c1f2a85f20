import type { Future, Waiter } from '../core/future.ts';
import { Grant } from '../core/grant.ts';
import type { Step } from '../tasks/step-iterator.ts';
/** Follows the future of an item, and promises it only as long as that one does. */
export declare class NextStep<T> extends Grant<Step<T>> implements Waiter {
    #private;
    /** @param end - the class of the error that means the end */
    constructor(item: Future<T>, end: abstract new (...args: any[]) => Error);
    /** @internal */
    _wake(item: Future<T>): void;
    /** @internal The end may also come between the promise and now. */
    _collect(): Step<T>;
    /** @internal */
    _revoke(): void;
    cancel(reason?: unknown): boolean;
}
