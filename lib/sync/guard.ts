/** What an acquire gives: a thing to release, by hand or by `using`. */
import { RuntimeError } from '../core/errors/errors.ts';
import { showsText } from '../core/support/shows-text.ts';

/** The side of a primitive that a guard talks to. */
export interface Guarded {
  /** @internal Releases what the guard stands for. @returns false when it is not held any more */
  _releaseGuard(guard: Guard): boolean;
}

/**
 * Proof that something is held. It is truthy, as asyncio's `acquire()` is.
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

  /** @throws RuntimeError when it has been released already */
  release(): void {
    if (!this.#release()) throw new RuntimeError('the guard has been released already');
  }

  /** Releases it unless that has been done already. */
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
