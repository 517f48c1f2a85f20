/**
 * The JavaScript side of the rings: typed views over the shared memory, and the few functions that
 * append to them. All other code in lib uses the rings through this class.
 *
 * A submission costs a handful of stores; C++ processes all of them at the next turn. When a ring
 * is full, C++ is called at once to process its entries, so nothing is ever dropped.
 */
import type { NativeEngine } from './binding.ts';
import {
  BACKLOG_INITIAL_CAPACITY,
  COMPLETION_BYTES,
  COMPLETION_CAPACITY,
  CONTROL_READY_HEAD,
  CONTROL_READY_TAIL,
  CONTROL_REFERENCES,
  CONTROL_SUBMISSION_COUNT,
  CONTROL_TRANSMIT_USED,
  CONTROL_WORDS,
  READY_INITIAL_CAPACITY,
  READY_ITEM,
  REGION_BACKLOG,
  REGION_COMPLETION,
  REGION_CONTROL,
  REGION_READY,
  REGION_SUBMISSION,
  REGION_TIMER_STATE,
  REGION_TRANSMIT,
  STATISTICS_TURNS,
  SUBMISSION_BYTES,
  SUBMISSION_CAPACITY,
  SUBMISSION_FLAGS,
  SUBMISSION_GENERATION,
  SUBMISSION_HANDLE,
  SUBMISSION_LENGTH,
  SUBMISSION_OFFSET,
  SUBMISSION_OP,
  SUBMISSION_OP_NOTHING,
  SUBMISSION_OP_SEND,
  SUBMISSION_OP_TIMER_ADD,
  SUBMISSION_OP_TIMER_CANCEL,
  SUBMISSION_VALUE,
  TIMER_INITIAL_CAPACITY,
  TRANSMIT_BYTES,
  TURN_ALONE_UNTIL,
} from './layout.ts';

/** Something that the ready queue can run: a handle, a task's next step. */
export interface Runnable {
  /** Runs it. Errors of user code are handled inside. */
  _run(): void;
}

const WORDS = SUBMISSION_BYTES / 4;
const DOUBLES = SUBMISSION_BYTES / 8;

/** Memory that all closed loops share, for late reads and writes through their rings. */
interface Grave {
  readonly words: Uint32Array;
  readonly doubles: Float64Array;
  readonly completions: Int32Array;
  readonly transmit: Buffer;
  readonly timerState: Uint8Array<ArrayBuffer>;
  readonly backlog: Float64Array<ArrayBuffer>;
}

let grave: Grave | null = null;

function graveOfAll(): Grave {
  if (grave !== null) return grave;
  const submission = new ArrayBuffer(SUBMISSION_BYTES * SUBMISSION_CAPACITY);
  grave = {
    words: new Uint32Array(submission),
    doubles: new Float64Array(submission),
    completions: new Int32Array((COMPLETION_BYTES / 4) * COMPLETION_CAPACITY),
    transmit: Buffer.from(new ArrayBuffer(TRANSMIT_BYTES)),
    timerState: new Uint8Array(TIMER_INITIAL_CAPACITY),
    backlog: new Float64Array(BACKLOG_INITIAL_CAPACITY),
  };
  return grave;
}

export class Rings {
  readonly engine: NativeEngine;
  readonly control: Uint32Array<ArrayBuffer> = new Uint32Array(CONTROL_WORDS);
  /** The same memory as doubles: times and statistics. */
  readonly times: Float64Array = new Float64Array(this.control.buffer);
  /** Completion entries as i32 words; entry n starts at `(n & COMPLETION_MASK) * 8`. */
  completions: Int32Array;
  /** The arena for the bytes that SEND sends. */
  transmit: Buffer;
  ready: Uint32Array;
  readyMask: number;
  /** Parallel to the ready ring: the callable of every entry that is READY_ITEM. */
  items: Array<Runnable | undefined>;
  timerState: Uint8Array;
  /** The number of bytes that C++ still has to send, by handle. */
  backlog: Float64Array;
  /**
   * Whether the dispatch is running; when it ends, C++ checks the rings itself, so no `poke` is
   * needed.
   */
  dispatching: boolean = false;
  #words: Uint32Array;
  #doubles: Float64Array;

