/** What a task waits for, in a few words. */
import type { Future } from '../core/future.ts';
/** What is said of a future that anybody may have made. */
export declare const ANY_FUTURE = "a future";
/** A future's kind, for whoever reads a list of tasks. */
export declare function waitingOn(future: Future<any>): string;
