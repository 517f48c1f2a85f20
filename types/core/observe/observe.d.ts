/**
 * Observers: who watches what a loop runs (a trace, a monitor, debug mode).
 *
 * The dispatch tests one flag for each entry of the ready queue. Where it is set, the entry goes
 * through `runObserved`, which reads the clock around it; where it is not, nothing is paid.
 */
import type { Runnable } from '../../native/rings.ts';
import type { AbstractEventLoop } from '../abstract-event-loop.ts';
import type { Task } from '../task.ts';
/**
 * Hears of everything that a loop runs. Its methods are called inside the dispatch: they must be
 * short, must not throw, and must not run user code. Times are seconds on `loop.time()`.
 */
export interface Observer {
    /** An entry of the ready queue is about to run: a handle, a step of a task, a completion. */
    begin(item: Runnable, loop: AbstractEventLoop, startSeconds: number): void;
    /** It has run; what it threw has been dealt with. */
    end(item: Runnable, loop: AbstractEventLoop, startSeconds: number, endSeconds: number): void;
    /**
     * What an entry has set off goes on in a microtask after the dispatch: an async function behind
     * its `await`.
     */
    continuationBegins?(item: Runnable, loop: AbstractEventLoop): void;
    continuationEnds?(item: Runnable, loop: AbstractEventLoop, startSeconds: number, endSeconds: number): void;
    /** A turn has come to its dispatch, with so many entries to run. */
    dispatchBegins?(loop: AbstractEventLoop, ready: number): void;
    dispatchEnds?(loop: AbstractEventLoop): void;
    /** A task was made; it has not taken a step yet. */
    taskCreated?(task: Task<any>): void;
    /** A task has its result. */
    taskDone?(task: Task<any>): void;
}
/**
 * Adds an observer beside those that are there; it sees the entries that begin from now on.
 * @returns a function that removes it; a second call does nothing
 */
export declare function addObserver(loop: AbstractEventLoop, observer: Observer): () => void;
/** Runs an entry of the ready queue for observers, and warns in debug mode when it took long. */
export declare function runObserved(loop: AbstractEventLoop, item: Runnable): void;
/** An `await` is about to be settled. @param task - whose, if it is known */
export declare function continuationBegins(loop: AbstractEventLoop, item: Runnable, task: Task<any> | undefined): void;
/**
 * It has been settled. Timed for itself is what the function does up to its next `await`; what the
 * functions do that wait for it in turn, and behind Promises that are there, is all of theirs.
 */
export declare function continuationEnds(loop: AbstractEventLoop): void;
/** Somebody may want to know that a task was made. */
export declare function tellTaskCreated(task: Task<any>): void;
/** The same of its end. */
export declare function tellTaskDone(task: Task<any>): void;
