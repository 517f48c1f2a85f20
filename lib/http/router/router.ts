/**
 * What answers which path: paths without parameters by one look into a hash, the others by the
 * tree. Which of several patterns that take a path wins is said at the tree; one that does not
 * take the method is passed by.
 */
import { parsePattern, normalize } from './pattern.ts';
import type { Pattern } from './pattern.ts';
import { decoded, PathTree } from './path-tree.ts';
import type { Leaf } from './path-tree.ts';

/** What a pattern leads to, for each method. */
export class Entry<E> implements Leaf {
  readonly pattern: Pattern;
  readonly methods: Map<string, Declared<E>> = new Map();
  /** What answers every method; then there is nothing in `methods`. */
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
    // Who answers GET answers HEAD.
    return this.methods.get(method) ?? (method === 'HEAD' ? this.methods.get('GET') : undefined);
  }

  /** Those that it answers, as Allow has them. */
  get allowed(): string[] {
    const methods = [...this.methods.keys()];
    return methods.includes('GET') && !methods.includes('HEAD') ? [...methods, 'HEAD'] : methods;
  }
}

/** What was declared for a method, under names of its own for the parameters. */
interface Declared<E> {
  readonly endpoint: E;
  readonly pattern: Pattern;
}

/** What a path with parameters led to. */
export class Found<E> {
  readonly endpoint: E;
  readonly pattern: Pattern;
  readonly #values: readonly string[];

  constructor(endpoint: E, pattern: Pattern, values: readonly string[]) {
    this.endpoint = endpoint;
    this.pattern = pattern;
    this.#values = values;
  }

  /** Names and decoded values. */
  params(): Record<string, string> {
    const params: Record<string, string> = {};
    const { names } = this.pattern;
    for (let i = 0; i < names.length; i++) params[names[i]!] = decoded(this.#values[i]!);
    return params;
  }

  /** What the `*` at the end stands for, as it was sent. */
  rest(path: string): string {
    let at = 0;
    for (const { kind } of this.pattern.segments) {
      at = path.indexOf('/', at) + 1;
      if (kind === 'rest') return path.slice(at);
    }
    return '';
  }
}

/** A path that is none: its escapes are broken. */
export const BROKEN: unique symbol = Symbol('broken');

export class Router<E> {
  /** Paths without parameters. */
  readonly exact: Map<string, Entry<E>> = new Map();
  readonly #tree = new PathTree<Entry<E>>();
  /** Every pattern as it was written. */
  readonly #declared = new Map<string, Pattern>();
  #hasPatterns = false;

  /** Whether there is nothing in it. */
  get isEmpty(): boolean {
    return this.#declared.size === 0;
  }

  /**
   * @param method - null for all
   * @throws TypeError when the path is none, or the same is declared already
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

  /** What answers a path that the hash does not have, or not with this method. */
  find(path: string, method: string): Found<E> | null | typeof BROKEN {
    const normal = path.includes('%') ? normalize(path) : path;
    if (normal === null) return BROKEN;
    if (normal !== path) {
      const declared = this.exact.get(normal)?.get(method);
      if (declared !== undefined) return new Found(declared.endpoint, declared.pattern, []);
    }
    if (!this.#hasPatterns) return null;
    const entry = this.#tree.find(normal, method);
    if (entry === null) return null;
    const { endpoint, pattern } = entry.get(method)!;
    const { bounds } = this.#tree;
    const values: string[] = [];
    for (let i = 0; i < 2 * pattern.names.length; i += 2) {
      values.push(normal.slice(bounds[i], bounds[i + 1]));
    }
    return new Found(endpoint, pattern, values);
  }

  /** What takes the path with other methods, the first choice first. */
  others(path: string): Entry<E>[] {
    const normal = normalize(path) ?? path;
    const exact = this.exact.get(normal);
    const others = this.#hasPatterns ? this.#tree.all(normal) : [];
    return exact === undefined ? others : [exact, ...others];
  }

  /** @throws TypeError unless a route was declared with this path */
  pattern(path: string): Pattern {
    const pattern = this.#declared.get(path);
    if (pattern !== undefined) return pattern;
    throw new TypeError(`no route is declared as ${path}`);
  }

  /** Every path as it was declared, with its methods; null stands for all. */
  *list(): IterableIterator<[path: string, methods: string[] | null]> {
    for (const [path, pattern] of this.#declared) {
      const { any, methods } = this.#entry(pattern);
      yield [path, any === null ? [...methods.keys()] : null];
    }
  }

  #entry(pattern: Pattern): Entry<E> {
    const make = (): Entry<E> => new Entry(pattern);
    if (pattern.names.length !== 0) {
      this.#hasPatterns = true;
      return this.#tree.leaf(pattern, make);
    }
    const entry = this.exact.get(pattern.shape) ?? make();
    this.exact.set(pattern.shape, entry);
    return entry;
  }
}

function conflict(path: string, before: string, method: string | null): TypeError {
  const what = method === null ? 'route' : `route ${method}`;
  if (path === before) return new TypeError(`${what} ${path} is declared twice`);
  return new TypeError(`${what} ${path} takes the same paths as ${before}, which is declared, too`);
}
