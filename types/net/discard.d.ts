import type { EventLoop } from '../core/event-loop.ts';
/** Closes a handle that has no target of its own (yet, or any more). */
export declare function discard(loop: EventLoop, handle: number, generation: number): void;
