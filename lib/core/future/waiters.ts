/** The waiters of a future: a single one as it is, several as a list that acts as one. */
import type { FutureCore, Waiter } from '../contract/future-core.ts';

export type { Waiter };

/**
 * Many waiters of one future may be removed one by one (a `wait` with a timeout in each of a
 * thousand tasks), so removed ones are only marked, and swept out when they are half of all.
 */
class WaiterList implements Waiter {
  #all: Waiter[];
  #gone: Set<Waiter> | null = null;

  constructor(all: Waiter[]) {
    this.#all = all;
  }

  _wake(future: FutureCore): void {
    const gone = this.#gone;
    for (const waiter of this.#all) {
      if (gone === null || !gone.has(waiter)) waiter._wake(future);
    }
  }

  add(waiter: Waiter): void {
    if (this.#gone?.has(waiter) === true) this.list();
    this.#all.push(waiter);
  }

  /** Removes every occurrence of it. @returns whether any waiter may be left */
  remove(waiter: Waiter): boolean {
    (this.#gone ??= new Set()).add(waiter);
    return this.#gone.size * 2 <= this.#all.length || this.list().length > 0;
  }

  /** The waiters that were not removed. */
  list(): readonly Waiter[] {
    const gone = this.#gone;
    if (gone !== null) {
      this.#all = this.#all.filter((waiter) => !gone.has(waiter));
      this.#gone = null;
    }
    return this.#all;
  }
}

/** One waiter for both; an existing list is extended in place. */
export function addToWaiters(present: Waiter, waiter: Waiter): Waiter {
  if (!(present instanceof WaiterList)) return new WaiterList([present, waiter]);
  present.add(waiter);
  return present;
}

/** One waiter for the remaining ones: amortised O(1). */
export function removeFromWaiters(present: Waiter | null, waiter: Waiter): Waiter | null {
  if (present === waiter) return null;
  if (!(present instanceof WaiterList)) return present;
  return present.remove(waiter) ? present : null;
}

/** All single waiters, in the order they were added. */
export function listWaiters(present: Waiter | null): readonly Waiter[] {
  if (present === null) return [];
  return present instanceof WaiterList ? present.list() : [present];
}

/** One waiter for all of them. */
export function joinWaiters(all: readonly Waiter[]): Waiter | null {
  return all.length > 1 ? new WaiterList([...all]) : (all[0] ?? null);
}

/** ` cb=[first(), <2 more>, last()]`: the callbacks of a future that have a text. */
export function describeWaiters(present: Waiter | null): string {
  const texts = listWaiters(present).flatMap((waiter) => waiter._text?.() ?? []);
  if (texts.length === 0) return '';
  const shown = texts.length < 3 ? texts : [texts[0]!, `<${texts.length - 2} more>`, texts.at(-1)!];
  return ` cb=[${shown.join(', ')}]`;
}
