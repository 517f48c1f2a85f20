/** Who waits for a future: one waiter as it is, several as a list that looks like one. */
import type { FutureCore, Waiter } from '../contract/future-core.ts';

export type { Waiter };

/**
 * Many who wait for one future may go away one by one (a `wait` with a timeout in each of a
 * thousand tasks), so those who have gone are only noted, and swept out when they are half of all.
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

  /** Removes every addition of it. @returns whether anybody may be left */
  remove(waiter: Waiter): boolean {
    (this.#gone ??= new Set()).add(waiter);
    return this.#gone.size * 2 <= this.#all.length || this.list().length > 0;
  }

  /** Those who are there. */
  list(): readonly Waiter[] {
    const gone = this.#gone;
    if (gone !== null) {
      this.#all = this.#all.filter((waiter) => !gone.has(waiter));
      this.#gone = null;
    }
    return this.#all;
  }
}

/** The waiter that stands for both; a list is extended in its place. */
export function addToWaiters(present: Waiter, waiter: Waiter): Waiter {
  if (!(present instanceof WaiterList)) return new WaiterList([present, waiter]);
  present.add(waiter);
  return present;
}

/** The waiter that stands for the others: O(1), taken over many removals. */
export function removeFromWaiters(present: Waiter | null, waiter: Waiter): Waiter | null {
  if (present === waiter) return null;
  if (!(present instanceof WaiterList)) return present;
  return present.remove(waiter) ? present : null;
}

/** Every single waiter, in the order they came. */
export function listWaiters(present: Waiter | null): readonly Waiter[] {
  if (present === null) return [];
  return present instanceof WaiterList ? present.list() : [present];
}

/** The waiter that stands for all of them. */
export function joinWaiters(all: readonly Waiter[]): Waiter | null {
  return all.length > 1 ? new WaiterList([...all]) : (all[0] ?? null);
}

/** ` cb=[first(), <2 more>, last()]`: the callbacks of a future, as far as they have names. */
export function describeWaiters(present: Waiter | null): string {
  const texts = listWaiters(present).flatMap((waiter) => waiter._text?.() ?? []);
  if (texts.length === 0) return '';
  const shown = texts.length < 3 ? texts : [texts[0]!, `<${texts.length - 2} more>`, texts.at(-1)!];
  return ` cb=[${shown.join(', ')}]`;
}
