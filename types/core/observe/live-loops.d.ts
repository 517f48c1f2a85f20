/**
 * The loops of this thread that are not closed, for those who look at a program from outside.
 * Nothing is kept alive by standing here.
 */
import type { AbstractEventLoop } from '../abstract-event-loop.ts';
/** A loop has been made. */
export declare function noteLoop(loop: AbstractEventLoop): void;
/** The loops that are not closed, the oldest first. */
export declare function liveLoops(): AbstractEventLoop[];
/** Sets who hears of every loop that is made from now on; null: nobody. It must not throw. */
export declare function onLoopMade(callback: ((loop: AbstractEventLoop) => void) | null): void;
