/** Keeping a cancel away from what must go on. */
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { futureFor, loopForAll } from '../core/loop/ensure-future.ts';
import { DONE, FAILED, Future, PENDING, RETRIEVED } from '../core/future/future.ts';
import type { Waiter } from '../core/future/future.ts';
import { checkOptions } from '../core/support/options.ts';
import type { AwaitableLike } from '../core/support/types.ts';
import type { Runnable } from '../native/rings.ts';
import { abortWith, SIGNAL } from './abort.ts';
import type { SignalOptions } from './abort.ts';

/** The inner futures that have a `LateError`. */
const watched: WeakSet<Future<any>> = new WeakSet();

/**
 * Reports the error of an inner future whose waits were cancelled. One for all of them: who waits
 * for the same thing again and again, each time for a second, must not leave something each time.
 */
class LateError implements Waiter, Runnable {
  readonly #inner: Future<any>;

  private constructor(inner: Future<any>) {
    this.#inner = inner;
    watched.add(inner);
    inner._addWaiter(this);
  }

  static watch(inner: Future<any>): void {
    if (!watched.has(inner)) new LateError(inner);
  }

  _wake(): void {
    this.#inner._loop._enqueue(this);
  }

  _run(): void {
    reportLate(this.#inner);
  }
}

function reportLate(inner: Future<any>): void {
  if (inner._state !== FAILED) return;
  inner._loop.callExceptionHandler({
    message: `${inner.constructor.name} exception in shielded future`,
    exception: inner._takeError(),
    future: inner,
  });
}

class Shield<T> extends Future<T> implements Waiter, Runnable {
  readonly #inner: Future<T>;

  constructor(loop: AbstractEventLoop, inner: Future<T>) {
    super({ loop });
    this.#inner = inner;
    inner._addWaiter(this);
  }

  /** @internal The inner future is done; until the next turn a cancel still comes first. */
  _wake(): void {
    this._loop._enqueue(this);
  }

  /** @internal */
  _run(): void {
    const inner = this.#inner;
    if (this._state !== PENDING) {
      // Cancelled in this very turn, so the error has no other reader.
      reportLate(inner);
    } else if (inner._state === DONE) {
      this._settle(DONE, inner._value);
    } else if (inner._state === FAILED || inner._state === RETRIEVED) {
      this._fail(inner._takeError());
    } else {
      super.cancel();
    }
  }

  override _settle(state: number, value: unknown): void {
    const inner = this.#inner;
    if (inner._state === PENDING) {
      inner._removeWaiter(this);
      LateError.watch(inner);
    }
    super._settle(state, value);
  }
}

/**
 * Waits for `awaitable`, but a cancel of the wait does not reach it: it goes on, and an error that
 * it has later goes to the loop's exception handler.
 *
 * @example yield* shield(save(document));
 */
export function shield<T>(awaitable: AwaitableLike<T>, options: SignalOptions = {}): Future<T> {
  checkOptions('shield()', options, SIGNAL);
  loopForAll('shield()', [awaitable]);
  const inner = futureFor(awaitable);
  if (inner.done()) return inner;
  return abortWith(new Shield(inner.getLoop(), inner), options.signal);
}
