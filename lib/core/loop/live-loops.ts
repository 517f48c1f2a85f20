/**
 * The loops of this thread that are not closed, for those who look at a program from outside.
 * Nothing is kept alive by standing here.
 */
import type { AbstractEventLoop } from './abstract-event-loop.ts';

let loops: WeakRef<AbstractEventLoop>[] = [];
let crowded = 16;
let made: ((loop: AbstractEventLoop) => void) | null = null;

function isLive(loop: AbstractEventLoop | undefined): loop is AbstractEventLoop {
  return loop !== undefined && !loop.isClosed();
}

/** A loop has been made. */
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

/** Sets what is called with every loop made from now on; null: nothing. It must not throw. */
export function onLoopMade(callback: ((loop: AbstractEventLoop) => void) | null): void {
  made = callback;
}
