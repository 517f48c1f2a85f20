import type { EventLoop } from '../core/event-loop.ts';
import type { Future } from '../core/future.ts';
import type { Coro } from '../core/types.ts';
interface Cancellable {
    cancel(): void;
}
/**
 * What may end a request from outside: its time limits and its signal. One that has struck is a
 * state and not an event: it ends the wait that is under way, if there is one, and every wait that
 * would come later. So it does not matter in which turn it strikes.
 */
export declare class RequestLimits {
    #private;
    constructor(loop: EventLoop);
    /** Starts a time limit; nothing for null. @returns what takes this one back */
    arm(seconds: number | null, makeError: (seconds: number) => Error): Cancellable | null;
    /** @throws AbortError when the signal has aborted already; TypeError when it is none */
    follow(signal: AbortSignal | null | undefined): void;
    /** @throws what has struck */
    check(): void;
    /**
     * Waits, but no longer than the limits let it.
     * @param end - ends the wait; by default the future fails
     * @throws what has struck before, meanwhile, or in the turn in which the future was done
     */
    under<T>(future: Future<T>, end?: (error: Error) => void): Coro<T>;
    /** What strikes from now on, or has struck already, ends this, whoever waits for it. */
    handTo(end: (error: Error) => void): void;
    /** There is nothing left to end. */
    release(): void;
}
export {};
