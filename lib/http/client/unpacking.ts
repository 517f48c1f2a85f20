import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Future } from '../../core/future/future.ts';
import type { IncomingBody } from '../message/incoming-body.ts';

/**
 * A body that is being unpacked in Node's threads, as futures of the loop. What comes out waits for
 * the reader, so nothing is unpacked that nobody has asked for.
 */
export class Unpacking {
  readonly #loop: EventLoop;
  readonly #pieces: AsyncGenerator<Uint8Array, void>;
  readonly #over: () => void;
  /** Came for a reader who had left. */
  #kept: Uint8Array | null = null;
  #waiter: Future<Uint8Array | null> | null = null;
  #pulling = false;
  #ended = false;
  #error: unknown = null;

  /** @param over - called once, when there is nothing left to be unpacked */
  constructor(loop: EventLoop, pieces: AsyncGenerator<Uint8Array, void>, over: () => void) {
    this.#loop = loop;
    this.#pieces = pieces;
    this.#over = over;
  }

  /**
   * The next piece, or null after the last one. A cancelled read loses nothing.
   * @throws TypeError when there is another reader
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

  /** Ends it; an error goes to the reader. */
  end(error: unknown = null): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    // What it says is of no interest any more.
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
 * The pieces of a body for Node's streams. They wait for Promises of Node's own: a future that is
 * awaited here would count as what the task waits for that asked for a piece.
 */
export async function* piecesOf(body: IncomingBody): AsyncGenerator<Uint8Array, void> {
  for (let piece; (piece = await promiseOf(body.read())) !== null;) {
    if (piece.length > 0) yield piece;
  }
}

/** For what is awaited outside of the loop. */
export function promiseOf<T>(future: Future<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    future.addDoneCallback(() => {
      if (future.cancelled()) reject(new Error('cancelled'));
      else if (future.exception() !== null) reject(future.exception());
      else resolve(future.result());
    });
  });
}
