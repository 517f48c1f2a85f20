/** What a queue keeps its items in; the order in which they come out is the store's. */
export interface Store<T> {
    readonly size: number;
    put(item: T): void;
    /** Takes the next one; only called when there is one. */
    take(): T;
}
/** First in, first out: an array whose used front is cut off now and then. */
export declare class FifoStore<T> implements Store<T> {
    #private;
    get size(): number;
    put(item: T): void;
    take(): T;
}
/** Last in, first out. */
export declare class LifoStore<T> implements Store<T> {
    #private;
    get size(): number;
    put(item: T): void;
    take(): T;
}
/** The smallest first; equal ones in the order in which they came. A binary heap. */
export declare class HeapStore<T> implements Store<T> {
    #private;
    constructor(compare: (a: T, b: T) => number);
    get size(): number;
    put(item: T): void;
    take(): T;
}
/** The order of `<`; arrays by their first item that differs, so `[priority, item]` works. */
export declare function byValue(a: unknown, b: unknown): number;
