/**
 * The buffer of a broadcast: items that some receiver has yet to read, stored once each, however
 * many receivers there are. Items have consecutive numbers, and an item is dropped when the last of
 * its readers has read it. Every operation is amortised O(1) per item and reader.
 */

interface Entry<T> {
  readonly item: T;
  /** How many receivers have yet to read it. */
  readers: number;
}

export class Backlog<T> {
  #entries: Array<Entry<T> | undefined> = [];
  /** The index of the oldest item in the array. */
  #at = 0;
  #first = 0;

  /** The number of the oldest item in the buffer. */
  get first(): number {
    return this.#first;
  }

  /** The number that the next item will have. */
  get end(): number {
    return this.#first + this.size;
  }

  get size(): number {
    return this.#entries.length - this.#at;
  }

  /** @param readers - how many receivers will `read` or `skip` it; at least one */
  push(item: T, readers: number): void {
    this.#entries.push({ item, readers });
  }

  /** Returns an item to one of its readers. */
  read(number: number): T {
    const entry = this.#entries[this.#at + number - this.#first]!;
    entry.readers--;
    while (this.#entries[this.#at]?.readers === 0) this.dropOldest();
    return entry.item;
  }

  /** Removes a reader that has yet to read this item and all later ones. */
  skip(number: number): void {
    const from = this.#at + number - this.#first;
    for (let at = from; at < this.#entries.length; at++) this.#entries[at]!.readers--;
    while (this.#entries[this.#at]?.readers === 0) this.dropOldest();
  }

  dropOldest(): void {
    this.#entries[this.#at++] = undefined;
    this.#first++;
    if (this.#at === this.#entries.length) {
      this.#entries.length = 0;
      this.#at = 0;
    } else if (this.#at >= 1024 && this.#at * 2 > this.#entries.length) {
      // Each cut moves fewer items than were dropped since the last cut, hence amortised O(1).
      this.#entries = this.#entries.slice(this.#at);
      this.#at = 0;
    }
  }
}
