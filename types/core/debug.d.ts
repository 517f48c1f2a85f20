/** Debug mode: checks and clocks that are too dear for every day. */
import type { Runnable } from '../native/rings.ts';
import type { AbstractEventLoop } from './abstract-event-loop.ts';
/** Whether loops start in debug mode: OXBOW_DEBUG in the environment, set and not 0. */
export declare function debugDefault(): boolean;
/** @throws TypeError for what cannot be a callback */
export declare function checkCallback(name: string, callback: unknown, debug: boolean): void;
/** Runs an entry of the ready queue and warns when it took long. */
export declare function runTimed(loop: AbstractEventLoop, item: Runnable): void;
