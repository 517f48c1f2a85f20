/** A share: functions that a loop exposes to other threads, under a number. */
import { describe } from '../../core/support/describe.ts';

/** Functions that other threads may call by name. */
export type SharedFunctions = Record<string, (...args: any[]) => unknown>;

/**
 * The maximum number of functions of a share. A function's number is the share's number times this
 * plus its index.
 */
export const FUNCTIONS_MAX = 4096;

/** Checks the functions to share and returns their names. @throws TypeError, RangeError */
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
  /** The object that the functions are called on. */
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
    // Copied now: functions replaced later would not have been checked.
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

  /** Its loop is closed, so nothing is left to release. */
  end(): void {
    this.#open = false;
  }
}
