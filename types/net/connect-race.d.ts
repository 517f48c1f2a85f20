import type { CompletionTarget, EventLoop } from '../core/event-loop.ts';
import type { Future } from '../core/future.ts';
import type { Endpoint } from '../io/names.ts';
/** A connected handle that has no transport yet. */
export interface Connected {
    handle: number;
    generation: number;
}
/** One socket on its way. */
declare class Attempt implements CompletionTarget {
    #private;
    readonly _generation: number;
    constructor(race: ConnectRace, endpoint: Endpoint, handle: number, generation: number);
    _complete(op: number, words: Int32Array, at: number): void;
    drop(): void;
}
export declare class ConnectRace {
    #private;
    readonly loop: EventLoop;
    readonly winner: Future<Connected>;
    readonly errors: Error[];
    /**
     * @param endpoints - in the order to try
     * @param locals - our own addresses to choose from by family; null: the system chooses
     * @param delay - seconds before the next attempt joins; null: only when the last one failed
     */
    constructor(loop: EventLoop, endpoints: readonly Endpoint[], locals: readonly Endpoint[] | null, delay: number | null);
    /** The winner's handle, which is now the caller's to close. */
    take(): Connected;
    /** Drops whatever is still on its way, and a winner that nobody took. */
    stop(): void;
    _failed(attempt: Attempt, error: Error): void;
    _won(attempt: Attempt, connected: Connected): void;
    /** The race is decided. */
    stopOthers(): void;
}
export {};