  constructor(engine: NativeEngine) {
    this.engine = engine;
    const submission = new ArrayBuffer(SUBMISSION_BYTES * SUBMISSION_CAPACITY);
    const completion = new ArrayBuffer(COMPLETION_BYTES * COMPLETION_CAPACITY);
    const transmit = new ArrayBuffer(TRANSMIT_BYTES);
    this.#words = new Uint32Array(submission);
    this.#doubles = new Float64Array(submission);
    this.completions = new Int32Array(completion);
    this.transmit = Buffer.from(transmit);
    this.ready = new Uint32Array(READY_INITIAL_CAPACITY);
    this.readyMask = READY_INITIAL_CAPACITY - 1;
    this.items = new Array(READY_INITIAL_CAPACITY).fill(undefined);
    this.timerState = new Uint8Array(TIMER_INITIAL_CAPACITY);
    this.backlog = new Float64Array(BACKLOG_INITIAL_CAPACITY);
    engine.bind(REGION_CONTROL, this.control.buffer);
    engine.bind(REGION_SUBMISSION, submission);
    engine.bind(REGION_COMPLETION, completion);
    engine.bind(REGION_TRANSMIT, transmit);
    engine.bind(REGION_READY, this.ready.buffer as ArrayBuffer);
    engine.bind(REGION_TIMER_STATE, this.timerState.buffer as ArrayBuffer);
    engine.bind(REGION_BACKLOG, this.backlog.buffer as ArrayBuffer);
  }

  /**
   * Releases the memory of a closed loop, except the counters. Late writes go to shared memory that
   * nobody reads. Must not be called within a dispatch, which iterates over the rings.
   */
  release(): void {
    const common = graveOfAll();
    this.#words = common.words;
    this.#doubles = common.doubles;
    this.completions = common.completions;
    this.transmit = common.transmit;
    this.timerState = common.timerState;
    this.backlog = common.backlog;
    this.ready = new Uint32Array(1);
    this.readyMask = 0;
    this.items = [undefined];
    const { control } = this;
    control[CONTROL_SUBMISSION_COUNT] = 0;
    control[CONTROL_TRANSMIT_USED] = 0;
    control[CONTROL_READY_HEAD] = control[CONTROL_READY_TAIL]!;
  }

  /** Adds a callable to the end of the ready queue. */
  enqueue(item: Runnable): void {
    const control = this.control;
    const tail = control[CONTROL_READY_TAIL]!;
    const size = (tail - control[CONTROL_READY_HEAD]!) >>> 0;
    if (size > this.readyMask) this.#growReady();
    else if (size === 0 && !this.dispatching) this.engine.poke();
    const at = tail & this.readyMask;
    this.ready[at] = READY_ITEM;
    this.items[at] = item;
    control[CONTROL_READY_TAIL] = tail + 1;
  }

  /**
   * Begins a turn without calling C++, if C++ would have nothing to do: callbacks are ready,
   * nothing was submitted, no timer is due, and the driver was polled recently enough.
   * @param now - reads the loop's clock
   */
  turnAlone(now: () => number): boolean {
    const { control, times } = this;
    if (
      control[CONTROL_READY_TAIL] === control[CONTROL_READY_HEAD] ||
      control[CONTROL_SUBMISSION_COUNT] !== 0 ||
      !(now() < times[TURN_ALONE_UNTIL]!)
    ) {
      return false;
    }
    times[STATISTICS_TURNS] = times[STATISTICS_TURNS]! + 1;
    return true;
  }

  /** Whether the ready queue is not empty. */
  hasReady(): boolean {
    return this.control[CONTROL_READY_TAIL] !== this.control[CONTROL_READY_HEAD];
  }

