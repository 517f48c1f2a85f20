/** A loop in simulated time. */
import { EventLoop } from '../core/loop/event-loop.ts';
import { checkLoopOptions } from '../core/loop/event-loop-options.ts';
import { checkOptions } from '../core/support/options.ts';
import { conditionsOf, type LinkOptions, VirtualNetwork } from './virtual-network.ts';

/** Options of a loop in simulated time. */
export interface VirtualLoopOptions {
  /**
   * Chooses the order of events at the same moment: timers with the same deadline, connections with
   * news. With 0, the default, it is the order in which they were created, as it mostly is in real
   * time; other seeds find code that depends on that order. The same seed gives the same run.
   */
  seed?: number | undefined;
  debug?: boolean | undefined;
  /** Whether AsyncLocalStorage stores go with what is scheduled, as for `newEventLoop`. */
  asyncLocalStorage?: boolean | undefined;
  /** How its network behaves at first; by default everything arrives at once. */
  network?: LinkOptions | undefined;
}

const NAMES: readonly string[] = ['seed', 'debug', 'asyncLocalStorage', 'network'];

/**
 * Checks the options before the loop is created, which may be later, or never. @throws TypeError,
 * RangeError for wrong options
 */
export function checkVirtualOptions(where: string, options: VirtualLoopOptions): void {
  checkOptions(where, options, NAMES);
  const { network, ...others } = options;
  checkLoopOptions(others);
  if (network !== undefined) conditionsOf(`${where}: network`, network);
}

/**
 * A loop whose clock does not advance while code runs, and jumps to the next timer when there is
 * nothing else to do, so an hour of sleeping takes no time and every run is the same. Its sockets
 * are in memory: its servers can be reached only by its own clients.
 *
 * When nothing is left that could wake it, its run ends with a DeadlockError that lists the waiting
 * tasks. As a guest of Node's loop it keeps running while a task waits for a Promise, or while Node
 * has work in progress that began after the loop was created.
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
