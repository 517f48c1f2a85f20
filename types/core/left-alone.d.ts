/**
 * Whether a guest loop in simulated time is left alone: it has nothing to wait for, and nothing of
 * Node's could still come to it.
 */
import type { AbstractEventLoop } from './abstract-event-loop.ts';
/**
 * Node cannot say what its timers, sockets and files will do when they are done. So what was there
 * before the loop, such as a test runner's own, is taken to have nothing to do with it, and
 * anything more might. And a Promise that is waited for may come from anywhere.
 */
export declare class Surroundings {
    #private;
    /** Whether the loop waits for a Promise, or something of Node's is under way. */
    couldHelp(loop: AbstractEventLoop): boolean;
    /** Calls `left` when Node has nothing left to do at all, and the process would end. */
    whenNodeIsDone(left: () => void): void;
    forget(): void;
}
