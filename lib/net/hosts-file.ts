import { numericFamily, type ResolvedAddress } from '../io/resolver.ts';

/** The interval in seconds at which the file is checked for changes. */
const LOOK_EVERY = 1;

/** The names of `/etc/hosts`, read again when the file has changed. */
export class HostsFile {
  readonly #path: string;
  #names: Map<string, ResolvedAddress[]> = new Map();
  #changed = -1;
  #looked = -Infinity;

  constructor(path: string) {
    this.#path = path;
  }

  /** The addresses of a name (in lower case); null when the file does not have it. */
  addresses(name: string, now: number): readonly ResolvedAddress[] | null {
    if (now >= this.#looked + LOOK_EVERY) this.#look(now);
    return this.#names.get(name) ?? null;
  }

  /** Reads the file if it changed. It is small and local, so the read may be synchronous. */
  #look(now: number): void {
    const fs = process.getBuiltinModule('node:fs');
    this.#looked = now;
    const changed = fs.statSync(this.#path, { throwIfNoEntry: false })?.mtimeMs ?? -1;
    if (changed === this.#changed) return;
    this.#changed = changed;
    this.#names = new Map();
    if (changed === -1) return;
    for (const line of fs.readFileSync(this.#path, 'utf8').split('\n')) this.#take(line);
  }

  #take(line: string): void {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const family = numericFamily(address ?? '');
    if (family === 0) return;
    for (const name of names) {
      const key = name.toLowerCase();
      const known = this.#names.get(key) ?? [];
      known.push({ address: address!, family: family as 4 | 6 });
      this.#names.set(key, known);
    }
  }
}
