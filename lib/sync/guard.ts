/** The result of an acquire: an object to release it with, by hand or by `using`. */
import { RuntimeError } from '../core/errors/errors.ts';
import { showsText } from '../core/support/shows-text.ts';

/** The interface of a primitive for its guards. */
export interface Guarded {
  /** @internal Releases what the guard represents. @returns false when it is no longer held */
  _releaseGuard(guard: Guard): boolean;
}

/**
 * Represents something that is held, and releases it. It is truthy, like the result of asyncio's
 * `acquire()`.
 *
 * @example
 * using held = await lock.acquire();
 */
export class Guard {
  readonly #owner: Guarded;
  #released = false;

  /** @internal */
  constructor(owner: Guarded) {
    this.#owner = owner;
  }

  /** Releases it. @throws RuntimeError when it has already been released */
  release(): void {
    if (!this.#release()) throw new RuntimeError('the guard has been released already');
  }

  /** Releases it unless it has already been released. */
  [Symbol.dispose](): void {
    this.#release();
  }

  toString(): string {
    return `<Guard ${this.#released ? 'released' : 'held'} of ${this.#owner}>`;
  }

  #release(): boolean {
    if (this.#released) return false;
    this.#released = true;
    return this.#owner._releaseGuard(this);
  }
}

showsText(Guard);
