/**
 * Who waits for a primitive, first come first served: a list through the futures themselves, so
 * that joining it allocates nothing and a cancel leaves it in O(1), from any place.
 */
import type { AbstractEventLoop } from '../core/abstract-event-loop.ts';
import { Grant } from '../core/grant.ts';
/** A future that stands in a list until it is settled. */
export declare class Waiting<T> extends Grant<T> {
    /** @internal */ _list: WaitList<any> | null;
    /** @internal */ _previous: Waiting<any> | null;
    /** @internal */ _following: Waiting<any> | null;
    constructor(options?: {
        loop?: AbstractEventLoop;
    } | null);
    /** @internal Leaves the list first, so that what the hand-over sets off finds the next one. */
    _grant(): void;
    /** @internal */
    _settle(state: number, value: unknown): void;
}
/** The loop that a thing is bound to; lists that belong to one thing share it. */
export interface Home {
    loop: AbstractEventLoop | null;
}
export declare class WaitList<W extends Waiting<any>> {
    #private;
    constructor(home?: Home);
    get first(): W | null;
    get size(): number;
    /**
     * Adds a waiter at the end. The first one that ever waits binds the list to its loop.
     * @throws RuntimeError when that was another loop
     */
    push(waiter: W): void;
    remove(waiter: W): void;
    /** Takes everybody out; the list is empty before the first one hears of it. */
    takeAll(): W[];
}
/** A future that has failed already and is handed to the caller who will await it. */
export declare function failed<T>(error: Error): Waiting<T>;
