/** Who waits for a future: one waiter as it is, several as a list that looks like one. */
import type { Future } from './future.ts';

/** Told at once, inside the call that settles the future; must only make notes and enqueue. */
export interface Waiter {
  _wake(future: Future<any>): void;
}

class WaiterList implements Waiter {
  readonly all: Waiter[];

  constructor(all: Waiter[]) {
    this.all = all;
  }

  _wake(future: Future<any>): void {
    for (const waiter of this.all) waiter._wake(future);
  }
}

/** The waiter that stands for both; a list is extended in its place. */
export function addToWaiters(present: Waiter, waiter: Waiter): Waiter {
  if (!(present instanceof WaiterList)) return new WaiterList([present, waiter]);
  present.all.push(waiter);
  return present;
}

/** Every single waiter, in the order they came. */
export function listWaiters(present: Waiter | null): readonly Waiter[] {
  if (present === null) return [];
  return present instanceof WaiterList ? present.all : [present];
}

/** The waiter that stands for all of them. */
export function joinWaiters(all: readonly Waiter[]): Waiter | null {
  return all.length > 1 ? new WaiterList([...all]) : all[0] ?? null;
}
