/** How a WebSocket ends: the close handshake, and cleaning up when the connection is gone. */
import { doneFuture, failedFuture } from '../../core/future/done-future.ts';
import type { Future } from '../../core/future/future.ts';
import { abortedFirst, abortWith } from '../../tasks/abort.ts';
import type { SignalOptions } from '../../tasks/abort.ts';
import { ABNORMAL, NO_CODE } from './close-codes.ts';
import { Extras } from './extras.ts';
import { CLOSE } from './frames.ts';
import { CLOSED, CLOSING, OPEN, SendingSocket } from './sending.ts';

/** The contents of a close frame. */
export interface CloseWords {
  readonly code: number;
  readonly reason: string;
}

export abstract class ClosingSocket extends SendingSocket {
  _topics: Set<string> | null = null;
  #closeSent = false;
  #heard: CloseWords | null = null;

  /** @internal Messages are no longer wanted, but the peer's close frame behind them is. */
  abstract _stopTaking(): void;

  /** @internal Lets the callbacks continue; they learn last that it is closed. */
  abstract _goOn(): void;

  /** @internal The peer's close frame, if both sides have sent one; else null. */
  get _agreed(): CloseWords | null {
    return this.#closeSent ? this.#heard : null;
  }

  /** @internal Whether our close frame was sent: no frame may follow it. */
  get _saidClose(): boolean {
    return this.#closeSent;
  }

  /** @internal `waitClosed()` */
  _waitClosed(options: SignalOptions): Future<void> {
    const abortion = abortedFirst('waitClosed()', options);
    if (abortion !== null) return failedFuture({ loop: this._loop }, abortion);
    if (this._state === CLOSED) return doneFuture<void>({ loop: this._loop }, undefined);
    const future = this._loop.createFuture<void>();
    (this._extras ??= new Extras()).closes.push(future);
    return abortWith(future, options.signal);
  }

  /** @internal The peer's close frame arrived. */
  _onCloseFrame(payload: Buffer): void {
    const code = payload.length === 0 ? NO_CODE : payload.readUInt16BE(0);
    const reason = payload.toString('utf8', 2);
    this.#heard = { code, reason };
    if (this._state === OPEN) this.#leave(code, reason);
    if (!this.#closeSent) this.#sendClose(code, this._reason);
    // The server closes the connection first; a client waits for that, up to `closeTimeout`.
    if (!this._kind.masks) this._closeWhenSent();
  }

  /** @internal */
  _closeWith(code: number, reason: string): void {
    if (this._state !== OPEN) return;
    this.#leave(code, reason);
    this.#sendClose(code, reason);
    this._stopTaking();
  }

  #leave(code: number, reason: string): void {
    this._state = CLOSING;
    this._code = code;
    this._reason = reason;
    this.#leaveTopics();
  }

  #sendClose(code: number, reason: string): void {
    this.#closeSent = true;
    const payload = Buffer.alloc(code === NO_CODE ? 0 : 2 + Buffer.byteLength(reason));
    if (code !== NO_CODE) {
      payload.writeUInt16BE(code, 0);
      payload.write(reason, 2);
    }
    this._writeFrame(CLOSE, payload);
    const extras = (this._extras ??= new Extras());
    extras.closeTimer = this._loop.callLater(this._kind.limits.closeTimeout, () => this._abort());
  }

  /** @internal The peer violated the protocol: tells it why, and drops whatever it still sends. */
  _fail(code: number, reason: string): void {
    this._closeWith(code, reason);
    if (this._state === CLOSING) this._shutdownWhenSent();
  }

  /** @internal Drops the connection. */
  _abort(reason = ''): void {
    if (this._state === CLOSED) return;
    if (this._state === OPEN) this.#leave(ABNORMAL, reason);
    this._dropAndClose();
  }

  /** @internal */
  _onEnd(): void {
    if (this._state === OPEN) this._abort();
    else this._closeWhenSent();
  }

  /** @internal */
  _onFailed(): void {
    this._abort();
  }

  /** @internal */
  _onClosed(): void {
    if (this._state === OPEN) this.#leave(ABNORMAL, '');
    this._state = CLOSED;
    this._stopTaking();
    this._deflate?.close();
    const extras = (this._extras ??= new Extras());
    extras.closeTimer?.cancel();
    extras.closeTimer = null;
    for (const { future } of extras.pings.splice(0)) future.cancel('the WebSocket is closed');
    for (const future of extras.drains.splice(0)) {
      if (!future.done()) future.setException(this._closedError());
    }
    const { receiver } = extras;
    if (receiver !== null && !receiver.done()) receiver._fail(this._closedError());
    for (const future of extras.closes.splice(0)) {
      if (!future.done()) future.setResult(undefined);
    }
    this._goOn();
  }

  #leaveTopics(): void {
    if (this._topics === null) return;
    for (const topic of this._topics) this._kind.topics!.delete(topic, this);
    this._topics = null;
  }
}
