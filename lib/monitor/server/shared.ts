/**
 * What a thread publishes in memory shared with the monitor's thread: which callback runs, since
 * when, and how long callbacks took. So this much is known even of a thread that does not answer.
 */
import { histogramBounds } from '../../core/observe/histogram.ts';
import { HISTOGRAM_BUCKETS } from '../../native/layout.ts';
import { sharedClockMs } from '../clock.ts';
import type { Durations } from './protocol.ts';

const TEXT_MAX = 120;

// Indices of the 32-bit words at the beginning.
const SEQUENCE = 0;
const RUNNING = 1;
const TEXT_LENGTH = 2;
/**
 * Incremented with each question of the monitor; a loop that owns its thread checks it each turn.
 */
const ASKED = 3;
/** 1 if a debugger may be attached. */
const DEBUGGER = 4;
const WORDS = 8;

// Indices of the floating point numbers that follow.
const SINCE = 0;
const SUM = 1;
const LONGEST = 2;
const NUMBERS = 3;

const NUMBERS_AT = WORDS * 4;
const TEXT_AT = NUMBERS_AT + NUMBERS * 8;
const COUNTS_AT = TEXT_AT + TEXT_MAX * 2;

export const SHARED_BYTES: number = COUNTS_AT + HISTOGRAM_BUCKETS * 4;

/** What is known about a thread without asking it. */
export interface Pulse {
  /** The name of the callback that runs, or ran last. */
  readonly text: string;
  /** Whether it is still running. */
  readonly running: boolean;
  /**
   * When it began or, if it does not run any more, ended, in milliseconds of `sharedClockMs`; 0 if
   * none ever ran.
   */
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

  /**
   * A callback begins. The sequence number is odd while this is being written, so that a reader
   * notices (a seqlock).
   */
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

  /** The callback has ended. */
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

  /** Reads the current state from another thread. */
  pulse(): Pulse {
    const words = this.#words;
    for (let tries = 0; ; tries++) {
      const before = Atomics.load(words, SEQUENCE);
      const length = Math.min(words[TEXT_LENGTH]!, TEXT_MAX);
      const text = String.fromCharCode(...this.#text.subarray(0, Math.max(0, length)));
      const running = words[RUNNING] !== 0;
      const since = this.#numbers[SINCE]!;
      const torn = (before & 1) !== 0 || before !== Atomics.load(words, SEQUENCE);
      // Give up after many tries: a thread that is stopped while it writes leaves the number odd.
      if (!torn || tries > 1000) return { text, running, since };
    }
  }

  /** The durations of all callbacks so far. */
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
