/**
 * Paths with parameters and what they lead to, as a radix tree: texts that begin alike are one way
 * until they differ, so a look-up costs the length of the path, however many there are. Which of
 * several that take a path wins does not hang on the order in which they came: at each place text
 * goes before a parameter with a regex, that before one without, and that before the rest. One that
 * turns out not to lead to an end, or to none that is wanted, is left for the next.
 */
import type { Pattern } from './pattern.ts';

const SLASH = 47;

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
  text: string;
  /** By the character that their text begins with. */
  ways: (Node<L> | undefined)[] = [];
  /** Those with a regex come first, in the order in which they were declared. */
  params: Param<L>[] = [];
  rest: L | null = null;
  leaf: L | null = null;

  constructor(text: string) {
    this.text = text;
  }

  /** The node at the end of this text from here; it is made when there is none. */
  along(text: string): Node<L> {
    if (text === '') return this;
    const first = text.charCodeAt(0);
    const way = this.ways[first];
    if (way === undefined) return (this.ways[first] = new Node(text));
    let same = 1;
    while (same < way.text.length && way.text[same] === text[same]) same += 1;
    if (same === way.text.length) return way.along(text.slice(same));
    const shared = new Node<L>(way.text.slice(0, same));
    way.text = way.text.slice(same);
    shared.ways[way.text.charCodeAt(0)] = way;
    this.ways[first] = shared;
    return shared.along(text.slice(same));
  }

  /** The node after a parameter that begins here. */
  after(regex: RegExp | null): Node<L> {
    const known = this.params.find((param) => param.regex?.source === regex?.source);
    if (known !== undefined) return known.node;
    const param = { regex, node: new Node<L>('') };
    const plain = this.params.findIndex((one) => one.regex === null);
    if (regex === null || plain === -1) this.params.push(param);
    else this.params.splice(plain, 0, param);
    return param.node;
  }
}

export class PathTree<L extends Leaf> {
  /** Where the values of what was found last begin and end in its path, in turn. */
  readonly bounds: number[] = [];
  #root = new Node<L>('');
  #path = '';
  #wanted: string | Leaf[] = '';

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
      node = node.along(text);
      text = '';
      if (segment.kind === 'rest') return (node.rest ??= make());
      node = node.after(segment.regex);
    }
    node = node.along(text);
    return (node.leaf ??= make());
  }

  /** What a path leads to that takes the method. */
  find(path: string, method: string): L | null {
    this.#path = path;
    this.#wanted = method;
    return this.#from(this.#root, 0, 0);
  }

  /** All that a path leads to, the first choice first. */
  all(path: string): L[] {
    const all: L[] = [];
    this.#path = path;
    this.#wanted = all;
    this.#from(this.#root, 0, 0);
    this.#wanted = '';
    return all;
  }

  /** `value` counts the values before this place, twice. */
  #from(node: Node<L>, at: number, value: number): L | null {
    const path = this.#path;
    if (at === path.length) {
      if (node.leaf !== null && node.leaf.takes(this.#wanted)) return node.leaf;
    } else {
      const way = node.ways[path.charCodeAt(at)];
      if (way !== undefined && continues(path, at, way.text)) {
        const found = this.#from(way, at + way.text.length, value);
        if (found !== null) return found;
      }
      if (node.params.length !== 0) {
        const found = this.#throughParam(node.params, at, value);
        if (found !== null) return found;
      }
    }
    if (node.rest === null || !node.rest.takes(this.#wanted)) return null;
    this.#note(value, at, path.length);
    return node.rest;
  }

  #throughParam(params: readonly Param<L>[], at: number, value: number): L | null {
    const path = this.#path;
    let end = at;
    while (end < path.length && path.charCodeAt(end) !== SLASH) end += 1;
    if (end === at) return null;
    for (const { regex, node } of params) {
      if (regex !== null && !regex.test(decoded(path.slice(at, end)))) continue;
      const found = this.#from(node, end, value + 2);
      if (found === null) continue;
      this.#note(value, at, end);
      return found;
    }
    return null;
  }

  #note(value: number, start: number, end: number): void {
    this.bounds[value] = start;
    this.bounds[value + 1] = end;
  }
}

/** Whether the text stands there; its first character is known to. A loop is faster than a call. */
function continues(path: string, at: number, text: string): boolean {
  if (path.length - at < text.length) return false;
  for (let i = 1; i < text.length; i++) {
    if (path.charCodeAt(at + i) !== text.charCodeAt(i)) return false;
  }
  return true;
}

/** A value of a path that is known to have no broken escapes. */
export function decoded(value: string): string {
  return value.includes('%') ? decodeURIComponent(value) : value;
}
