import { showsText } from '../../core/support/shows-text.ts';
import { checkOptions } from '../../core/support/options.ts';

/** Options of a ContextKey. */
export interface ContextKeyOptions<T> {
  /** What `get` returns when nothing was set; without it `get` throws a ReferenceError. */
  default?: T;
}

/**
 * A typed key for a value that is attached to a request or to a server. Keys are compared by
 * identity: two keys of the same name are different.
 *
 * @throws TypeError when the name is not a non-empty string
 * @example
 * const USER = new ContextKey<User>('user');
 * request.set(USER, user); // in middleware
 * request.get(USER).name; // in a handler
 */
export class ContextKey<T> {
  readonly name: string;
  readonly _default: ContextKeyOptions<T>;

  constructor(name: string, options: ContextKeyOptions<T> = {}) {
    if (typeof name !== 'string' || name === '') {
      throw new TypeError('ContextKey: the name must be a string that is not empty');
    }
    checkOptions('ContextKey', options, ['default']);
    this.name = name;
    this._default = options;
  }

  toString(): string {
    return `ContextKey { ${this.name} }`;
  }
}

showsText(ContextKey);

/** Values by key. */
export class ContextValues {
  readonly #values = new Map<ContextKey<any>, unknown>();
  /** Where to look for keys that are not set here. */
  readonly #outer: ContextValues | null;

  constructor(outer: ContextValues | null) {
    this.#outer = outer;
  }

  has(key: ContextKey<any>): boolean {
    return this.#values.has(checkKey(key)) || (this.#outer !== null && this.#outer.has(key));
  }

  /**
   * @throws ReferenceError when nothing was set, here or in the outer values, and the key has no
   * default
   */
  get<T>(key: ContextKey<T>): T {
    if (this.#values.has(checkKey(key))) return this.#values.get(key) as T;
    if (this.#outer !== null) return this.#outer.get(key);
    if ('default' in key._default) return key._default.default as T;
    throw new ReferenceError(`nothing is set for ${key}`);
  }

  set<T>(key: ContextKey<T>, value: T): void {
    this.#values.set(checkKey(key), value);
  }

  /** The same values, independent of later changes. */
  _copy(): ContextValues {
    const copy = new ContextValues(this.#outer);
    for (const [key, value] of this.#values) copy.#values.set(key, value);
    return copy;
  }
}

function checkKey<K>(key: K): K {
  if (key instanceof ContextKey) return key;
  throw new TypeError('a value is kept under a ContextKey: new ContextKey<Type>(name)');
}
