/** Debug mode: checks and clocks that are too dear for every day. */
import type { Runnable } from '../native/rings.ts';
import type { AbstractEventLoop } from './abstract-event-loop.ts';
import { describe } from './describe.ts';

/** Whether loops start in debug mode: OXBOW_DEBUG in the environment, set and not 0. */
export function debugDefault(): boolean {
  const value = process.env['OXBOW_DEBUG'];
  return value !== undefined && value !== '' && value !== '0';
}

/** @throws TypeError for what cannot be a callback */
export function checkCallback(name: string, callback: unknown, debug: boolean): void {
  if (typeof callback !== 'function') {
    throw new TypeError(
      `a function was expected by ${name}(), got ${describe(callback)}`);
  }
  const tag = (callback as { [Symbol.toStringTag]?: string })[Symbol.toStringTag];
  if (debug && (tag === 'GeneratorFunction' || tag === 'AsyncFunction')) {
    throw new TypeError(`coroutines cannot be used with ${name}(); createTask() starts them`);
  }
}

/** Runs an entry of the ready queue and warns when it took long. */
export function runTimed(loop: AbstractEventLoop, item: Runnable): void {
  const start = loop.time();
  // Described before: a handle forgets its callback when it is cancelled meanwhile.
  const what = describe(item);
  try {
    item._run();
  } finally {
    const seconds = loop.time() - start;
    if (seconds >= loop.slowCallbackDuration) {
      loop._warn(`Executing ${what} took ${seconds.toFixed(3)} seconds`);
    }
  }
}
