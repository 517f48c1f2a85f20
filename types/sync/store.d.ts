export interface Store<T> {
    readonly size: number;
    put(item: T): void;
    /** Takes the next one; only called when there is one. */
    take(): T;
    /** Drops everything. */
    clear(): void;
}
/** First in, first out: an array whose used front is cut off now and then. */
export declare class FifoStore<T> implements Store<T> {
    #private;
    get size(): number;
    put(item: T): void;
    take(): T;
    clear(): void;
}
/** Last in, first out. */
export declare class LifoStore<T> implements Store<T> {
    #private;
    get size(): number;
    put(item: T): void;
    take(): T;
    clear(): void;
}
/**
 * The smallest first; equal ones in the order in which they came. A binary heap.
 *
 * The comparison is the user's and may throw, so every way through the heap is found first and
 * gone afterwards: a comparison that throws leaves the heap as it was.
 */
export declare class HeapStore<T> implements Store<T> {
    #private;
    constructor(compare: (a: T, b: T) => number);
    get size(): number;
    put(item: T): void;
    take(): T;
    clear(): void;
}
/** The order of `<`; arrays by their first item that differs, so `[priority, item]` works. */
export declare function byValue(a: unknown, b: unknown): number;
