/**
 * The JavaScript ends of the rings: typed views over the shared memory, and the few functions
 * that append to them. Everything else in lib goes through here.
 *
 * A submission costs a handful of stores; C++ takes them all at the next turn. When a ring is full,
 * C++ is called at once to take what is there, so nothing is ever dropped.
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
    /** The arena whose bytes go out with SEND. */
    transmit: Buffer;
    ready: Uint32Array;
    readyMask: number;
    /** Beside the ready ring: the callable of every entry that is READY_ITEM. */
    items: Array<Runnable | undefined>;
    timerState: Uint8Array;
    /** Bytes that C++ still has to send, by handle. */
    backlog: Float64Array;
    /** Whether the dispatch is running: C++ looks at the rings itself when it ends. */
    dispatching: boolean;
    constructor(engine: NativeEngine);
    /**
     * Lets go of the memory, of a closed loop: only the counters stay. What is still asked for goes
     * where nobody looks. Not within a dispatch, which walks the rings.
     */
    release(): void;
    /** Puts a callable at the end of the ready queue. */
    enqueue(item: Runnable): void;
    /**
     * Begins a turn without C++, if it may be: callbacks are ready, nothing was submitted, no timer
     * is due, and the driver was asked just now. What C++ would do in it is nothing.
     * @param now - reads the loop's clock
     */
    turnAlone(now: () => number): boolean;
    /** Whether something waits in the ready queue. */
    hasReady(): boolean;
    /** Asks C++ for an operation on a handle. */
    submit(op: number, handle: number, generation: number, flags?: number, offset?: number, length?: number, value?: number): void;
    /**
     * Asks for a timer.
     * @param deadline - nanoseconds on the loop's clock
     * @returns the place of the request, for `cancelTimer`
     */
    addTimer(slot: number, deadline: number): number;
    /**
     * Takes a timer back. One that C++ has not seen yet is struck from the ring and costs nothing
     * more; if it was the newest entry, its place is free again at once.
     */
    cancelTimer(slot: number, place: number): void;
    /**
     * Doubles the timer slots. The ready queue keeps pace, so that every timer there is can become
     * ready in one turn.
     */
    growTimers(): void;
    /** Makes room for `handle` in the backlog table; C++ stops accepting when it has no room. */
    growBacklog(handle: number): void;
    /** Room for `bytes` more in the transmit arena, after emptying it if need be. */
    reserve(bytes: number): number;
    /**
     * Sends `length` bytes that stand at `offset` of the transmit arena, `reserve`d and filled by the
     * caller. Bytes that follow the connection's own last bytes join them in one entry.
     */
    send(handle: number, generation: number, offset: number, length: number): void;
    /** Adds to the count of things that keep the process alive. */
    reference(change: 1 | -1): void;
}
