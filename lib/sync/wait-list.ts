/**
 * The waiters of a primitive, first come, first served: a linked list through the futures
 * themselves, so that adding one allocates nothing and removing one, at any position, is O(1).
 */
import type { LoopCore } from '../core/contract/loop-core.ts';
import { RuntimeError } from '../core/errors/errors.ts';
import { Reservation } from '../core/future/reservation.ts';
import { loopFor } from '../core/context/running.ts';

/** A future that is in a wait list until it is settled. */
export class Waiting<T> extends Reservation<T> {
  // Why `declare`: see Future.
  /** @internal */ declare _list: WaitList<any> | null;
  /** @internal */ declare _previous: Waiting<any> | null;
  /** @internal */ declare _following: Waiting<any> | null;

  constructor(options?: { loop?: LoopCore } | null) {
    super(options);
    this._list = null;
    this._previous = null;
    this._following = null;
  }

  /**
   * @internal Leaves the list first, so that code run by the grant sees the next waiter as the
   *   first.
   */
  override _grant(): void {
    if (this._list !== null) this._list.remove(this);
    super._grant();
  }

  /** @internal */
  override _settle(state: number, value: unknown): void {
    if (this._list !== null) this._list.remove(this);
    super._settle(state, value);
  }
}

/** The loop that a primitive is bound to; all wait lists of a primitive share it. */
export interface Home {
  loop: LoopCore | null;
}

export class WaitList<W extends Waiting<any>> {
  #first: W | null = null;
  #last: W | null = null;
  readonly #home: Home;
  #size = 0;

  constructor(home: Home = { loop: null }) {
    this.#home = home;
  }

  get first(): W | null {
    return this.#first;
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Adds a waiter at the end. The first waiter ever binds the list to its loop.
   * @throws RuntimeError when the list is bound to another loop
   */
  push(waiter: W): void {
    const home = this.#home;
    if (home.loop === null) home.loop = waiter._loop;
    else if (home.loop !== waiter._loop) {
      throw new RuntimeError('the object is bound to a different event loop');
    }
    waiter._list = this;
    waiter._previous = this.#last;
    if (this.#last === null) this.#first = waiter;
    else this.#last._following = waiter;
    this.#last = waiter;
    this.#size++;
  }

  remove(waiter: W): void {
    const { _previous: previous, _following: following } = waiter;
    if (previous === null) this.#first = following as W | null;
    else previous._following = following;
    if (following === null) this.#last = previous as W | null;
    else following._previous = previous;
    waiter._list = null;
    waiter._previous = null;
    waiter._following = null;
    this.#size--;
  }

  /** Removes and returns all waiters; the list is empty before the first one is woken. */
  takeAll(): W[] {
    const all: W[] = [];
    while (this.#first !== null) {
      all.push(this.#first);
      this.remove(this.#first);
    }
    return all;
  }
}

/** A future that has already failed, for the caller to await. */
export function failed<T>(error: Error): Waiting<T> {
  const future = new Waiting<T>({ loop: loopFor('a call that waits') });
  future._fail(error);
  return future;
}
