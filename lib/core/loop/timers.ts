/**
 * The timer table: the handle for each slot number that C++ knows.
 *
 * A slot can be reused once nothing refers to it. A timer that C++ has already moved to the ready
 * ring is referred to there, so its slot is free only when that entry is taken; any other slot can
 * be reused at once, because submissions are processed in order.
 */
import { TIMER_IDLE, TIMER_READY } from '../../native/layout.ts';
import type { Rings } from '../../native/rings.ts';
import type { TimerHandle, TimerOwner } from './handle.ts';

/** About 146 years in nanoseconds: longer delays are clamped to it, so that they fit in 63 bits. */
const DEADLINE_MAX = 2 ** 62;

const FIRST_CAPACITY = 1024;

/**
 * Data about a slot other than its handle is kept in typed arrays: a million pending timers are a
 * million small objects for the garbage collector to copy, so every field saved counts.
 */
export class TimerTable implements TimerOwner {
  readonly #rings: Rings;
  readonly #handles: Array<TimerHandle | undefined> = [];
  /** Slots below #next that are free: a stack of #freeCount numbers. */
  readonly #free: number[] = [];
  #freeCount = 0;
  #next = 0;
  /** The place of its request in the submission ring, until that is submitted. */
  #places = new Int32Array(FIRST_CAPACITY);
  /** 1 where the timer does not keep the process alive. */
  #unreferenced = new Uint8Array(FIRST_CAPACITY);

  constructor(rings: Rings) {
    this.#rings = rings;
  }

  /** How many timers are pending, including those that are due and have not run yet. */
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
      // No slot is in use: start from the beginning again. Freed slots come back in the order in
      // which timers fired, and walking the tables in that order is what costs most at a million.
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

  /** Cancels a pending timer. */
  cancel(handle: TimerHandle): void {
    const slot = handle._slot;
    this.#release(handle, slot);
    this.#handles[slot] = undefined;
    const rings = this.#rings;
    if (rings.timerState[slot] === TIMER_READY) return;
    rings.cancelTimer(slot, this.#places[slot]!);
    this.#free[this.#freeCount++] = slot;
  }

  /** Removes the handle whose slot came out of the ready ring; undefined if it was cancelled. */
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

  /** Detaches the handle from its slot. */
  #release(handle: TimerHandle, slot: number): void {
    handle._slot = -1;
    if (this.#unreferenced[slot] === 0) this.#rings.reference(-1);
    else this.#unreferenced[slot] = 0;
  }

  /** Sets whether a pending timer keeps the process alive. */
  keepAlive(slot: number, keep: boolean): void {
    const flag = keep ? 0 : 1;
    if (this.#unreferenced[slot] === flag) return;
    this.#unreferenced[slot] = flag;
    this.#rings.reference(keep ? 1 : -1);
  }
}
