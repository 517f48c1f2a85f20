/** A queue that returns the newest item first. */
import { Queue } from './queue.ts';
import { LifoStore } from './item-store.ts';
import type { Store } from './item-store.ts';

/**
 * A queue that returns the newest item first.
 * @example const stack = new LifoQueue<number>();
 */
export class LifoQueue<T = unknown> extends Queue<T> {
  /** @internal */
  override _makeStore(): Store<T> {
    return new LifoStore();
  }
}