  #growReady(): void {
    const { control, ready, items, readyMask } = this;
    const capacity = (readyMask + 1) * 2;
    const grown = new Uint32Array(capacity);
    const grownItems: Array<Runnable | undefined> = new Array(capacity).fill(undefined);
    const tail = control[CONTROL_READY_TAIL]!;
    for (let n = control[CONTROL_READY_HEAD]!; n !== tail; n = (n + 1) >>> 0) {
      grown[n & (capacity - 1)] = ready[n & readyMask]!;
      grownItems[n & (capacity - 1)] = items[n & readyMask];
    }
    this.ready = grown;
    this.items = grownItems;
    this.readyMask = capacity - 1;
    this.engine.bind(REGION_READY, grown.buffer as ArrayBuffer);
  }

  /** Submits an operation on a handle. */
  submit(
    op: number,
    handle: number,
    generation: number,
    flags = 0,
    offset = 0,
    length = 0,
    value = 0,
  ): void {
    let count = this.control[CONTROL_SUBMISSION_COUNT]!;
    if (count === SUBMISSION_CAPACITY) {
      this.engine.submit();
      count = 0;
    }
    const words = this.#words;
    const at = count * WORDS;
    words[at + SUBMISSION_OP] = op;
    words[at + SUBMISSION_HANDLE] = handle;
    words[at + SUBMISSION_GENERATION] = generation;
    words[at + SUBMISSION_FLAGS] = flags;
    words[at + SUBMISSION_OFFSET] = offset;
    words[at + SUBMISSION_LENGTH] = length;
    this.#doubles[count * DOUBLES + SUBMISSION_VALUE] = value;
    this.control[CONTROL_SUBMISSION_COUNT] = count + 1;
  }

  /**
   * Submits a timer.
   * @param deadline - nanoseconds on the loop's clock
   * @returns the index of the submission, for `cancelTimer`
   */
  addTimer(slot: number, deadline: number): number {
    const control = this.control;
    let count = control[CONTROL_SUBMISSION_COUNT]!;
    if (count === SUBMISSION_CAPACITY) {
      this.engine.submit();
      count = 0;
    }
    const at = count * WORDS;
    this.#words[at + SUBMISSION_OP] = SUBMISSION_OP_TIMER_ADD;
    this.#words[at + SUBMISSION_HANDLE] = slot;
    this.#doubles[count * DOUBLES + SUBMISSION_VALUE] = deadline;
    control[CONTROL_SUBMISSION_COUNT] = count + 1;
    return count;
  }

  /**
   * Cancels a timer. A submission that C++ has not seen yet is removed from the ring; if it was the
   * newest entry, its place is free again at once.
   */
  cancelTimer(slot: number, place: number): void {
    const words = this.#words;
    const at = place * WORDS;
    const last = this.control[CONTROL_SUBMISSION_COUNT]! - 1;
    // Only the owner of the slot submits timers for it, so a submission with this slot is that one.
    if (
      place <= last &&
      words[at + SUBMISSION_OP] === SUBMISSION_OP_TIMER_ADD &&
      words[at + SUBMISSION_HANDLE] === slot
    ) {
      if (place === last) this.control[CONTROL_SUBMISSION_COUNT] = last;
      else words[at + SUBMISSION_OP] = SUBMISSION_OP_NOTHING;
    } else {
      this.submit(SUBMISSION_OP_TIMER_CANCEL, slot, 0);
    }
  }

  /**
   * Doubles the timer slots. The ready queue grows with them, so that all timers can become ready
   * in one turn.
   */
  growTimers(): void {
    const grown = new Uint8Array(this.timerState.length * 2);
    grown.set(this.timerState);
    this.timerState = grown;
    this.engine.bind(REGION_TIMER_STATE, grown.buffer);
    if (this.readyMask < grown.length) this.#growReady();
  }

  /** Makes room for `handle` in the backlog table; C++ stops accepting when it has no room. */
  growBacklog(handle: number): void {
    let capacity = this.backlog.length;
    if (handle + 256 < capacity) return;
    while (handle + 256 >= capacity) capacity *= 2;
    const grown = new Float64Array(capacity);
    grown.set(this.backlog);
    this.backlog = grown;
    this.engine.bind(REGION_BACKLOG, grown.buffer);
  }

  /**
   * Makes room for `bytes` more in the transmit arena, emptying it if necessary. @returns their
   * offset
   */
  reserve(bytes: number): number {
    const used = this.control[CONTROL_TRANSMIT_USED]!;
    if (used + bytes <= TRANSMIT_BYTES) return used;
    this.engine.submit();
    return 0;
  }

  /**
   * Sends `length` bytes at `offset` of the transmit arena, which the caller has `reserve`d and
   * filled. Bytes directly after the connection's previous bytes are joined with them in one entry.
   */
  send(handle: number, generation: number, offset: number, length: number): void {
    const control = this.control;
    control[CONTROL_TRANSMIT_USED] = offset + length;
    const count = control[CONTROL_SUBMISSION_COUNT]!;
    if (count !== 0) {
      const words = this.#words;
      const at = (count - 1) * WORDS;
      if (
        words[at + SUBMISSION_OP] === SUBMISSION_OP_SEND &&
        words[at + SUBMISSION_HANDLE] === handle &&
        words[at + SUBMISSION_GENERATION] === generation &&
        words[at + SUBMISSION_OFFSET]! + words[at + SUBMISSION_LENGTH]! === offset
      ) {
        words[at + SUBMISSION_LENGTH] = words[at + SUBMISSION_LENGTH]! + length;
        return;
      }
    }
    this.submit(SUBMISSION_OP_SEND, handle, generation, 0, offset, length, 0);
    // Set again: if the ring was full, submit() has emptied the arena, but these bytes are not sent
    // yet.
    control[CONTROL_TRANSMIT_USED] = offset + length;
  }

  /** Changes the number of things that keep the process alive. */
  reference(change: 1 | -1): void {
    const count = this.control[CONTROL_REFERENCES]! + change;
    this.control[CONTROL_REFERENCES] = count;
    if (count === 1 && change === 1 && !this.dispatching) this.engine.poke();
  }
}
