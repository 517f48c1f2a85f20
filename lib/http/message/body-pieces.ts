import type { Future } from '../../core/future/future.ts';

/**
 * `for await` over a received body. Not an async generator, because `return()` of one that is
 * waiting, or has not started, does not run its clean-up: code that forwards a body leaves it when
 * it is no longer needed, perhaps while its sender is silent for ever.
 */
export class BodyPieces<T = Uint8Array> implements AsyncIterableIterator<T> {
  readonly #read: () => Future<T | null>;
  readonly #leave: () => void;
  #over = false;

  /** @param leave - discards the rest of the body; called once, also after the last piece */
  constructor(read: () => Future<T | null>, leave: () => void) {
    this.#read = read;
    this.#leave = leave;
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    if (this.#over) return { done: true, value: undefined };
    let piece: T | null = null;
    try {
      piece = await this.#read();
    } finally {
      if (piece === null) this.#end();
    }
    return piece === null ? { done: true, value: undefined } : { done: false, value: piece };
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#end();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#leave();
  }
}
