/** Bodies that a coroutine writes, as aiohttp's StreamResponse is written. */
import { loopFor } from '../../core/context/running.ts';
import { RuntimeError } from '../../core/errors/errors.ts';
import type { Future } from '../../core/future/future.ts';
import type { AbstractEventLoop } from '../../core/loop/abstract-event-loop.ts';
import { showsText } from '../../core/support/shows-text.ts';
import type { Coro } from '../../core/support/types.ts';
import type { BodyPiece } from '../message/outgoing-body.ts';
import { pieceBytes } from '../message/outgoing-body.ts';

/** Writes a body; what it returns is waited for. */
export type BodyWrite = (writer: BodyWriter) => PromiseLike<unknown> | Coro<unknown> | void;

/** What a coroutine of `Response.stream` writes to. */
export class BodyWriter {
  readonly #loop: AbstractEventLoop;
  #pieces: Array<{ piece: Uint8Array; taken: Future<void> }> = [];
  #reader: Future<void> | null = null;
  #ended = false;

  /** @internal */
  constructor(loop: AbstractEventLoop) {
    this.#loop = loop;
  }

  /**
   * Writes a string or bytes, which must not be changed until they are taken.
   * @returns done when the client has taken enough for more; to cancel the wait takes nothing back
   * @throws TypeError for what is neither; RuntimeError when the body is over
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

  /** @internal Nothing more is taken. */
  _end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** @internal The pieces, until the end. */
  *_pieces(): Generator<unknown, void, any> {
    for (;;) {
      const next = this.#pieces.shift();
      if (next !== undefined) {
        yield next.piece;
        // Asked for more, so there is room.
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
 * The body that `write` writes once it is read. When its reader has gone it is cancelled.
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
    writer._end();
    if (!task.done()) task.cancel('nobody reads the body any more');
  }
}

/** A plain function that writes at once and returns nothing is done. */
function writing(write: BodyWrite, writer: BodyWriter): PromiseLike<unknown> {
  return (write(writer) ?? nothing()) as PromiseLike<unknown>;
}

function* nothing(): Coro<void> {}
