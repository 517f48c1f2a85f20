/** What is given as a loop, or left out. */
import type { LoopCore } from '../contract/loop-core.ts';
import { describe } from '../support/describe.ts';
import { checkObject } from '../support/options.ts';
import { loopFor } from './running.ts';

/** By a method that all loops have: their class stands above this room. */
function isLoop(value: unknown): value is LoopCore {
  return typeof (value as Partial<LoopCore> | null)?._checkClosed === 'function';
}

/** @throws TypeError when it is no loop */
export function checkGivenLoop(where: string, loop: unknown): void {
  if (!isLoop(loop)) throw new TypeError(`${where}: ${describe(loop)} is not an event loop`);
}

/**
 * The running loop, for options without one, else the one that is set.
 * @throws TypeError when they are not options; RuntimeError when there is neither
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
