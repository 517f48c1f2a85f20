/** What a queue keeps its items in; the order in which they come out is the store's. */
import { RuntimeError } from '../core/errors/errors.ts';

export interface Store<T> {
  readonly size: number;
  put(item: T): void;
  /** Takes the next one; only called when there is one. */
  take(): T;
  /** Puts the one that was taken last back to where it was. */
  putBack(item: T): void;
  /** Drops everything. */
  clear(): void;
}

/** First in, first out: an array whose used front is cut off now and then. */
export class FifoStore<T> implements Store<T> {
  #items: Array<T | undefined> = [];
  #first = 0;

  get size(): number {
    return this.#items.length - this.#first;
  }

  put(item: T): void {
    this.#items.push(item);
  }

  take(): T {
    const item = this.#items[this.#first] as T;
    this.#items[this.#first++] = undefined;
    if (this.#first === this.#items.length) {
      this.#items.length = 0;
      this.#first = 0;
    } else if (this.#first >= 1024 && this.#first * 2 > this.#items.length) {
      // Each cut moves fewer items than were taken since the last one: O(1) an item.
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return item;
  }

  putBack(item: T): void {
    if (this.#first > 0) this.#items[--this.#first] = item;
    else this.#items.unshift(item);
  }

  clear(): void {
    this.#items.length = 0;
    this.#first = 0;
  }
}

/** Last in, first out. */
export class LifoStore<T> implements Store<T> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  put(item: T): void {
    this.#items.push(item);
  }

  take(): T {
    return this.#items.pop() as T;
  }

  putBack(item: T): void {
    this.#items.push(item);
  }

  clear(): void {
    this.#items.length = 0;
  }
}

interface Entry<T> {
  readonly item: T;
  readonly sequence: number;
}

/**
 * The smallest first; equal ones in the order in which they came. A binary heap.
 *
 * The comparison is the user's and may throw, so every way through the heap is found first and
 * gone afterwards: a comparison that throws leaves the heap as it was.
 */
export class HeapStore<T> implements Store<T> {
  readonly #heap: Entry<T>[] = [];
  readonly #compare: (a: T, b: T) => number;
  #sequence = 0;
  #comparing = false;

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#heap.length;
  }

  put(item: T): void {
    const heap = this.#heap;
    const entry = { item, sequence: this.#sequence++ };
    this.#begin();
    let end = heap.length;
    try {
      for (let above; end > 0 && this.#before(entry, heap[(above = (end - 1) >> 1)]!);) end = above;
    } finally {
      this.#comparing = false;
    }
    let at = heap.length;
    heap.push(entry);
    for (; at !== end; at = (at - 1) >> 1) heap[at] = heap[(at - 1) >> 1]!;
    heap[end] = entry;
  }

  take(): T {
    const heap = this.#heap;
    const top = heap[0]!;
    const last = heap[heap.length - 1]!;
    this.#begin();
    let end = 0;
    try {
      end = this.#placeBelow(last);
    } finally {
      this.#comparing = false;
    }
    heap.pop();
    // Those on the way from the top to that place move up by one, which is seen from below first.
    for (let at = end, entry = last; heap.length > 0; at = (at - 1) >> 1) {
      const here = heap[at]!;
      heap[at] = entry;
      if (at === 0) break;
      entry = here;
    }
    return top.item;
  }

  /** Among equal ones it comes last now: its place in the order of arrival is not kept. */
  putBack(item: T): void {
    this.put(item);
  }

  clear(): void {
    this.#begin();
    this.#comparing = false;
    this.#heap.length = 0;
  }

  /** Where the last entry belongs once the top is gone. */
  #placeBelow(last: Entry<T>): number {
    const heap = this.#heap;
    const length = heap.length - 1;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= length) return at;
      if (below + 1 < length && this.#before(heap[below + 1]!, heap[below]!)) below++;
      if (!this.#before(heap[below]!, last)) return at;
      at = below;
    }
  }

  /** A comparison that used the queue itself would pull the heap away from under us. */
  #begin(): void {
    if (this.#comparing) {
      throw new RuntimeError('the comparison of a PriorityQueue must not use that queue');
    }
    this.#comparing = true;
  }

  #before(a: Entry<T>, b: Entry<T>): boolean {
    const order = this.#compare(a.item, b.item);
    return order < 0 || (order === 0 && a.sequence < b.sequence);
  }
}

/** The order of `<`; arrays by their first item that differs, so `[priority, item]` works. */
export function byValue(a: unknown, b: unknown): number {
  if (Array.isArray(a) && Array.isArray(b)) {
    const length = Math.min(a.length, b.length);
    for (let at = 0; at < length; at++) {
      const order = byValue(a[at], b[at]);
      if (order !== 0) return order;
    }
    return a.length - b.length;
  }
  return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0;
}
