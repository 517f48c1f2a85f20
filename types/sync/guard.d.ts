/** The side of a primitive that a guard talks to. */
export interface Guarded {
}
/**
 * Proof that something is held. It is truthy, as asyncio's `acquire()` is.
 *
 * @example
 * using held = await lock.acquire();
 */
export declare class Guard {
    #private;
    private constructor();
    /** @throws RuntimeError when it has been released already */
    release(): void;
    /** Releases it unless that has been done already. */
    [Symbol.dispose](): void;
    toString(): string;
}
