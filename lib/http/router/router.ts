/**
 * Finds the endpoint for a path and a method. Which of several matching patterns wins is explained
 * in path-tree.ts; one that lacks the method is skipped.
 */
import type { RawBuffer } from '../../core/support/raw-buffer.ts';
import { parsePattern, normalize } from './pattern.ts';
import type { Pattern } from './pattern.ts';
import { decoded, PathTree } from './path-tree.ts';
import type { Leaf } from './path-tree.ts';

/** The endpoints of a pattern, by method. */
export class Entry<E> implements Leaf {
  readonly pattern: Pattern;
  readonly methods: Map<string, Declared<E>> = new Map();
  /** The endpoint for every method; `methods` is empty then. */
  any: Declared<E> | null = null;

  constructor(pattern: Pattern) {
    this.pattern = pattern;
  }

  takes(wanted: string | Leaf[]): boolean {
    if (typeof wanted === 'string') return this.get(wanted) !== undefined;
    wanted.push(this);
    return false;
  }

  get(method: string): Declared<E> | undefined {
    if (this.any !== null) return this.any;
    // GET includes HEAD.
    return this.methods.get(method) ?? (method === 'HEAD' ? this.methods.get('GET') : undefined);
  }

  /** Its methods, for an Allow header. */
  get allowed(): string[] {
    const methods = [...this.methods.keys()];
    return methods.includes('GET') && !methods.includes('HEAD') ? [...methods, 'HEAD'] : methods;
  }
}

/**
 * The endpoint declared for a method, with the pattern that has its own names for the parameters.
 */
export interface Declared<E> {
  readonly endpoint: E;
  readonly pattern: Pattern;
}

/** The values that a path has for the parameters of a pattern. */
export class Found {
  readonly #pattern: Pattern;
  /** Start and end of each value, alternately. */
  readonly #bounds: readonly number[];
  /**
   * The normalized path to which these positions refer; null if that is the path as sent, without
   * escapes.
   */
  readonly #normal: string | null;
  #params: Record<string, string> | null = null;

  constructor(pattern: Pattern, bounds: readonly number[], normal: string | null) {
    this.#pattern = pattern;
    this.#bounds = bounds;
    this.#normal = normal;
  }

  /** The same, with an object of values of its own. */
  _copy(): Found {
    return new Found(this.#pattern, this.#bounds, this.#normal);
  }

  /** The decoded values by name. */
  params(sent: { readonly path: string }): Record<string, string> {
    return (this.#params ??= this.#read(this.#normal ?? sent.path));
  }

  #read(path: string): Record<string, string> {
    const { names, blank } = this.#pattern;
    const params = { ...blank };
    // Most routes have one or two parameters, often with the same names; V8 is faster where the
    // name at one place in the code is always the same.
    if (names.length > 0) params[names[0]!] = this.#value(path, 0);
    if (names.length > 1) params[names[1]!] = this.#value(path, 1);
    for (let i = 2; i < names.length; i++) params[names[i]!] = this.#value(path, i);
    return params;
  }

  #value(path: string, index: number): string {
    const value = path.slice(this.#bounds[2 * index]!, this.#bounds[2 * index + 1]!);
    return this.#normal === null ? value : decoded(value);
  }

  /** What the `*` at the end matches, as it was sent. */
  rest(path: string): string {
    let at = 0;
    for (const { kind } of this.#pattern.segments) {
      at = path.indexOf('/', at) + 1;
      if (kind === 'rest') return path.slice(at);
    }
    return '';
  }
}

/** The result for a path with invalid escapes. */
export const BROKEN: unique symbol = Symbol('broken');

export class Router<E> {
  readonly #tree = new PathTree<Entry<E>>();
  /** All patterns by path, as written. */
  readonly #declared = new Map<string, Pattern>();
  /** The normalized path of the last look-up, or null if that was the path as sent. */
  #normal: string | null = null;

  /** Whether no route was declared. */
  get isEmpty(): boolean {
    return this.#declared.size === 0;
  }

  /**
   * Declares a route. @param method - null for all methods
   * @throws TypeError when the path is malformed, or conflicts with a declared route
   */
  add(path: string, method: string | null, endpoint: E): void {
    const pattern = parsePattern(path);
    const entry = this.#entry(pattern);
    const before =
      entry.any ?? (method === null ? [...entry.methods.values()][0] : entry.methods.get(method));
    if (before !== undefined) throw conflict(path, before.pattern.path, method);
    this.#declared.set(path, pattern);
    if (method === null) entry.any = { endpoint, pattern };
    else entry.methods.set(method, { endpoint, pattern });
  }

  /** Finds the endpoint for a path without escapes, directly in the bytes of a request. */
  find(bytes: RawBuffer, start: number, end: number, method: string): Declared<E> | null {
    this.#normal = null;
    return this.#tree.find(bytes, start, end, method)?.get(method) ?? null;
  }

  /** Finds the endpoint for any path. */
  findText(path: string, method: string): Declared<E> | null | typeof BROKEN {
    const normal = normalize(path);
    if (normal === null) return BROKEN;
    const found = this.find(bytesOf(normal), 0, normal.length, method);
    this.#normal = normal;
    return found;
  }

  /**
   * The parameter values of the last look-up, which had this result; null if it has no parameters.
   */
  found({ pattern }: Declared<E>): Found | null {
    const count = 2 * pattern.names.length;
    if (count === 0) return null;
    const { bounds } = this.#tree;
    const own =
      count === 4 ? [bounds[0]!, bounds[1]!, bounds[2]!, bounds[3]!] : bounds.slice(0, count);
    return new Found(pattern, own, this.#normal);
  }

  /** All entries for the path, with any method, best first. */
  others(path: string): Entry<E>[] {
    return this.#tree.all(bytesOf(normalize(path) ?? path));
  }

  /** The pattern of a declared path. @throws TypeError when no route was declared with this path */
  pattern(path: string): Pattern {
    const pattern = this.#declared.get(path);
    if (pattern !== undefined) return pattern;
    throw new TypeError(`no route is declared as ${path}`);
  }

  /** Every path as declared, with its methods; null stands for all methods. */
  *list(): IterableIterator<[path: string, methods: string[] | null]> {
    for (const [path, pattern] of this.#declared) {
      const { any, methods } = this.#entry(pattern);
      yield [path, any === null ? [...methods.keys()] : null];
    }
  }

  #entry(pattern: Pattern): Entry<E> {
    return this.#tree.leaf(pattern, () => new Entry(pattern));
  }
}

function bytesOf(path: string): RawBuffer {
  return Buffer.from(path, 'latin1') as RawBuffer;
}

function conflict(path: string, before: string, method: string | null): TypeError {
  const what = method === null ? 'route' : `route ${method}`;
  if (path === before) return new TypeError(`${what} ${path} is declared twice`);
  return new TypeError(`${what} ${path} takes the same paths as ${before}, which is declared, too`);
}
