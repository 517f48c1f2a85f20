/** The result of calls that are coroutines in asyncio, but never wait here. */
import { showsText } from '../support/shows-text.ts';
import type { Awaitable, Yieldable } from '../support/types.ts';

/** Unlike a future it needs no loop, so the call can be made anywhere. */
class DoneAlready implements Awaitable<void> {
  [Symbol.iterator](): Iterator<Yieldable, void, unknown> {
    return { next: () => ({ done: true, value: undefined }) };
  }

  then<A = void, B = never>(
    fulfilled?: ((value: void) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return Promise.resolve().then(fulfilled, rejected);
  }

  toString(): string {
    return '<done already>';
  }
}

showsText(DoneAlready);

export const DONE_ALREADY: Awaitable<void> = new DoneAlready();
