/** A loop in simulated time. */
import { EventLoop } from '../core/event-loop.ts';
import { checkLoopOptions } from '../core/event-loop-options.ts';
import { checkOptions } from '../core/options.ts';

/** How a loop in simulated time is made. */
export interface VirtualLoopOptions {
  /** Seed of everything that the simulation chooses; 0 by default. */
  seed?: number | undefined;
  debug?: boolean | undefined;
  /** Whether AsyncLocalStorage stores go with what is scheduled, as for `newEventLoop`. */
  asyncLocalStorage?: boolean | undefined;
}

const NAMES: readonly string[] = ['seed', 'debug', 'asyncLocalStorage'];

/** Here, and not where the loop is made, which is later, or never. @throws TypeError, RangeError */
export function checkVirtualOptions(where: string, options: VirtualLoopOptions): void {
  checkOptions(where, options, NAMES);
  checkLoopOptions(options);
}

/**
 * A loop whose clock stands still while code runs and jumps to the next timer when there is nothing
 * else to do, so an hour of sleeping takes no time and every run is the same.
 *
 * @example
 * const loop = new VirtualLoop();
 * loop.runUntilCompleteSync(function* () { yield* sleep(3600); });
 * loop.close();
 */
export class VirtualLoop extends EventLoop {
  constructor(options: VirtualLoopOptions = {}) {
    checkVirtualOptions('VirtualLoop', options);
    super({ ...options, driver: 'virtual' });
  }
}
