/** How an EventLoop is made. */
import type { NativeEngine } from '../native/binding.ts';
import { describe } from './describe.ts';
import { checkOptions } from './options.ts';

/** How a loop is made. */
export interface EventLoopOptions {
  /** `auto` (the best for the platform, the default), `epoll`, or `virtual` (simulated time). */
  driver?: string | undefined;
  /** Debug mode; by default what OXBOW_DEBUG in the environment says. */
  debug?: boolean | undefined;
  /**
   * Whether the stores of your own AsyncLocalStorage go with what you schedule: into callbacks
   * (`callSoon`, `callLater`, `callAt`, `addDoneCallback`, `addReader`), through every step of a
   * task, and into the methods of protocols, from where each was made. False by default, for it
   * costs time. `async` functions keep their stores after each `await` in any case.
   */
  asyncLocalStorage?: boolean | undefined;
  /** Seed of the virtual driver. */
  seed?: number | undefined;
  /** @internal An engine to use instead of a new one. */
  engine?: NativeEngine | undefined;
}

/** @throws TypeError for what are no options of a loop */
export function checkLoopOptions(options: EventLoopOptions): void {
  checkOptions('EventLoop', options);
  const { driver = 'auto', seed = 0 } = options;
  if (typeof driver !== 'string') {
    throw new TypeError(`driver: ${describe(driver)} is not a driver's name`);
  }
  if (typeof seed !== 'number') throw new TypeError(`seed: ${describe(seed)} is not a number`);
}
