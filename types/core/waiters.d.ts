/** Who waits for a future: one waiter as it is, several as a list that looks like one. */
import type { Future } from './future.ts';
/** Told at once, inside the call that settles the future; must only make notes and enqueue. */
export interface Waiter {
    _wake(future: Future<any>): void;
    /** Who goes on in the end because of it, for the call graph; a future stands for itself. */
    _awaiters?(): Iterable<Future<any>>;
    /** Whether it has no use for the outcome, so that an error may still get lost. */
    readonly _looksOn?: boolean;
    /** How it is shown among the callbacks of a future. */
    _text?(): string;
}
/** The waiter that stands for both; a list is extended in its place. */
export declare function addToWaiters(present: Waiter, waiter: Waiter): Waiter;
/** The waiter that stands for the others: O(1), taken over many removals. */
export declare function removeFromWaiters(present: Waiter | null, waiter: Waiter): Waiter | null;
/** Every single waiter, in the order they came. */
export declare function listWaiters(present: Waiter | null): readonly Waiter[];
/** The waiter that stands for all of them. */
export declare function joinWaiters(all: readonly Waiter[]): Waiter | null;
/** ` cb=[first(), <2 more>, last()]`: the callbacks of a future, as far as they have names. */
export declare function describeWaiters(present: Waiter | null): string;
