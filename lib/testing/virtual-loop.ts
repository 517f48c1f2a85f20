/** A loop in simulated time. */
import { EventLoop } from '../core/loop/event-loop.ts';
import { checkLoopOptions } from '../core/loop/event-loop-options.ts';
import { checkOptions } from '../core/support/options.ts';
import { conditionsOf, type LinkOptions, VirtualNetwork } from './virtual-network.ts';

/** How a loop in simulated time is made. */
export interface VirtualLoopOptions {
  /**
   * Chooses the order of what happens at one moment: timers with one deadline, connections that
   * have something to tell. With 0, the default, it is the order in which it came, as it mostly is
   * in real time; others find the code that leans on that. The same seed gives the same run.
   */
  seed?: number | undefined;
  debug?: boolean | undefined;
  /** Whether AsyncLocalStorage stores go with what is scheduled, as for `newEventLoop`. */
  asyncLocalStorage?: boolean | undefined;
  /** How its network behaves from the start; by default everything arrives at once. */
  network?: LinkOptions | undefined;
}

const NAMES: readonly string[] = ['seed', 'debug', 'asyncLocalStorage', 'network'];

/** Here, and not where the loop is made, which is later, or never. @throws TypeError, RangeError */
export function checkVirtualOptions(where: string, options: VirtualLoopOptions): void {
  checkOptions(where, options, NAMES);
  const { network, ...others } = options;
  checkLoopOptions(others);
  if (network !== undefined) conditionsOf(`${where}: network`, network);
}

/**
 * A loop whose clock stands still while code runs and jumps to the next timer when there is nothing
 * else to do, so an hour of sleeping takes no time and every run is the same. Its sockets are in
 * memory: a server of it is reached only by clients of it.
 *
 * When nothing is left that could wake it, its run ends with a DeadlockError that says who waits.
 * As a guest it goes on while a task waits for a Promise, or while something of Node's is under way
 * that was not there when it was made, until Node has nothing left to do.
 *
 * @example
 * const loop = new VirtualLoop();
 * loop.runUntilCompleteSync(function* () { yield* sleep(3600); });
 * loop.close();
 */
export class VirtualLoop extends EventLoop {
  /** Its network: latency, loss and partitions. */
  readonly network: VirtualNetwork;

  constructor(options: VirtualLoopOptions = {}) {
    checkVirtualOptions('VirtualLoop', options);
    const { network, ...others } = options;
    super({ ...others, driver: 'virtual' });
    this.network = new VirtualNetwork(() => {
      this._checkClosed();
      return this._engine;
    });
    if (network !== undefined) this.network.setDefault(network);
  }
}
