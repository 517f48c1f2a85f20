/** What a task waits for, in a few words. */
import type { Future } from '../core/future.ts';
/** A future's kind, for whoever reads a list of tasks. */
export declare function waitingOn(future: Future<any>): string;
