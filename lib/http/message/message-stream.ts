import type { Future } from '../../core/future/future.ts';
import type { Coro } from '../../core/support/types.ts';
import { NativeStream } from '../../io/native-stream.ts';

/** A connection that carries messages, and lets whoever sends a body wait for a slow peer. */
export abstract class MessageStream extends NativeStream {
  /** Who waits until the peer has taken enough. */
  _drainWaiter: Future<void> | null = null;

  /** Pieces of bodies that were written. */
  _piecesWritten = 0;
  /** A file is being sent, of which nothing counts as unsent. */
  _sendsFile = false;

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

  /** Waits until so little is unsent. */
  *_emptied(most: number): Coro<void> {
    this._rings.engine.submit();
    while (this._unsent() > most) {
      const drained = (this._drainWaiter ??= this._loop.createFuture<void>());
      this._notifyDrain(most);
      yield* drained;
    }
  }

  /** A future that is done when the system may be asked again to send a file. */
  _roomForFile(): Future<void> {
    return (this._drainWaiter ??= this._loop.createFuture<void>());
  }

  override _writable(): void {
    this._drained();
  }

  /** Ends the wait: the peer will take nothing more. */
  _failDrain(error: Error): void {
    const waiter = this._drainWaiter;
    this._drainWaiter = null;
    if (waiter !== null && !waiter.done()) waiter.setException(error);
  }
}
