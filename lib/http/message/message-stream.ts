import type { Future } from '../../core/future/future.ts';
import type { Coro } from '../../core/support/types.ts';
import { NativeStream } from '../../io/native-stream.ts';
import { READ_DIRECT } from '../../native/layout.ts';
import type { IncomingBody } from './incoming-body.ts';

/** A connection that carries messages, and pauses the sender of a body while the peer is slow. */
export abstract class MessageStream extends NativeStream {
  /** Waits until the peer has taken enough. */
  _drainWaiter: Future<void> | null = null;

  /** How many pieces of bodies were written. */
  _piecesWritten = 0;
  /** Whether a file is being sent, whose bytes are not counted as unsent. */
  _sendsFile = false;

  /** A future that is done when the peer has taken enough; null when there is no need to wait. */
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

  /** Waits until no more than `most` bytes are unsent. */
  *_emptied(most: number): Coro<void> {
    this._rings.engine.submit();
    while (this._unsent() > most) {
      const drained = (this._drainWaiter ??= this._loop.createFuture<void>());
      this._notifyDrain(most);
      yield* drained;
    }
  }

  /** A future that is done when sending more of a file may be tried. */
  _roomForFile(): Future<void> {
    return (this._drainWaiter ??= this._loop.createFuture<void>());
  }

  /** There is room for more of a file; this does not show how fast the peer reads. */
  override _writable(): void {
    this.#wake();
  }

  /** Continues reading, into the body's own memory if that was requested. */
  _readOn(body: IncomingBody | null): void {
    this._startReading(body !== null && body._direct ? READ_DIRECT : 0);
  }

  /**
   * Receives available bytes of a body into its own memory.
   * @returns how many; 0 when there are none, in which case a completion reports the end or an
   *   error
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

  /** Fails the wait: the peer will not take any more. */
  _failDrain(error: Error): void {
    const waiter = this._drainWaiter;
    this._drainWaiter = null;
    if (waiter !== null && !waiter.done()) waiter.setException(error);
  }
}
