import type { Future } from '../../core/future/future.ts';
import { NativeStream } from '../../io/native-stream.ts';

/** A connection that carries messages, and lets whoever sends a body wait for a slow peer. */
export abstract class MessageStream extends NativeStream {
  /** Who waits until the peer has taken enough. */
  _drainWaiter: Future<void> | null = null;

  /** A future that waits until the peer has taken enough, or null when nothing needs to wait. */
  _drain(): Future<void> | null {
    if (!this._isFull()) return null;
    this._notifyDrain();
    return (this._drainWaiter = this._loop.createFuture<void>());
  }

  _drained(): void {
    const waiter = this._drainWaiter;
    this._drainWaiter = null;
    if (waiter !== null && !waiter.done()) waiter.setResult(undefined);
  }

  /** Ends the wait: the peer will take nothing more. */
  _failDrain(error: Error): void {
    const waiter = this._drainWaiter;
    this._drainWaiter = null;
    if (waiter !== null && !waiter.done()) waiter.setException(error);
  }
}
