import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Future } from '../../core/future/future.ts';
import type { IncomingBody } from '../message/incoming-body.ts';

/**
 * A body being decoded in Node's threads, as futures of the loop. A piece is decoded only when the
 * reader asks for one.
 */
export class Unpacking {
  readonly #loop: EventLoop;
  readonly #pieces: AsyncGenerator<Uint8Array, void>;
  readonly #over: () => void;
  /** A piece whose reader was cancelled meanwhile. */
  #kept: Uint8Array | null = null;
  #waiter: Future<Uint8Array | null> | null = null;
  #pulling = false;
  #ended = false;
  #error: unknown = null;

  /** @param over - called once, when decoding has ended */
  constructor(loop: EventLoop, pieces: AsyncGenerator<Uint8Array, void>, over: () => void) {
    this.#loop = loop;
    this.#pieces = pieces;
    this.#over = over;
  }

  /**
   * The next piece, or null after the last one. Cancel-safe: a cancelled read loses nothing.
   * @throws TypeError when another read is waiting; (awaited) the error that ended it
   */
  read(): Future<Uint8Array | null> {
    if (this.#waiter !== null && !this.#waiter.done()) {
      throw new TypeError('body is already being read by another coroutine');
    }
    const future = this.#loop.createFuture<Uint8Array | null>();
    if (this.#kept !== null) {
      future.setResult(this.#kept);
      this.#kept = null;
    } else if (this.#error !== null) future._fail(this.#error);
    else if (this.#ended) future.setResult(null);
    else {
      this.#waiter = future;
      if (!this.#pulling) this.#pull();
    }
    return future;
  }

  /** Ends it; the waiting reader and later ones get the error. */
  end(error: unknown = null): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    // An error during the clean-up no longer matters.
    this.#pieces.return().catch(() => {});
    this.#settle(null);
    this.#over();
  }

  #pull(): void {
    this.#pulling = true;
    this.#pieces.next().then(
      ({ done, value }) => {
        this.#pulling = false;
        if (this.#ended) return;
        if (done === true) this.end();
        else this.#settle(value);
      },
      (error: unknown) => {
        this.#pulling = false;
        this.end(error);
      },
    );
  }

  #settle(piece: Uint8Array | null): void {
    const waiter = this.#waiter;
    this.#waiter = null;
    if (waiter === null || waiter.done()) this.#kept = piece;
    else if (this.#error !== null) waiter._fail(this.#error);
    else waiter.setResult(piece);
  }
}

/**
 * The pieces of a body, for Node's streams. Converted to Promises, because awaiting a future here
 * would record it as what the current task waits for.
 */
export async function* piecesOf(body: IncomingBody): AsyncGenerator<Uint8Array, void> {
  for (let piece; (piece = await promiseOf(body.read())) !== null;) {
    if (piece.length > 0) yield piece;
  }
}

/** Makes a future awaitable outside the loop's tasks. */
export function promiseOf<T>(future: Future<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    future.addDoneCallback(() => {
      if (future.cancelled()) reject(new Error('cancelled'));
      else if (future.exception() !== null) reject(future.exception());
      else resolve(future.result());
    });
  });
}
