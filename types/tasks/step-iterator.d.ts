/** A step of an iteration: an item, or the end. */
export type Step<T> = IteratorResult<T, undefined>;
