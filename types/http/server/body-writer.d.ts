import type { Future } from '../../core/future/future.ts';
import type { Coro } from '../../core/support/types.ts';
import type { BodyPiece } from '../message/outgoing-body.ts';
/** Writes a body. If it returns something awaitable, the body ends when that is done. */
export type BodyWrite = (writer: BodyWriter) => PromiseLike<unknown> | Coro<unknown> | void;
/** Takes the pieces that the coroutine of `Response.stream` writes. */
export declare class BodyWriter {
    #private;
    private constructor();
    /**
     * Adds a string or bytes to the body. Bytes must not be changed until the result is done.
     * @returns done when the piece was sent or buffered and there is room for more; cancelled, as the
     * coroutine of the body is, when nobody reads it any more; cancelling the wait does not take the
     * piece back
     * @throws TypeError for anything but a string or bytes; RuntimeError after the end of the body
     */
    write(piece: BodyPiece): Future<void>;
    toString(): string;
}
