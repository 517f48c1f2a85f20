/**
 * The loops of this thread that are not closed, for tools that inspect a program from outside.
 * They are held weakly.
 */
import type { AbstractEventLoop } from './abstract-event-loop.ts';

let loops: WeakRef<AbstractEventLoop>[] = [];
let crowded = 16;
let made: ((loop: AbstractEventLoop) => void) | null = null;

function isLive(loop: AbstractEventLoop | undefined): loop is AbstractEventLoop {
  return loop !== undefined && !loop.isClosed();
}

/** Records a new loop. */
export function noteLoop(loop: AbstractEventLoop): void {
  if (loops.length >= crowded) {
    loops = loops.filter((reference) => isLive(reference.deref()));
    crowded = Math.max(16, loops.length * 2);
  }
  loops.push(new WeakRef(loop));
  made?.(loop);
}

/** The loops that are not closed, the oldest first. */
export function liveLoops(): AbstractEventLoop[] {
  return loops.map((reference) => reference.deref()).filter(isLive);
}

/** Sets a callback for every loop created from now on, or null for none. It must not throw. */
export function onLoopMade(callback: ((loop: AbstractEventLoop) => void) | null): void {
  made = callback;
}
