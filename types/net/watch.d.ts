import type { EventLoop } from '../core/event-loop.ts';
import { type Callback } from '../core/handle.ts';
type Direction = 'reader' | 'writer';
/** Sets the callback of one direction; an earlier one is cancelled, the other direction stays. */
export declare function addWatch(loop: EventLoop, descriptor: number, direction: Direction, callback: Callback, args: unknown[]): void;
/** Takes the callback of one direction back. @returns whether there was one */
export declare function removeWatch(loop: EventLoop, descriptor: number, direction: Direction): boolean;
export {};
