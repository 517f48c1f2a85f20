/**
 * The timer table: which handle stands behind each slot number that C++ knows.
 *
 * A slot is free again as soon as nothing can mention it any more. A timer that C++ has already
 * moved to the ready ring is mentioned there, so its slot is free only when that entry is taken;
 * any other can be reused at once, because submissions are processed in order.
 */
import { TIMER_IDLE, TIMER_READY } from '../native/layout.ts';
import type { Rings } from '../native/rings.ts';
import type { TimerHandle } from './handle.ts';

/** Some 146 years in nanoseconds: what a longer delay is cut to, so that it fits into 63 bits. */
const DEADLINE_MAX = 2 ** 62;

export class TimerTable {
  readonly #rings: Rings;
  readonly #handles: Array<TimerHandle | undefined> = [];
  readonly #free: number[] = [];

  constructor(rings: Rings) {
    this.#rings = rings;
  }

  /** Starts a timer for `handle._when` seconds. */
  add(handle: TimerHandle): void {
    const rings = this.#rings;
    const slot = this.#free.length > 0 ? this.#free.pop()! : this.#newSlot();
    this.#handles[slot] = handle;
    handle._slot = slot;
    // Rounded up, so that a timer is never early.
    const deadline = Math.min(Math.ceil(handle._when * 1e9), DEADLINE_MAX);
    handle._place = rings.addTimer(slot, deadline);
    rings.reference(1);
  }

  #newSlot(): number {
    const slot = this.#handles.length;
    if (slot >= this.#rings.timerState.length) this.#rings.growTimers();
    this.#handles.push(undefined);
    return slot;
  }

  /** Takes a timer back. */
  cancel(handle: TimerHandle): void {
    const slot = handle._slot;
    const rings = this.#rings;
    handle._slot = -1;
    if (handle._referenced) rings.reference(-1);
    this.#handles[slot] = undefined;
    if (rings.timerState[slot] === TIMER_READY) return;
    rings.cancelTimer(slot, handle._place);
    this.#free.push(slot);
  }

  /** Takes the handle whose slot came out of the ready ring; none when it was cancelled. */
  take(slot: number): TimerHandle | undefined {
    const handle = this.#handles[slot];
    this.#handles[slot] = undefined;
    this.#rings.timerState[slot] = TIMER_IDLE;
    this.#free.push(slot);
    if (handle === undefined) return undefined;
    handle._slot = -1;
    if (handle._referenced) this.#rings.reference(-1);
    return handle;
  }
}
