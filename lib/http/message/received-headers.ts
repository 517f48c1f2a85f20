import { showsText } from '../../core/support/shows-text.ts';
import type { MessageHead } from './head-chunk.ts';
import { forEachName, showHeaders } from './headers.ts';
import type { ReadonlyHeaders } from './headers.ts';
import { standsFor } from './stand-in.ts';

/**
 * The header fields of a received message, decoded on demand: the bytes stay in the chunk they were
 * received into, with a table by C++ of the position of each field.
 */
export class ReceivedHeaders implements ReadonlyHeaders {
  #chunk: MessageHead;
  #record: number;

  constructor(chunk: MessageHead, record: number) {
    this.#chunk = chunk;
    this.#record = record;
  }

  /** The head was copied to another place. */
  _move(chunk: MessageHead, record: number): void {
    this.#chunk = chunk;
    this.#record = record;
  }

  get(name: string): string | null {
    const key = String(name).toLowerCase();
    let found: string | null = null;
    const count = this.#chunk.fieldCount(this.#record);
    for (let i = 0; i < count; i++) {
      if (!this.#chunk.fieldIs(this.#record, i, key)) continue;
      const value = this.#chunk.fieldValue(this.#record, i);
      found = found === null ? value : `${found}, ${value}`;
    }
    return found;
  }

  has(name: string): boolean {
    const key = String(name).toLowerCase();
    const count = this.#chunk.fieldCount(this.#record);
    for (let i = 0; i < count; i++) if (this.#chunk.fieldIs(this.#record, i, key)) return true;
    return false;
  }

  getSetCookie(): string[] {
    const cookies: string[] = [];
    const count = this.#chunk.fieldCount(this.#record);
    for (let i = 0; i < count; i++) {
      if (!this.#chunk.fieldIs(this.#record, i, 'set-cookie')) continue;
      cookies.push(this.#chunk.fieldValue(this.#record, i));
    }
    return cookies;
  }

  *entries(): IterableIterator<[string, string]> {
    const count = this.#chunk.fieldCount(this.#record);
    for (let i = 0; i < count; i++) {
      const name = this.#chunk.fieldName(this.#record, i).toLowerCase();
      yield [name, this.#chunk.fieldValue(this.#record, i)];
    }
  }

  *keys(): IterableIterator<string> {
    for (const [name] of this.entries()) yield name;
  }

  *values(): IterableIterator<string> {
    for (const [, value] of this.entries()) yield value;
  }

  /** Calls `callback` once for each name, as WHATWG's `forEach` does. */
  forEach(callback: (value: string, name: string, headers: this) => void): void {
    forEachName(this, (name, value) => callback(value, name, this));
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }

  toString(): string {
    return showHeaders(this);
  }
}

showsText(ReceivedHeaders);

const FIXED = {
  value: () => {
    throw new TypeError('the headers of a received message cannot be changed; copy them');
  },
};

/** For received headers: a change is a TypeError, as with WHATWG's immutable headers. */
export function standsForReceived(prototype: object): void {
  standsFor(prototype, 'Headers', { append: FIXED, delete: FIXED, set: FIXED });
}

standsForReceived(ReceivedHeaders.prototype);
