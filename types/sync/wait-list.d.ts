import { Grant } from '../core/grant.ts';
/** A future that stands in a list until it is settled. */
export declare class Waiting<T> extends Grant<T> {
    /** @internal */ _list: WaitList<any> | null;
    /** @internal */ _previous: Waiting<any> | null;
    /** @internal */ _following: Waiting<any> | null;
    /** @internal Leaves the list first, so that what the hand-over sets off finds the next one. */
    _grant(): void;
    /** @internal */
    _settle(state: number, value: unknown): void;
}
export declare class WaitList<W extends Waiting<any>> {
    #private;
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
