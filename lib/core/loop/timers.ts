/**
 * The timer table: which handle stands behind each slot number that C++ knows.
 *
 * A slot is free again as soon as nothing can mention it any more. A timer that C++ has already
 * moved to the ready ring is mentioned there, so its slot is free only when that entry is taken;
 * any other can be reused at once, because submissions are processed in order.
 */
import { TIMER_IDLE, TIMER_READY } from '../../native/layout.ts';
import type { Rings } from '../../native/rings.ts';
import type { TimerHandle, TimerOwner } from './handle.ts';

/** Some 146 years in nanoseconds: what a longer delay is cut to, so that it fits into 63 bits. */
const DEADLINE_MAX = 2 ** 62;

const FIRST_CAPACITY = 1024;

/**
 * What is said of a slot beyond its handle stands in typed arrays: a million pending timers are a
 * million small objects for the garbage collector to copy, so every field of one counts.
 */
export class TimerTable implements TimerOwner {
  readonly #rings: Rings;
  readonly #handles: Array<TimerHandle | undefined> = [];
  /** Slots below #next that are free: a stack of #freeCount numbers. */
  readonly #free: number[] = [];
  #freeCount = 0;
  #next = 0;
  /** Where its request stands in the submission ring, as long as it is not submitted. */
  #places = new Int32Array(FIRST_CAPACITY);
  /** 1 where the timer does not keep the process alive. */
  #unreferenced = new Uint8Array(FIRST_CAPACITY);

  constructor(rings: Rings) {
    this.#rings = rings;
  }

  /** How many timers are pending, with those that are due and have not run yet. */
  size(): number {
    return this.#next - this.#freeCount;
  }

  /** Starts a timer for `handle._when` seconds. */
  add(handle: TimerHandle): void {
    const rings = this.#rings;
    const slot = this.#takeSlot();
    this.#handles[slot] = handle;
    handle._slot = slot;
    // Rounded up, so that a timer is never early.
    const deadline = Math.min(Math.ceil(handle._when * 1e9), DEADLINE_MAX);
    this.#places[slot] = rings.addTimer(slot, deadline);
    rings.reference(1);
  }

  #takeSlot(): number {
    if (this.#freeCount === this.#next) {
      // None is taken: from the beginning again. Slots come back in the order in which timers
      // fired, and walking the tables in that order is what costs most with a million timers.
      this.#freeCount = this.#next = 0;
    } else if (this.#freeCount > 0) {
      return this.#free[--this.#freeCount]!;
    }
    const slot = this.#next++;
    if (slot >= this.#rings.timerState.length) this.#rings.growTimers();
    if (slot >= this.#places.length) this.#grow();
    if (slot === this.#handles.length) this.#handles.push(undefined);
    return slot;
  }

  #grow(): void {
    const places = new Int32Array(this.#places.length * 2);
    const unreferenced = new Uint8Array(this.#places.length * 2);
    places.set(this.#places);
    unreferenced.set(this.#unreferenced);
    this.#places = places;
    this.#unreferenced = unreferenced;
  }

  /** Takes a timer back. */
  cancel(handle: TimerHandle): void {
    const slot = handle._slot;
    this.#release(handle, slot);
    this.#handles[slot] = undefined;
    const rings = this.#rings;
    if (rings.timerState[slot] === TIMER_READY) return;
    rings.cancelTimer(slot, this.#places[slot]!);
    this.#free[this.#freeCount++] = slot;
  }

  /** Takes the handle whose slot came out of the ready ring; none when it was cancelled. */
  take(slot: number): TimerHandle | undefined {
    const handle = this.#handles[slot];
    if (handle !== undefined) {
      this.#release(handle, slot);
      this.#handles[slot] = undefined;
    }
    this.#rings.timerState[slot] = TIMER_IDLE;
    this.#free[this.#freeCount++] = slot;
    return handle;
  }

  /** The handle is on its own from here on. */
  #release(handle: TimerHandle, slot: number): void {
    handle._slot = -1;
    if (this.#unreferenced[slot] === 0) this.#rings.reference(-1);
    else this.#unreferenced[slot] = 0;
  }

  /** Whether a pending timer keeps the process alive. */
  keepAlive(slot: number, keep: boolean): void {
    const flag = keep ? 0 : 1;
    if (this.#unreferenced[slot] === flag) return;
    this.#unreferenced[slot] = flag;
    this.#rings.reference(keep ? 1 : -1);
  }
}
