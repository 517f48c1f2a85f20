import type { AbstractEventLoop } from '../core/abstract-event-loop.ts';
import type { Observer } from '../core/observe/observe.ts';
import type { Task } from '../core/task.ts';
import type { Runnable } from '../native/rings.ts';
import type { TraceEvents } from './trace-events.ts';
/** Events that are kept at most before they are written. */
export declare const CHUNK_EVENTS = 2048;
export declare class TraceObserver implements Observer {
    #private;
    /** @param thread - number of this thread in its process, from 0 */
    constructor(events: TraceEvents, thread: number, dispatched: (loop: AbstractEventLoop) => void);
    dispatchBegins(loop: AbstractEventLoop, ready: number): void;
    dispatchEnds(loop: AbstractEventLoop): void;
    begin(item: Runnable, loop: AbstractEventLoop, startSeconds: number): void;
    end(item: Runnable, loop: AbstractEventLoop, _start: number, endSeconds: number): void;
    taskCreated(task: Task<any>): void;
    taskDone(task: Task<any>): void;
}
