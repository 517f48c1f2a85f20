/** Async iteration over what gives its steps as futures. */
import type { Future } from '../core/future.ts';
/** A step of an iteration: an item, or the end. */
export type Step<T> = IteratorResult<T, undefined>;
/** Something whose next step is a future, so that a cancel reaches it and loses no item. */
export interface Stepping<T> {
    next(): Future<Step<T>>;
}
/**
 * The async iterator of a stepping thing. Whoever knows this class takes the future itself; `for
 * await` gets the Promise that it needs. Leaving the iteration early leaves the thing as it is.
 */
export declare class StepIterator<T> implements AsyncIterableIterator<T, undefined> {
    #private;
    constructor(source: Stepping<T>);
    next(): Promise<Step<T>>;
    /** @internal */
    _step(): Future<Step<T>>;
    [Symbol.asyncIterator](): this;
    toString(): string;
}
