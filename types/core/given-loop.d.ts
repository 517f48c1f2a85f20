/** What is given as a loop, or left out. */
import type { AbstractEventLoop } from './abstract-event-loop.ts';
/** @throws TypeError when it is no loop */
export declare function checkGivenLoop(where: string, loop: unknown): void;
/**
 * The running loop, for options without one, else the one that is set.
 * @throws TypeError when the options are none; RuntimeError when there is neither
 */
export declare function loopWithout(where: string, options: unknown): AbstractEventLoop;
