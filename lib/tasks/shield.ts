/** Keeping a cancel away from what must go on. */
import type { AbstractEventLoop } from '../core/abstract-event-loop.ts';
import { ensureFuture } from '../core/ensure-future.ts';
import { DONE, FAILED, Future, PENDING, RETRIEVED } from '../core/future.ts';
import type { Waiter } from '../core/future.ts';
import type { AwaitableLike } from '../core/types.ts';
import { abortWith } from './abort.ts';
import type { SignalOptions } from './abort.ts';

class Shield<T> extends Future<T> implements Waiter {
  constructor(loop: AbstractEventLoop, inner: Future<T>) {
    super({ loop });
    inner._addWaiter(this);
  }

  /** @internal The inner future is done. */
  _wake(inner: Future<T>): void {
    if (this._state !== PENDING) {
      this.#tooLate(inner);
    } else if (inner._state === DONE) {
      this._settle(DONE, inner._value);
    } else if (inner._state === FAILED || inner._state === RETRIEVED) {
      this._fail(inner._takeError());
    } else {
      super.cancel();
    }
  }

  /** Whoever waited has been cancelled meanwhile, so nobody else will hear of the error. */
  #tooLate(inner: Future<T>): void {
    if (inner._state !== FAILED) return;
    this._loop.callExceptionHandler({
      message: `${inner.constructor.name} exception in shielded future`,
      exception: inner._takeError(),
      future: inner,
    });
  }
}

/**
 * Waits for `awaitable`, but a cancel of the wait does not reach it: it goes on, and an error that
 * it has later goes to the loop's exception handler.
 *
 * @example yield* shield(save(document));
 */
export function shield<T>(awaitable: AwaitableLike<T>, options: SignalOptions = {}): Future<T> {
  const inner = ensureFuture(awaitable);
  if (inner.done()) return inner;
  return abortWith(new Shield(inner._loop, inner), options.signal);
}
