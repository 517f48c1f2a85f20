/** The options of an EventLoop. */
import { describe } from '../support/describe.ts';
import { checkFlags, checkOptions } from '../support/options.ts';

/** Options of `newEventLoop` and `new EventLoop`. */
export interface EventLoopOptions {
  /**
   * `auto` (the best for the platform, the default), `epoll` (Linux), `kqueue` (macOS, FreeBSD), or
   * `virtual` (simulated time and network). The error for a driver that this platform lacks lists
   * those it has.
   */
  driver?: string | undefined;
  /** Debug mode; by default on when the environment has OXBOW_DEBUG set to anything but 0. */
  debug?: boolean | undefined;
  /**
   * Whether the stores of your own AsyncLocalStorage go with what you schedule: into callbacks
   * (`callSoon`, `callLater`, `callAt`, `addDoneCallback`, `addReader`), through every step of a
   * task, and into the methods of protocols, with the stores that were set where each was created.
   * False by default, since it costs time. `async` functions keep their stores after each `await`
   * in any case.
   */
  asyncLocalStorage?: boolean | undefined;
  /** For the virtual driver: shuffles events that are due at the same moment; 0 (default): FIFO. */
  seed?: number | undefined;
}

const NAMES: readonly string[] = ['driver', 'debug', 'asyncLocalStorage', 'seed'];

/** @throws TypeError, RangeError when `options` are not valid options of a loop */
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
