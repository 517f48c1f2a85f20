/** How an EventLoop is made. */
import { describe } from '../support/describe.ts';
import { checkFlags, checkOptions } from '../support/options.ts';

/** How a loop is made. */
export interface EventLoopOptions {
  /**
   * `auto` (the best for the platform, the default), `epoll` (Linux), `kqueue` (macOS, FreeBSD), or
   * `virtual` (simulated time and network). One that this platform lacks is an error that says
   * which there are.
   */
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
  /** Of the virtual driver: chooses the order of what happens at one moment; 0 leaves it. */
  seed?: number | undefined;
}

const NAMES: readonly string[] = ['driver', 'debug', 'asyncLocalStorage', 'seed'];

/** @throws TypeError, RangeError for what are no options of a loop */
export function checkLoopOptions(options: EventLoopOptions): void {
  checkOptions('EventLoop', options, NAMES);
  checkFlags('EventLoop', options, ['debug', 'asyncLocalStorage']);
  const { driver = 'auto', seed = 0 } = options;
  if (typeof driver !== 'string') {
    throw new TypeError(`driver: ${describe(driver)} is not a driver's name`);
  }
  if (typeof seed !== 'number') throw new TypeError(`seed: ${describe(seed)} is not a number`);
  if (!Number.isFinite(seed)) throw new RangeError(`seed: ${seed} is not a finite number`);
}
