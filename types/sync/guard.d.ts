/** The side of a primitive that a guard talks to. */
export interface Guarded {
    /** @internal Releases what the guard stands for. @returns false when it is not held any more */
    _releaseGuard(guard: Guard): boolean;
}
/**
 * Proof that something is held. It is truthy, as asyncio's `acquire()` is.
 *
 * @example
 * using held = await lock.acquire();
 */
export declare class Guard {
    #private;
    /** @internal */
    constructor(owner: Guarded);
    /** @throws RuntimeError when it has been released already */
    release(): void;
    /** Releases it unless that has been done already. */
    [Symbol.dispose](): void;
    toString(): string;
}
