/**
 * A radix tree of paths: common beginnings share nodes, so the cost of a look-up depends on the
 * length of the path and not on the number of paths. If several patterns match, the winner does not
 * depend on the order of declaration: at each position, text is tried before a parameter with a
 * regex, that before one without, and that before a rest. When one does not lead to a match for the
 * method, the next is tried.
 *
 * The tree is walked along the received bytes of a request, since converting them to a string would
 * cost more than the walk.
 */
import type { RawBuffer } from '../../core/support/raw-buffer.ts';
import type { Pattern } from './pattern.ts';

const SLASH = 47;
const EMPTY = Buffer.alloc(0) as RawBuffer;

/** The end of a pattern, which decides whether it is a match. */
export interface Leaf {
  readonly pattern: Pattern;
  /**
   * Whether it has the method `wanted`. Given a list, it adds itself and returns false, so that the
   * search continues.
   */
  takes(wanted: string | Leaf[]): boolean;
}

/** A parameter that begins at a node, and the node after it. */
interface Param<L extends Leaf> {
  readonly regex: RegExp | null;
  readonly node: Node<L>;
}

class Node<L extends Leaf> {
  /** The text of this node, as bytes. */
  codes: number[];
  /**
   * The next nodes by the first byte of their text; index 0 is the byte `first`, which keeps the
   * array short.
   */
  ways: (Node<L> | null)[] = [];
  first = 0;
  /** Parameters that begin here; those with a regex first, in order of declaration. */
  params: Param<L>[] = [];
  rest: L | null = null;
  leaf: L | null = null;

  constructor(codes: number[]) {
    this.codes = codes;
  }

  /** The next node whose text begins with this byte. */
  way(code: number): Node<L> | null {
    const at = code - this.first;
    return at >= 0 && at < this.ways.length ? this.ways[at]! : null;
  }

  #setWay(way: Node<L>): Node<L> {
    const [code] = way.codes as [number];
    if (this.ways.length === 0) this.first = code;
    for (; code < this.first; this.first -= 1) this.ways.unshift(null);
    while (code - this.first >= this.ways.length) this.ways.push(null);
    return (this.ways[code - this.first] = way);
  }

  /** The node at the end of this text, starting here; created if needed. */
  along(codes: number[]): Node<L> {
    if (codes.length === 0) return this;
    const way = this.way(codes[0]!);
    if (way === null) return this.#setWay(new Node(codes));
    let same = 1;
    while (same < way.codes.length && way.codes[same] === codes[same]) same += 1;
    if (same === way.codes.length) return way.along(codes.slice(same));
    const shared = new Node<L>(way.codes.slice(0, same));
    way.codes = way.codes.slice(same);
    shared.#setWay(way);
    return this.#setWay(shared).along(codes.slice(same));
  }

  /** The node after a parameter that begins here; created if needed. */
  after(regex: RegExp | null): Node<L> {
    const known = this.params.find((param) => param.regex?.source === regex?.source);
    if (known !== undefined) return known.node;
    const param = { regex, node: new Node<L>([]) };
    const plain = this.params.findIndex((one) => one.regex === null);
    if (regex === null || plain === -1) this.params.push(param);
    else this.params.splice(plain, 0, param);
    return param.node;
  }
}

/** A look-up in progress. */
interface Walk {
  bytes: RawBuffer;
  start: number;
  end: number;
  wanted: string | Leaf[];
  /** Start and end of each parameter value of the last match in its path, alternately. */
  readonly bounds: number[];
}

export class PathTree<L extends Leaf> {
  #root = new Node<L>([]);
  #walk: Walk = { bytes: EMPTY, start: 0, end: 0, wanted: '', bounds: [] };

  /** Start and end of each parameter value of the last match in its path, alternately. */
  get bounds(): readonly number[] {
    return this.#walk.bounds;
  }

