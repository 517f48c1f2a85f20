import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { TimerHandle } from '../../core/loop/handle.ts';

/** Has a deadline, and is a node of the list of deadlines. */
export interface Dated {
  _until: number;
  _sooner: Dated | null;
  _later: Dated | null;
  /** Its time has passed; it was removed from the list before. */
  _expire(seconds: number): void;
}

/**
 * Time limits of one length. They expire in the order in which they began, so one timer for the
 * first suffices. Most are removed before they expire; the timer is not moved then, but looks at
 * the list when it fires.
 */
export class Deadlines {
  readonly #loop: EventLoop;
  readonly #seconds: number;
  #first: Dated | null = null;
  #last: Dated | null = null;
  #timer: TimerHandle | null = null;

  constructor(loop: EventLoop, seconds: number) {
    this.#loop = loop;
    this.#seconds = seconds;
  }

  /** Starts the time of `dated`. */
  add(dated: Dated): void {
    dated._until = this.#loop.time() + this.#seconds;
    dated._sooner = this.#last;
    if (this.#last === null) this.#first = dated;
    else this.#last._later = dated;
    this.#last = dated;
    this.#timer ??= this.#loop.callAt(dated._until, () => this.#look());
  }

  /** Removes an entry, which must be in the list. */
  remove(dated: Dated): void {
    const { _sooner: sooner, _later: later } = dated;
    if (sooner === null) this.#first = later;
    else sooner._later = later;
    if (later === null) this.#last = sooner;
    else later._sooner = sooner;
    dated._sooner = dated._later = null;
    if (this.#first !== null) return;
    // The timer would only keep the process alive.
    this.#timer?.cancel();
    this.#timer = null;
  }

  /** Puts `dated` in the place of `old`, with the time that is left. */
  replace(old: Dated, dated: Dated): void {
    const { _sooner: sooner, _later: later } = old;
    dated._until = old._until;
    dated._sooner = sooner;
    dated._later = later;
    if (sooner === null) this.#first = dated;
    else sooner._later = dated;
    if (later === null) this.#last = dated;
    else later._sooner = dated;
    old._sooner = old._later = null;
  }

  #look(): void {
    this.#timer = null;
    const now = this.#loop.time();
    for (let dated; (dated = this.#first) !== null && dated._until <= now;) {
      this.remove(dated);
      dated._expire(this.#seconds);
    }
    if (this.#first !== null) {
      this.#timer ??= this.#loop.callAt(this.#first._until, () => this.#look());
    }
  }
}
