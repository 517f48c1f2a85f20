/**
 * Errors that nobody looked at. A failed future is watched until someone takes its error. Else the
 * loop's exception handler is told: when the garbage collector gets the future, at the latest when
 * the loop is closed, or the process exits (a worker: its thread) without closing it. Nothing fatal
 * happens, but nothing is lost either: most programs end before there is any garbage to collect.
 */
import type { AbstractEventLoop } from './abstract-event-loop.ts';
import type { Future } from './future.ts';
import type { Task } from './task.ts';
/** What is known of a failed future without holding it. */
interface Lost {
    readonly loop: AbstractEventLoop;
    readonly future: WeakRef<Future<any>>;
    readonly exception: unknown;
    readonly kind: string;
    readonly sourceTraceback: string | undefined;
}
/** Of a loop: in the order in which they failed. */
export declare class LostErrors {
    readonly all: Set<Lost>;
    /** Whether somebody takes them at the end (`unhandled: 'throw'`), so that none is told of. */
    kept: boolean;
}
/** Starts to watch a future that has just failed. */
export declare function watchForRetrieval(future: Future<any>, exception: unknown): void;
/** Someone has taken the error. */
export declare function forgetRetrieval(future: Future<any>): void;
/** Those that wait for a failed future, and will not go on any more to take its error. */
export declare function watchUnread(tasks: Iterable<Task<any>>): void;
/** Tells of all errors of a loop that nobody has taken, unless somebody else will. */
export declare function reportLost(loop: AbstractEventLoop): void;
/** The errors of a loop that nobody has taken; they are the caller's now. */
export declare function takeLost(loop: AbstractEventLoop): unknown[];
export {};
