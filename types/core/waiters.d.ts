/** Who waits for a future: one waiter as it is, several as a list that looks like one. */
import type { Future } from './future.ts';
/** Told at once, inside the call that settles the future; must only make notes and enqueue. */
export interface Waiter {
    _wake(future: Future<any>): void;
}
/** The waiter that stands for both; a list is extended in its place. */
export declare function addToWaiters(present: Waiter, waiter: Waiter): Waiter;
/** Every single waiter, in the order they came. */
export declare function listWaiters(present: Waiter | null): readonly Waiter[];
/** The waiter that stands for all of them. */
export declare function joinWaiters(all: readonly Waiter[]): Waiter | null;
