/** What a queue keeps its items in; the order in which they come out is the store's. */

export interface Store<T> {
  readonly size: number;
  put(item: T): void;
  /** Takes the next one; only called when there is one. */
  take(): T;
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
}

interface Entry<T> {
  readonly item: T;
  readonly sequence: number;
}

/** The smallest first; equal ones in the order in which they came. A binary heap. */
export class HeapStore<T> implements Store<T> {
  readonly #heap: Entry<T>[] = [];
  readonly #compare: (a: T, b: T) => number;
  #sequence = 0;

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#heap.length;
  }

  put(item: T): void {
    const heap = this.#heap;
    const entry = { item, sequence: this.#sequence++ };
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.#before(entry, heap[above]!)) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = entry;
  }

  take(): T {
    const heap = this.#heap;
    const top = heap[0]!;
    const last = heap.pop()!;
    if (heap.length > 0) this.#sink(last);
    return top.item;
  }

  /** Puts an entry at the top and lets it down to its place. */
  #sink(entry: Entry<T>): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && this.#before(heap[below + 1]!, heap[below]!)) below++;
      if (!this.#before(heap[below]!, entry)) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = entry;
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
