/** Detects whether the peer is still there: pings in both directions, and the idle timeout. */
import { failedFuture } from '../../core/future/done-future.ts';
import type { Future } from '../../core/future/future.ts';
import { bytesOf, type Data, lengthOf, notDataError } from '../../io/data.ts';
import { abortedFirst, abortWith } from '../../tasks/abort.ts';
import type { SignalOptions } from '../../tasks/abort.ts';
import { ClosingSocket } from './closing.ts';
import { Extras } from './extras.ts';
import { PING, PONG } from './frames.ts';
import type { Beating } from './pulse.ts';
import { CLOSED, OPEN } from './sending.ts';

export abstract class LiveSocket extends ClosingSocket implements Beating {
  /** Receiving has stopped, because received messages are not being taken. */
  _paused: boolean = false;
  #pinged = false;
  #since = 0;
  #unconfirmed = 0;

  /** @internal */
  _watch(): void {
    const { pulse } = this._kind;
    if (pulse === null) return;
    this.#since = pulse.tick;
    pulse.add(this);
  }

  /** @internal Something was received from the peer. */
  _seen(): void {
    const { pulse } = this._kind;
    if (pulse !== null) this.#since = pulse.tick;
    this.#pinged = false;
  }

  /** @internal `ping()` */
  _ping(data: Data, options: SignalOptions): Future<void> {
    const bytes = typeof data === 'string' ? Buffer.from(data) : bytesOf(data);
    if (bytes === undefined) throw notDataError(data);
    if (lengthOf(bytes) > 125) {
      throw new RangeError(`ping(): data may have 125 bytes, not ${lengthOf(bytes)}`);
    }
    const abortion = abortedFirst('ping()', options);
    if (abortion !== null) return failedFuture({ loop: this._loop }, abortion);
    const future = this._loop.createFuture<void>();
    if (this._state !== OPEN) {
      future.cancel('the WebSocket is closed');
      return future;
    }
    const payload = Buffer.from(bytes).toString('latin1');
    (this._extras ??= new Extras()).pings.push({ payload, future });
    this._writeFrame(PING, bytes);
    return abortWith(future, options.signal);
  }

  /**
   * @internal Answers a ping. If the peer does not read, only the last ping is answered, once there
   *   is room (RFC 6455, 5.5.3); otherwise its pings would fill our memory.
   */
  _onPing(payload: Buffer): void {
    if (this._state !== OPEN || this._saidClose) return;
    if (this._unsent() > this._watermarks.high && this._isFull()) {
      (this._extras ??= new Extras()).pong = Buffer.from(payload);
      this._askForDrain();
      return;
    }
    // A pending answer would be to an earlier ping.
    if (this._extras !== null) this._extras.pong = null;
    this._writeFrame(PONG, payload);
  }

  /** @internal A pong answers the ping with the same data, and all pings before that one. */
  _onPong(payload: Buffer): void {
    const extras = this._extras;
    if (extras === null || extras.pings.length === 0) return;
    const repeated = payload.toString('latin1');
    const index = extras.pings.findIndex((ping) => ping.payload === repeated);
    for (const { future } of extras.pings.splice(0, index + 1)) {
      if (!future.done()) future.setResult(undefined);
    }
  }

  /** @internal Checks the peer; called several times within the idle timeout. */
  _beat(tick: number): void {
    const { silence } = this._kind.pulse!;
    const silent = tick - this.#since;
    if (silent * 2 <= silence || this._state === CLOSED) return;
    const moves = this.#moves();
    if (moves || (this._paused && this.#pinged && this.#unconfirmed === 0)) {
      // The peer takes what we send, or cannot show that it is alive: while receiving has stopped,
      // its pongs wait behind unread messages.
      this.#since = tick;
      this.#pinged = false;
      return;
    }
    if (silent > silence) {
      this._abort('nothing came for too long');
      return;
    }
    if (this.#pinged || this._state !== OPEN) return;
    this.#pinged = true;
    this._writeFrame(PING, EMPTY);
  }

  /**
   * Whether the peer has taken some of the unsent bytes, which shows that it is alive even if it is
   * too slow to answer. An increase says nothing: that is what we have sent meanwhile.
   */
  #moves(): boolean {
    const left =
      this._rings.engine.unconfirmed(this._handle, this._generation) +
      (this._outbox === null ? 0 : this._outbox.size);
    const moved = left < this.#unconfirmed;
    this.#unconfirmed = left;
    return moved;
  }
}

const EMPTY = new Uint8Array(0);
