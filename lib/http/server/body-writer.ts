/** Bodies written by a coroutine, like aiohttp's StreamResponse. */
import { loopFor } from '../../core/context/running.ts';
import { RuntimeError } from '../../core/errors/errors.ts';
import type { Future } from '../../core/future/future.ts';
import type { AbstractEventLoop } from '../../core/loop/abstract-event-loop.ts';
import { showsText } from '../../core/support/shows-text.ts';
import type { Coro } from '../../core/support/types.ts';
import type { BodyPiece } from '../message/outgoing-body.ts';
import { pieceBytes } from '../message/outgoing-body.ts';

/** Writes a body. If it returns something awaitable, the body ends when that is done. */
export type BodyWrite = (writer: BodyWriter) => PromiseLike<unknown> | Coro<unknown> | void;

/** Takes the pieces that the coroutine of `Response.stream` writes. */
export class BodyWriter {
  readonly #loop: AbstractEventLoop;
  #pieces: Array<{ piece: Uint8Array; taken: Future<void> }> = [];
  #reader: Future<void> | null = null;
  /** The last piece that was requested: whether there is room after it is not known yet. */
  #current: Future<void> | null = null;
  #ended = false;

  /** @internal */
  constructor(loop: AbstractEventLoop) {
    this.#loop = loop;
  }

  /**
   * Adds a string or bytes to the body. Bytes must not be changed until the result is done.
   * @returns done when the piece was sent or buffered and there is room for more; cancelled, as the
   * coroutine of the body is, when nobody reads it any more; cancelling the wait does not take the
   * piece back
   * @throws TypeError for anything but a string or bytes; RuntimeError after the end of the body
   */
  write(piece: BodyPiece): Future<void> {
    if (this.#ended) throw new RuntimeError('the body is over');
    const taken = this.#loop.createFuture<void>();
    this.#pieces.push({ piece: pieceBytes(piece), taken });
    this.#wake();
    return taken;
  }

  toString(): string {
    return `BodyWriter { ${this.#ended ? 'over' : `${this.#pieces.length} pieces wait`} }`;
  }

  /** @internal Ends the body; `write` throws from then on. */
  _end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** @internal Nobody reads the body any more: cancels whoever waits in `write`. */
  _abandon(reason: string): void {
    this._end();
    const waiting = this.#pieces.splice(0).map(({ taken }) => taken);
    if (this.#current !== null) waiting.unshift(this.#current);
    this.#current = null;
    for (const taken of waiting) taken.cancel(reason);
  }

  /** @internal Yields the pieces until the end. */
  *_pieces(): Generator<unknown, void, any> {
    for (;;) {
      const next = this.#pieces.shift();
      if (next !== undefined) {
        this.#current = next.taken;
        yield next.piece;
        // The next piece is requested, so there is room.
        this.#current = null;
        if (!next.taken.done()) next.taken.setResult();
        continue;
      }
      if (this.#ended) return;
      this.#reader = this.#loop.createFuture<void>();
      yield* this.#reader;
    }
  }

  #wake(): void {
    const reader = this.#reader;
    this.#reader = null;
    if (reader !== null && !reader.done()) reader.setResult();
  }
}

showsText(BodyWriter);

/**
 * The body that `write` produces. It is started when the body is first read, and cancelled when its
 * reader stops.
 */
export function* writtenBody(write: BodyWrite): Generator<unknown, void, any> {
  const loop = loopFor<AbstractEventLoop>('stream()');
  const writer = new BodyWriter(loop);
  const task = loop._startTask(() => writing(write, writer));
  task.addDoneCallback(() => writer._end());
  try {
    yield* writer._pieces();
    yield* task;
  } finally {
    const reason = 'nobody reads the body any more';
    // Before the writer cancels what the task waits for: a task is cancelled only once.
    if (!task.done()) task.cancel(reason);
    // Others may wait in `write`, too, also an async function that `task` only follows.
    writer._abandon(reason);
  }
}

/** A plain function that returns nothing has finished the body. */
function writing(write: BodyWrite, writer: BodyWriter): PromiseLike<unknown> {
  return (write(writer) ?? nothing()) as PromiseLike<unknown>;
}

function* nothing(): Coro<void> {}
