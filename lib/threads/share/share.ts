/** What a loop exposes to other threads: some functions, under a number. */
import { describe } from '../../core/support/describe.ts';

/** Functions that other threads may call by name. */
export type SharedFunctions = Record<string, (...args: any[]) => unknown>;

/** Functions that a share may have: the number of one is share times this plus its place. */
export const FUNCTIONS_MAX = 4096;

/** Checks what is to be shared. @throws TypeError, RangeError */
export function checkFunctions(functions: unknown): string[] {
  if (typeof functions !== 'object' || functions === null || Array.isArray(functions)) {
    throw new TypeError(`share(): ${describe(functions)} is not an object of functions`);
  }
  const names = Object.keys(functions);
  if (names.length > FUNCTIONS_MAX) {
    throw new RangeError(`share(): ${names.length} functions; ${FUNCTIONS_MAX} is the most`);
  }
  for (const name of names) {
    const value = (functions as Record<string, unknown>)[name];
    if (typeof value !== 'function') {
      throw new TypeError(`share(): ${name} is ${describe(value)}, not a function`);
    }
  }
  return names;
}

/** One share. While it is open and not unref'ed, it keeps its loop waiting for posts. */
export class Share {
  /** What the functions are called on. */
  readonly owner: object;
  readonly names: readonly string[];
  readonly calls: readonly Function[];
  readonly #hold: (change: 1 | -1) => void;
  readonly #remove: () => void;
  #open = true;
  #held = false;

  constructor(
    functions: SharedFunctions,
    names: readonly string[],
    hold: (change: 1 | -1) => void,
    remove: () => void,
  ) {
    this.owner = functions;
    this.names = names;
    // As they are now: what is put there later was never checked.
    this.calls = names.map((name) => functions[name]!);
    this.#hold = hold;
    this.#remove = remove;
    this.hold(true);
  }

  get open(): boolean {
    return this.#open;
  }

  hold(keep: boolean): void {
    if (!this.#open || this.#held === keep) return;
    this.#held = keep;
    this.#hold(keep ? 1 : -1);
  }

  close(): void {
    if (!this.#open) return;
    this.hold(false);
    this.#open = false;
    this.#remove();
  }

  /** Its loop is closed, and with it everything that could be held. */
  end(): void {
    this.#open = false;
  }
}
