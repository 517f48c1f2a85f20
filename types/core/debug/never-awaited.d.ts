/**
 * Debug mode: things that begin when they are awaited (scopes), and never were. They are told of
 * when the garbage collector finds them, or when their loop is closed, whichever is first: a
 * program may well end before there is any garbage to collect.
 */
import type { AbstractEventLoop } from '../abstract-event-loop.ts';
/** Something was made that has to be awaited. */
export declare function noteLazy(thing: object): void;
/** It has begun. */
export declare function noteBegun(thing: object): void;
/** Tells of everything of a loop that has not begun by its end. */
export declare function reportNeverAwaited(loop: AbstractEventLoop): void;
