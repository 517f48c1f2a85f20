import type { Future } from '../../core/future/future.ts';
import type { Coro } from '../../core/support/types.ts';
import { NativeStream } from '../../io/native-stream.ts';
import { READ_DIRECT } from '../../native/layout.ts';
import type { IncomingBody } from './incoming-body.ts';

/** A connection that carries messages, and makes the sender of a body wait for a slow peer. */
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
    this.#wake();
  }

  #wake(): void {
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

  /** More of a file can go out: that says nothing of how fast the peer takes it. */
  override _writable(): void {
    this.#wake();
  }

  /** Reads on; into the body's own memory where that was asked for. */
  _readOn(body: IncomingBody | null): void {
    this._startReading(body !== null && body._direct ? READ_DIRECT : 0);
  }

  /**
   * Receives what there is of a body into its own memory.
   * @returns how many bytes; when there are none, and what that means is told by itself, 0
   */
  _receiveInto(body: IncomingBody): number {
    const room = body._room();
    if (room === null) {
      this._startReading();
      return 0;
    }
    const { _handle: handle, _generation: generation } = this;
    return Math.max(this._rings.engine.receive(handle, generation, room), 0);
  }

  /** Ends the wait: the peer will take nothing more. */
  _failDrain(error: Error): void {
    const waiter = this._drainWaiter;
    this._drainWaiter = null;
    if (waiter !== null && !waiter.done()) waiter.setException(error);
  }
}
