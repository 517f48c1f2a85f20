/** Debug mode: what it looks at when an entry of the ready queue has run. */
import type { Runnable } from '../../native/rings.ts';
import type { AbstractEventLoop } from '../abstract-event-loop.ts';
import type { Callback } from '../handle.ts';
import { Task } from '../task.ts';
/** What an entry may forget while it runs: a handle that is cancelled lets go of its callback. */
export declare function callbackOf(item: Runnable): Callback | null;
/** An entry that has run, as it was: a task says where it is now. */
export declare function describeEntry(item: Runnable, callback: Callback | null): string;
/** An entry has run. @param returned - what its callback has returned */
export declare function checkEntry(loop: AbstractEventLoop, item: Runnable, returned: unknown): void;
/** A task is about to end with this value. */
export declare function checkResult(task: Task<any>, value: unknown): void;
