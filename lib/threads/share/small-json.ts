/**
 * Small plain objects and arrays as JSON text, where JSON gives exactly the same result as
 * structured clone: setting up V8's serializer takes ten times as long as writing such a value.
 *
 * Every property is read once, since a getter may answer differently the second time.
 */
import { types } from 'node:util';

const NODES_MAX = 64;
const TEXT_MAX = 8192;
const STRING_MAX = 512;

/** Writes the JSON of the values of one post. */
export class SmallJson {
  /** Objects seen so far: JSON cannot express that the same object occurs twice. */
  readonly #seen: object[] = [];
  #text = '';

  /** The text of an object or array; null where JSON is not exact, or it is not small. */
  write(value: object): string | null {
    const start = this.#text.length;
    const exact = this.#object(value) && this.#text.length <= TEXT_MAX;
    return exact ? this.#text.slice(start) : null;
  }

  #value(value: unknown): boolean {
    switch (typeof value) {
      case 'string':
        if (value.length > STRING_MAX) return false;
        // JSON.stringify escapes lone surrogates.
        this.#text += JSON.stringify(value);
        return true;
      case 'number':
        if (!Number.isFinite(value)) return false;
        this.#text += Object.is(value, -0) ? '-0' : String(value);
        return true;
      case 'boolean':
        this.#text += String(value);
        return true;
      case 'object':
        if (value !== null) return this.#object(value);
        this.#text += 'null';
        return true;
      default:
        return false;
    }
  }

  #object(value: object): boolean {
    const seen = this.#seen;
    // The length is checked here too, so that the text does not grow far beyond its limit.
    if (seen.length >= NODES_MAX || this.#text.length > TEXT_MAX) return false;
    // Structured clone throws for a proxy, so leave that to V8.
    if (types.isProxy(value) || seen.includes(value)) return false;
    seen.push(value);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (Array.isArray(value)) return prototype === Array.prototype && this.#array(value);
    return prototype === Object.prototype && this.#members(value as Record<string, unknown>);
  }

  #array(value: readonly unknown[]): boolean {
    // Only arrays without holes and without named properties.
    const { length } = value;
    if (length > NODES_MAX || Object.keys(value).length !== length) return false;
    this.#text += '[';
    for (let n = 0; n < length; n++) {
      if (n > 0) this.#text += ',';
      if (!this.#value(value[n])) return false;
    }
    this.#text += ']';
    return true;
  }

  #members(value: Record<string, unknown>): boolean {
    const keys = Object.keys(value);
    if (keys.length > NODES_MAX) return false;
    this.#text += '{';
    let separator = '';
    for (const key of keys) {
      if (key.length > STRING_MAX) return false;
      this.#text += `${separator}${JSON.stringify(key)}:`;
      if (!this.#value(value[key])) return false;
      separator = ',';
    }
    this.#text += '}';
    return true;
  }
}
