import type { Coro } from '../core/types.ts';
/** Where items come from. */
export interface Source<T> {
    /** The next item, or the end. */
    next(): Coro<IteratorResult<T, unknown>>;
    /** Nobody wants the rest. What the source throws at that is dropped, as `for await` does it. */
    close(): Coro<void>;
}
/** The source of an iterable; an async one comes first where there are both. */
export declare function sourceOf<T>(iterable: Iterable<T> | AsyncIterable<T>): Source<T>;
