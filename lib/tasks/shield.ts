/** Protecting an awaitable from cancels of its waiter. */
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
 * Reports the error of an inner future whose waits were cancelled. There is one for all waits: code
 * that repeatedly waits for the same future with a short timeout must not leave an object each
 * time.
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

  /**
   * @internal The inner future is done. This settles in the next turn; a cancel before that takes
   *   precedence.
   */
  _wake(): void {
    this._loop._enqueue(this);
  }

  /** @internal */
  _run(): void {
    const inner = this.#inner;
    if (this._state !== PENDING) {
      // Cancelled in this very turn, so nobody else will see the error.
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
 * Waits for `awaitable`, but cancelling the wait does not cancel it: it continues, and if it fails
 * later the error goes to the loop's exception handler.
 *
 * @throws what `awaitable` throws; AbortError when `signal` aborts (`awaitable` continues);
 *   TypeError when it cannot be awaited; RuntimeError when no loop is running
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