  /** The leaf of a pattern; created by `make` unless a pattern for the same paths exists. */
  leaf(pattern: Pattern, make: () => L): L {
    let node = this.#root;
    let text = '';
    for (const segment of pattern.segments) {
      text += '/';
      if (segment.kind === 'text') {
        text += segment.text;
        continue;
      }
      node = node.along(codesOf(text));
      text = '';
      if (segment.kind === 'rest') return (node.rest ??= make());
      node = node.after(segment.regex);
    }
    node = node.along(codesOf(text));
    return (node.leaf ??= make());
  }

  /** The match for the path in these bytes and the method, or null. */
  find(bytes: RawBuffer, start: number, end: number, method: string): L | null {
    const walk = this.#walk;
    walk.bytes = bytes;
    walk.start = start;
    walk.end = end;
    walk.wanted = method;
    const found = follow(walk, this.#root, start, 0);
    // Do not keep the receive chunk alive.
    walk.bytes = EMPTY;
    return found;
  }

  /** All matches of a path for any method, best first. */
  all(path: RawBuffer): L[] {
    const all: L[] = [];
    follow({ bytes: path, start: 0, end: path.length, wanted: all, bounds: [] }, this.#root, 0, 0);
    return all;
  }
}

/**
 * Searches from this position on. `value` is the index in `bounds` for the next value, twice the
 * number of values before it. It recurses only where there is an alternative to try later.
 */
function follow<L extends Leaf>(walk: Walk, from: Node<L>, place: number, value: number): L | null {
  const { bytes, end } = walk;
  let node = from;
  let at = place;
  let values = value;
  while (at < end) {
    const { params, rest } = node;
    const way = node.way(bytes[at]!);
    if (way !== null && continues(bytes, at, end, way.codes)) {
      if (params.length === 0 && rest === null) {
        at += way.codes.length;
        node = way;
        continue;
      }
      const found = follow(walk, way, at + way.codes.length, values);
      if (found !== null) return found;
    }
    if (params.length === 0) return takeRest(walk, node, at, values);
    const stop = segmentEnd(bytes, at, end);
    if (stop === at) return takeRest(walk, node, at, values);
    const [{ regex, node: next }] = params as [Param<L>];
    if (params.length !== 1 || regex !== null || rest !== null) {
      return throughParams(walk, node, at, stop, values) ?? takeRest(walk, node, at, values);
    }
    note(walk, values, at, stop);
    values += 2;
    at = stop;
    node = next;
  }
  if (node.leaf !== null && node.leaf.takes(walk.wanted)) return node.leaf;
  return takeRest(walk, node, at, values);
}

function throughParams<L extends Leaf>(
  walk: Walk,
  { params }: Node<L>,
  at: number,
  stop: number,
  values: number,
): L | null {
  for (const { regex, node } of params) {
    if (regex !== null && !regex.test(decoded(walk.bytes.latin1Slice(at, stop)))) continue;
    note(walk, values, at, stop);
    const found = follow(walk, node, stop, values + 2);
    if (found !== null) return found;
  }
  return null;
}

function takeRest<L extends Leaf>(
  walk: Walk,
  { rest }: Node<L>,
  at: number,
  values: number,
): L | null {
  if (rest === null || !rest.takes(walk.wanted)) return null;
  note(walk, values, at, walk.end);
  return rest;
}

function note({ bounds, start }: Walk, values: number, from: number, to: number): void {
  bounds[values] = from - start;
  bounds[values + 1] = to - start;
}

function codesOf(text: string): number[] {
  return [...Buffer.from(text, 'latin1')];
}

/** Whether the text is at this position; its first byte is known to match. */
function continues(bytes: RawBuffer, at: number, end: number, codes: readonly number[]): boolean {
  if (end - at < codes.length) return false;
  for (let i = 1; i < codes.length; i++) {
    if (bytes[at + i] !== codes[i]) return false;
  }
  return true;
}

function segmentEnd(bytes: RawBuffer, at: number, end: number): number {
  let slash = at;
  while (slash < end && bytes[slash] !== SLASH) slash += 1;
  return slash;
}

/** Decodes a value that is known to have only valid escapes. */
export function decoded(value: string): string {
  return value.includes('%') ? decodeURIComponent(value) : value;
}
