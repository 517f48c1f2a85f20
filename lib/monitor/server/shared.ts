/**
 * What a thread publishes about itself without being asked, in memory that the monitor's thread
 * shares: which callback runs since when, and how long callbacks took. So the monitor knows this
 * much even of a thread that does not answer any more.
 */
import { histogramBounds } from '../../core/observe/histogram.ts';
import { HISTOGRAM_BUCKETS } from '../../native/layout.ts';
import { sharedClockMs } from '../clock.ts';
import type { Durations } from './protocol.ts';

const TEXT_MAX = 120;

// Words of the first part.
const SEQUENCE = 0;
const RUNNING = 1;
const TEXT_LENGTH = 2;
/** Counts up when the monitor has asked something; a loop that owns its thread looks at it. */
const ASKED = 3;
/** 1 where a debugger may be attached. */
const DEBUGGER = 4;
const WORDS = 8;

// Floating point numbers behind them.
const SINCE = 0;
const SUM = 1;
const LONGEST = 2;
const NUMBERS = 3;

const NUMBERS_AT = WORDS * 4;
const TEXT_AT = NUMBERS_AT + NUMBERS * 8;
const COUNTS_AT = TEXT_AT + TEXT_MAX * 2;

export const SHARED_BYTES: number = COUNTS_AT + HISTOGRAM_BUCKETS * 4;

/** What is known of a thread without asking it. */
export interface Pulse {
  /** What runs, or what ran last. */
  readonly text: string;
  /** Whether it still runs. */
  readonly running: boolean;
  /** Since when it runs, or has ended, in milliseconds of the shared clock; 0: never ran. */
  readonly since: number;
}

export class SharedState {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #numbers: Float64Array;
  readonly #text: Uint16Array;
  readonly #counts: Uint32Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(SHARED_BYTES)) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer, 0, WORDS);
    this.#numbers = new Float64Array(buffer, NUMBERS_AT, NUMBERS);
    this.#text = new Uint16Array(buffer, TEXT_AT, TEXT_MAX);
    this.#counts = new Uint32Array(buffer, COUNTS_AT, HISTOGRAM_BUCKETS);
  }

  /** Something begins to run. The reader sees an odd sequence while this is being written. */
  begin(text: string): void {
    const words = this.#words;
    const length = Math.min(text.length, TEXT_MAX);
    Atomics.add(words, SEQUENCE, 1);
    for (let at = 0; at < length; at++) this.#text[at] = text.charCodeAt(at);
    words[TEXT_LENGTH] = length;
    words[RUNNING] = 1;
    this.#numbers[SINCE] = sharedClockMs();
    Atomics.add(words, SEQUENCE, 1);
  }

  /** It has ended. */
  end(seconds: number): void {
    const words = this.#words;
    Atomics.add(words, SEQUENCE, 1);
    words[RUNNING] = 0;
    this.#numbers[SINCE] = sharedClockMs();
    Atomics.add(words, SEQUENCE, 1);
    const bucket = bucketOf(seconds);
    this.#counts[bucket] = this.#counts[bucket]! + 1;
    const numbers = this.#numbers;
    numbers[SUM] = numbers[SUM]! + seconds;
    if (seconds > numbers[LONGEST]!) numbers[LONGEST] = seconds;
  }

  /** What it does now, read from another thread. */
  pulse(): Pulse {
    const words = this.#words;
    for (let tries = 0; ; tries++) {
      const before = Atomics.load(words, SEQUENCE);
      const length = Math.min(words[TEXT_LENGTH]!, TEXT_MAX);
      const text = String.fromCharCode(...this.#text.subarray(0, Math.max(0, length)));
      const running = words[RUNNING] !== 0;
      const since = this.#numbers[SINCE]!;
      const torn = (before & 1) !== 0 || before !== Atomics.load(words, SEQUENCE);
      // A thread that was stopped between the two would leave it odd for ever.
      if (!torn || tries > 1000) return { text, running, since };
    }
  }

  /** How long callbacks took, since the start. */
  durations(): Durations {
    const numbers = this.#numbers;
    return { buckets: [...this.#counts], sum: numbers[SUM]!, max: numbers[LONGEST]! };
  }

  ask(): void {
    Atomics.add(this.#words, ASKED, 1);
  }

  get asked(): number {
    return this.#words[ASKED]!;
  }

  get debugged(): boolean {
    return Atomics.load(this.#words, DEBUGGER) !== 0;
  }

  set debugged(value: boolean) {
    Atomics.store(this.#words, DEBUGGER, value ? 1 : 0);
  }
}

/** The bucket of a duration: the first whose bound it does not exceed. */
export function bucketOf(seconds: number): number {
  let low = 0;
  let high = HISTOGRAM_BUCKETS - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (seconds <= histogramBounds[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}
