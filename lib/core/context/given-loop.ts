/** Checks of an optional `loop` argument. */
import type { LoopCore } from '../contract/loop-core.ts';
import { describe } from '../support/describe.ts';
import { checkObject } from '../support/options.ts';
import { loopFor } from './running.ts';

/** Tests for a method that all loops have, since this room may not import their class. */
function isLoop(value: unknown): value is LoopCore {
  return typeof (value as Partial<LoopCore> | null)?._checkClosed === 'function';
}

/** @throws TypeError when `loop` is not an event loop */
export function checkGivenLoop(where: string, loop: unknown): void {
  if (!isLoop(loop)) throw new TypeError(`${where}: ${describe(loop)} is not an event loop`);
}

/**
 * The loop for options without one: the running loop, else the one of `setEventLoop`.
 * @throws TypeError when `options` is not an options object; RuntimeError when there is no loop
 */
export function loopWithout(where: string, options: unknown): LoopCore {
  if (options !== undefined && options !== null) {
    checkObject(where, options);
    if (isLoop(options)) {
      throw new TypeError(`${where} takes { loop }, not the loop itself`);
    }
  }
  return loopFor(`new ${where}()`);
}
