import { showsText } from '../../core/support/shows-text.ts';
import type { ReadonlyHeaders } from '../message/headers.ts';
import { forEachName, showHeaders } from '../message/headers.ts';
import { standsForReceived } from '../message/received-headers.ts';

/** Headers without some names, such as those that no longer describe an unpacked body. */
export class HeadersWithout implements ReadonlyHeaders {
  readonly #all: ReadonlyHeaders;
  readonly #hidden: readonly string[];

  /** @param hidden - in lower case */
  constructor(all: ReadonlyHeaders, hidden: readonly string[]) {
    this.#all = all;
    this.#hidden = hidden;
  }

  get(name: string): string | null {
    return this.#hides(name) ? null : this.#all.get(name);
  }

  has(name: string): boolean {
    return !this.#hides(name) && this.#all.has(name);
  }

  getSetCookie(): string[] {
    return this.#all.getSetCookie();
  }

  *entries(): IterableIterator<[string, string]> {
    for (const pair of this.#all.entries()) if (!this.#hidden.includes(pair[0])) yield pair;
  }

  *keys(): IterableIterator<string> {
    for (const [name] of this.entries()) yield name;
  }

  *values(): IterableIterator<string> {
    for (const [, value] of this.entries()) yield value;
  }

  forEach(callback: (value: string, name: string, headers: this) => void): void {
    forEachName(this, (name, value) => callback(value, name, this));
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }

  toString(): string {
    return showHeaders(this);
  }

  #hides(name: string): boolean {
    return this.#hidden.includes(String(name).toLowerCase());
  }
}

showsText(HeadersWithout);
standsForReceived(HeadersWithout.prototype);
