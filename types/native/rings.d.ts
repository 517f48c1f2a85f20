/**
 * The JavaScript side of the rings: typed views over the shared memory, and the few functions that
 * append to them. All other code in lib uses the rings through this class.
 *
 * A submission costs a handful of stores; C++ processes all of them at the next turn. When a ring
 * is full, C++ is called at once to process its entries, so nothing is ever dropped.
 */
import type { NativeEngine } from './binding.ts';
/** Something that the ready queue can run: a handle, a task's next step. */
export interface Runnable {
}
export declare class Rings {
    #private;
    readonly engine: NativeEngine;
    readonly control: Uint32Array<ArrayBuffer>;
    /** The same memory as doubles: times and statistics. */
    readonly times: Float64Array;
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
    dispatching: boolean;
    constructor(engine: NativeEngine);
    /**
     * Releases the memory of a closed loop, except the counters. Late writes go to shared memory that
     * nobody reads. Must not be called within a dispatch, which iterates over the rings.
     */
    release(): void;
    /** Adds a callable to the end of the ready queue. */
    enqueue(item: Runnable): void;
    /**
     * Begins a turn without calling C++, if C++ would have nothing to do: callbacks are ready,
     * nothing was submitted, no timer is due, and the driver was polled recently enough.
     * @param now - reads the loop's clock
     */
    turnAlone(now: () => number): boolean;
    /** Whether the ready queue is not empty. */
    hasReady(): boolean;
    /** Submits an operation on a handle. */
    submit(op: number, handle: number, generation: number, flags?: number, offset?: number, length?: number, value?: number): void;
    /**
     * Submits a timer.
     * @param deadline - nanoseconds on the loop's clock
     * @returns the index of the submission, for `cancelTimer`
     */
    addTimer(slot: number, deadline: number): number;
    /**
     * Cancels a timer. A submission that C++ has not seen yet is removed from the ring; if it was the
     * newest entry, its place is free again at once.
     */
    cancelTimer(slot: number, place: number): void;
    /**
     * Doubles the timer slots. The ready queue grows with them, so that all timers can become ready
     * in one turn.
     */
    growTimers(): void;
    /** Makes room for `handle` in the backlog table; C++ stops accepting when it has no room. */
    growBacklog(handle: number): void;
    /**
     * Makes room for `bytes` more in the transmit arena, emptying it if necessary. @returns their
     * offset
     */
    reserve(bytes: number): number;
    /**
     * Sends `length` bytes at `offset` of the transmit arena, which the caller has `reserve`d and
     * filled. Bytes directly after the connection's previous bytes are joined with them in one entry.
     */
    send(handle: number, generation: number, offset: number, length: number): void;
    /** Changes the number of things that keep the process alive. */
    reference(change: 1 | -1): void;
}
