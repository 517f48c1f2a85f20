/**
 * Paths and what they lead to, as a radix tree: texts that begin alike are one way until they
 * differ, so a look-up costs the length of the path, however many there are. Which of several that
 * take a path wins does not hang on the order in which they came: at each place text goes before a
 * parameter with a regex, that before one without, and that before the rest. One that turns out not
 * to lead to an end, or to none that is wanted, is left for the next.
 *
 * It is walked along the bytes of a request as they were received: what a string of them costs is
 * more than the walk.
 */
import type { RawBuffer } from '../../core/support/raw-buffer.ts';
import type { Pattern } from './pattern.ts';

const SLASH = 47;
const EMPTY = Buffer.alloc(0) as RawBuffer;

/** What stands where a pattern ends, and whether it is what is looked for. */
export interface Leaf {
  readonly pattern: Pattern;
  /** Given a list, it adds itself and takes nothing, so that the search goes on. */
  takes(wanted: string | Leaf[]): boolean;
}

/** A parameter that begins at a place, and what follows it. */
interface Param<L extends Leaf> {
  readonly regex: RegExp | null;
  readonly node: Node<L>;
}

class Node<L extends Leaf> {
  /** What a path has here, before it goes one of the ways. */
  codes: number[];
  /** By the character that their text begins with, from `first` on: as short as can be. */
  ways: (Node<L> | null)[] = [];
  first = 0;
  /** Those with a regex come first, in the order in which they were declared. */
  params: Param<L>[] = [];
  rest: L | null = null;
  leaf: L | null = null;

  constructor(codes: number[]) {
    this.codes = codes;
  }

  /** The way that begins with this character. */
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

  /** The node at the end of this text from here; it is made when there is none. */
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

  /** The node after a parameter that begins here. */
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

/** A look-up that is under way. */
interface Walk {
  bytes: RawBuffer;
  start: number;
  end: number;
  wanted: string | Leaf[];
  /** Where the values of what was found last begin and end in its path, in turn. */
  readonly bounds: number[];
}

export class PathTree<L extends Leaf> {
  #root = new Node<L>([]);
  #walk: Walk = { bytes: EMPTY, start: 0, end: 0, wanted: '', bounds: [] };

  /** Where the values of what was found last begin and end in its path, in turn. */
  get bounds(): readonly number[] {
    return this.#walk.bounds;
  }

  /** The leaf of a pattern, which `make` makes unless one that takes the same paths is there. */
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

  /** What the path in these bytes leads to that takes the method. */
  find(bytes: RawBuffer, start: number, end: number, method: string): L | null {
    const walk = this.#walk;
    walk.bytes = bytes;
    walk.start = start;
    walk.end = end;
    walk.wanted = method;
    const found = follow(walk, this.#root, start, 0);
    // The chunk that a request came in must not be kept.
    walk.bytes = EMPTY;
    return found;
  }

  /** All that a path leads to, the first choice first. */
  all(path: RawBuffer): L[] {
    const all: L[] = [];
    follow({ bytes: path, start: 0, end: path.length, wanted: all, bounds: [] }, this.#root, 0, 0);
    return all;
  }
}

/**
 * What the path leads to from this place on. `value` counts the values before it, twice. It calls
 * itself only where there is another way to take when this one leads nowhere.
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

/** Whether the text stands there; its first byte is known to. */
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

/** A value of a path that is known to have no broken escapes. */
export function decoded(value: string): string {
  return value.includes('%') ? decodeURIComponent(value) : value;
}
