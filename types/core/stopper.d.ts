/** How a loop that runs until something is done comes to its end. */
import type { Runnable } from '../native/rings.ts';
import type { EventLoop } from './event-loop.ts';
import type { Future, Waiter } from './future.ts';
/**
 * Stops the loop in the turn after the one in which a future is done, as a done callback would: so
 * a task that main made just before its end still takes its first step.
 */
export declare class Stopper implements Waiter, Runnable {
    #private;
    constructor(loop: EventLoop);
    follow(future: Future<any>): void;
    /** The run is over; a stop that is still in the ready queue must not end the next one. */
    forget(future: Future<any>): void;
    _wake(future: Future<any>): void;
    _run(): void;
}
/** The result of what the loop ran for. */
export declare function outcome<T>(future: Future<T>): T;
