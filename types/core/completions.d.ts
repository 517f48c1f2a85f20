import type { Rings, Runnable } from '../native/rings.ts';
import type { EventLoop } from './event-loop.ts';
/** What hears of the completions of a native handle. */
export interface CompletionTarget {
    /** Generation of the handle; completions of an older one are dropped. */
    _generation: number;
    /** One completion: `words[at + COMPLETION_RESULT]` and so on. Runs inside the dispatch. */
    _complete(op: number, words: Int32Array, at: number): void;
}
/** What takes the messages of other threads; it is there once the loop has an inbox. */
export interface PostsTarget {
    /** There are messages. Runs inside the dispatch. */
    drain(): void;
    /** The loop was closed. */
    closed(): void;
}
/** The targets of a loop by handle. */
export declare class Completions {
    #private;
    constructor(loop: EventLoop, rings: Rings);
    /** Sends a handle's completions to `target`; keeps the process alive. */
    register(handle: number, generation: number, target: CompletionTarget): void;
    unregister(handle: number): void;
    /** The completion at `place` as an entry of its own, for observers. */
    at(place: number): Runnable;
    /** In words, for observers. */
    describe(place: number): string;
    /** Delivers the completion that stands at `place` of the ring. */
    deliver(place: number): void;
}
