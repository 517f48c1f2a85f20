import type { Future } from '../../core/future/future.ts';

/**
 * `for await` over a received body. It is no generator, since one that waits, or has not begun,
 * cannot be left: code that passes a body on leaves it when it is not wanted any more, and then its
 * sender may be silent for ever.
 */
export class BodyPieces<T = Uint8Array> implements AsyncIterableIterator<T> {
  readonly #read: () => Future<T | null>;
  readonly #leave: () => void;
  #over = false;

  /** @param leave - gives up what has not come yet; called once, also after the last piece */
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
