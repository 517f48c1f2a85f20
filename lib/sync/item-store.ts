/** The containers for the items of a queue; they determine the order of the items. */
import { RuntimeError } from '../core/errors/errors.ts';

export interface Store<T> {
  readonly size: number;
  put(item: T): void;
  /** Removes and returns the next item; only called when there is one. */
  take(): T;
  /** Puts the item that was taken last back in its place. */
  putBack(item: T): void;
  /** Removes all items. */
  clear(): void;
}

/** First in, first out: an array whose consumed front is cut off from time to time. */
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
      // Each cut moves fewer items than were taken since the last cut: amortised O(1) per item.
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
 * The smallest item first; equal items in the order in which they were put. A binary heap.
 *
 * The comparison is user code and may throw, so every operation first does all its comparisons and
 * then moves the entries: a comparison that throws leaves the heap unchanged.
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
    // The entries on the path from the top to that place move up by one, starting at the bottom.
    for (let at = end, entry = last; heap.length > 0; at = (at - 1) >> 1) {
      const here = heap[at]!;
      heap[at] = entry;
      if (at === 0) break;
      entry = here;
    }
    return top.item;
  }

  /** It now comes last among equal items: its original order of arrival is not kept. */
  putBack(item: T): void {
    this.put(item);
  }

  clear(): void {
    this.#begin();
    this.#comparing = false;
    this.#heap.length = 0;
  }

  /** The index where the last entry belongs once the top is removed. */
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

  /**
   * The comparison must not change the queue while the heap is being searched. @throws RuntimeError
   * when it tries to
   */
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

/**
 * The order of `<`; arrays are compared by their first item that differs, so `[priority, item]`
 * works.
 */
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
