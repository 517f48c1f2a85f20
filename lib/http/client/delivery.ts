import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { ClientConnection } from './connection.ts';
import type { IncomingBody } from '../message/incoming-body.ts';
import type { Ending, RequestLimits } from './request-limits.ts';
import { Unpacking } from './unpacking.ts';

/**
 * The part of a response that is still outstanding after it was handed to the caller, under the
 * limits of its request: its body on the wire, and what is being unpacked. It does not refer to the
 * response, so that an abandoned response can be collected.
 */
export class Delivery implements Ending {
  readonly #loop: EventLoop;
  readonly #body: IncomingBody;
  readonly #limits: RequestLimits;
  readonly #signal: AbortSignal | null | undefined;
  #connection: ClientConnection | null = null;
  #unpacking: Unpacking | null = null;

  constructor(
    connection: ClientConnection,
    body: IncomingBody,
    limits: RequestLimits,
    signal: AbortSignal | null | undefined,
  ) {
    this.#loop = connection._loop;
    this.#body = body;
    this.#limits = limits;
    this.#signal = signal;
    if (!connection._exchanging) {
      limits.release();
      return;
    }
    this.#connection = connection;
    connection._onDone = () => {
      this.#connection = null;
      this.#release();
    };
    limits.handTo(this);
  }

  /**
   * Begins to unpack. The time limits apply until the last byte has arrived and whatever is being
   * unpacked by then is done; the signal applies for as long as anything is read.
   */
  unpack(pieces: AsyncGenerator<Uint8Array, void>): Unpacking {
    const unpacking = new Unpacking(this.#loop, pieces, () => {
      this.#unpacking = null;
      // After an error or an early end no more bytes are needed.
      this.#connection?._drainRest(this.#body);
      this.#release();
    });
    this.#unpacking = unpacking;
    if (this.#connection !== null) return unpacking;
    this.#limits.handTo(this);
    try {
      this.#limits.follow(this.#signal);
    } catch (error) {
      unpacking.end(error);
    }
    return unpacking;
  }

  _abort(error: Error): void {
    this.#connection?._abort(error);
    this.#unpacking?.end(error);
  }

  #release(): void {
    if (this.#connection === null && this.#unpacking === null) this.#limits.release();
  }
}
