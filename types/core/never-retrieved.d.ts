import type { Future } from './future.ts';
/** Starts to watch a future that has just failed. */
export declare function watchForRetrieval(future: Future<any>, exception: unknown): void;
/** Someone has taken the error. */
export declare function forgetRetrieval(future: Future<any>): void;
