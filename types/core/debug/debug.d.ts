/** Debug mode: checks and clocks that are too dear for every day. */
import type { AbstractEventLoop } from '../abstract-event-loop.ts';
/**
 * Whether any loop of this thread has ever been in debug mode, for what is asked where no loop is
 * at hand. While it is not, that costs the test of this flag.
 */
export declare const debugging: {
    on: boolean;
};
/** Whether loops start in debug mode: OXBOW_DEBUG in the environment, set and not 0. */
export declare function debugDefault(): boolean;
/** Switches debug mode; what was made before stays as it is. */
export declare function setDebugMode(loop: AbstractEventLoop, debug: boolean): void;
/** @throws TypeError for what cannot be a callback */
export declare function checkCallback(name: string, callback: unknown, debug: boolean): void;
/** Runs a call on a loop that is right wherever it comes from (`callSoonThreadsafe`). */
export declare function anywhere<T>(call: () => T): T;
/**
 * In one thread such a call does no harm; but the program that makes it has mixed up its loops, and
 * breaks as soon as each of them has a thread of its own.
 *
 * @throws RuntimeError when another loop than this one is running the caller
 */
export declare function checkLoop(loop: AbstractEventLoop): void;
/** Warns of an entry of the ready queue that held up everything else. */
export declare function warnSlow(loop: AbstractEventLoop, what: string, seconds: number): void;
