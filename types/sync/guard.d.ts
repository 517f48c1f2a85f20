/** The interface of a primitive for its guards. */
export interface Guarded {
}
/**
 * Represents something that is held, and releases it. It is truthy, like the result of asyncio's
 * `acquire()`.
 *
 * @example
 * using held = await lock.acquire();
 */
export declare class Guard {
    #private;
    private constructor();
    /** Releases it. @throws RuntimeError when it has already been released */
    release(): void;
    /** Releases it unless it has already been released. */
    [Symbol.dispose](): void;
    toString(): string;
}
