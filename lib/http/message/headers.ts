import { quoted } from '../../core/support/describe.ts';
import { showsText } from '../../core/support/shows-text.ts';
import { TOKEN, FIELD_VALUE } from './grammar.ts';
import { standsFor } from './stand-in.ts';

/** What headers can be created from: an object, pairs, or any iterable of pairs. */
export type HeadersInit =
  | Record<string, string | number | readonly string[]>
  | Iterable<readonly [string, string]>;

/**
 * The reading methods of header fields, whether received or created. Names are case-insensitive.
 */
export interface ReadonlyHeaders extends Iterable<[string, string]> {
  /** The value, several values joined with `, `; null when there is none. */
  get(name: string): string | null;
  has(name: string): boolean;
  /** The values of Set-Cookie, which must not be joined. */
  getSetCookie(): string[];
  /** Pairs of lower-case name and value, in order; repeated fields stay separate. */
  entries(): IterableIterator<[string, string]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  /**
   * Calls `callback` once for each name, with its values joined; for each Set-Cookie separately.
   */
  forEach(callback: (value: string, name: string, headers: this) => void): void;
}

/**
 * Header fields that can be changed. A name that is not a token, or a value with a line break or
 * another control character, throws a TypeError, so no header can be injected through a value.
 *
 * @example
 * const headers = new Headers({ 'content-type': 'text/html' });
 * headers.append('set-cookie', 'a=1');
 */
export class Headers implements ReadonlyHeaders {
  #names: string[] = [];
  #values: string[] = [];
  /** Whether another object shares the lists, so that they must be copied before a change. */
  #shared = false;
  /** The cached result of `_lines`. */
  #lines: string | null = null;

  constructor(init?: HeadersInit | ReadonlyHeaders | null) {
    if (init === undefined || init === null) return;
    if (typeof init !== 'object') {
      throw new TypeError(`headers must be an object or pairs, not ${typeof init}`);
    }
    if (Symbol.iterator in init) {
      for (const pair of init as Iterable<readonly [string, string]>) {
        if (!Array.isArray(pair) || pair.length !== 2) {
          throw new TypeError('headers given as an iterable must be [name, value] pairs');
        }
        this.append(pair[0], pair[1]);
      }
      return;
    }
    for (const [name, value] of Object.entries(init)) {
      if (Array.isArray(value)) for (const one of value) this.append(name, one);
      else this.append(name, value as string);
    }
  }

  append(name: string, value: string | number): void {
    const key = checkName(name);
    const checked = checkValue(name, value);
    this.#change();
    this.#names.push(key);
    this.#values.push(checked);
  }

  set(name: string, value: string | number): void {
    const key = checkName(name);
    const checked = checkValue(name, value);
    this.delete(name);
    this.#change();
    this.#names.push(key);
    this.#values.push(checked);
  }

  delete(name: string): void {
    const key = checkName(name);
    if (!this.#names.includes(key)) return;
    this.#change();
    for (let i = this.#names.length - 1; i >= 0; i--) {
      if (this.#names[i] !== key) continue;
      this.#names.splice(i, 1);
      this.#values.splice(i, 1);
    }
  }

  get(name: string): string | null {
    const key = String(name).toLowerCase();
    let found: string | null = null;
    for (let i = 0; i < this.#names.length; i++) {
      if (this.#names[i] !== key) continue;
      found = found === null ? this.#values[i]! : `${found}, ${this.#values[i]!}`;
    }
    return found;
  }

  has(name: string): boolean {
    return this.#names.includes(String(name).toLowerCase());
  }

  getSetCookie(): string[] {
    return this.#values.filter((_, i) => this.#names[i] === 'set-cookie');
  }

  *entries(): IterableIterator<[string, string]> {
    for (let i = 0; i < this.#names.length; i++) yield [this.#names[i]!, this.#values[i]!];
  }

  keys(): IterableIterator<string> {
    return this.#names[Symbol.iterator]();
  }

  values(): IterableIterator<string> {
    return this.#values[Symbol.iterator]();
  }

  /**
   * Calls `callback` once for each name, with its values joined; for each Set-Cookie separately.
   */
  forEach(callback: (value: string, name: string, headers: this) => void): void {
    forEachName(this, (name, value) => callback(value, name, this));
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }

  toString(): string {
    return showHeaders(this);
  }

  /** @internal A copy of the fields, without checking them again. */
  _copy(): Headers {
    const copy = new Headers();
    copy.#names = this.#names;
    copy.#values = this.#values;
    copy.#lines = this.#lines;
    copy.#shared = this.#shared = true;
    return copy;
  }

  /** @internal The lines of a head, without the fields for the framing of the body. */
  _lines(): string {
    if (this.#lines !== null) return this.#lines;
    let lines = '';
    for (let i = 0; i < this.#names.length; i++) {
      const name = this.#names[i]!;
      if (name === 'content-length' || name === 'transfer-encoding') continue;
      lines += `${name}: ${this.#values[i]!}\r\n`;
    }
    return (this.#lines = lines);
  }

  #change(): void {
    this.#lines = null;
    if (!this.#shared) return;
    this.#shared = false;
    this.#names = [...this.#names];
    this.#values = [...this.#values];
  }
}

showsText(Headers);
standsFor(Headers.prototype, 'Headers', {});

/** Calls `callback` as WHATWG's `forEach` does: repeated fields are joined. */
export function forEachName(
  headers: ReadonlyHeaders,
  callback: (name: string, value: string) => void,
): void {
  const joined = new Map<string, string>();
  for (const [name, value] of headers) {
    if (name === 'set-cookie') continue;
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  for (const [name, value] of joined) callback(name, value);
  for (const cookie of headers.getSetCookie()) callback('set-cookie', cookie);
}

/** Fields whose values must not appear in a log. */
const SECRET = new Set(['authorization', 'cookie', 'proxy-authorization', 'set-cookie']);

/** Header fields on one line, for logs; secrets are hidden, long values and lists are shortened. */
export function showHeaders(headers: Iterable<[string, string]>): string {
  const fields: string[] = [];
  for (const [name, value] of headers) {
    if (fields.length === 16) {
      fields.push('…');
      break;
    }
    const short = value.length > 60 ? `${value.slice(0, 60)}…` : value;
    const shown = SECRET.has(name) ? '(hidden)' : short;
    fields.push(`${name}: ${shown}`);
  }
  return fields.length === 0 ? 'Headers {}' : `Headers { ${fields.join('; ')} }`;
}

/** The name in lower case. @throws TypeError when it is not a valid field name */
export function checkName(name: unknown): string {
  if (typeof name === 'string' && TOKEN.test(name)) return name.toLowerCase();
  throw new TypeError(`invalid header name: ${quoted(name)}`);
}

/**
 * The value without white space at its ends. @throws TypeError when it is not a valid field value
 */
export function checkValue(name: string, value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw new TypeError(`value of header ${name} must be a string, not ${typeof value}`);
  }
  const text = String(value).trim();
  if (FIELD_VALUE.test(text)) return text;
  throw new TypeError(`invalid character in the value of header ${name}: ${JSON.stringify(text)}`);
}
