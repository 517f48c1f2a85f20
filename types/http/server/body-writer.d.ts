import type { Future } from '../../core/future/future.ts';
import type { Coro } from '../../core/support/types.ts';
import type { BodyPiece } from '../message/outgoing-body.ts';
/** Writes a body; what it returns is waited for. */
export type BodyWrite = (writer: BodyWriter) => PromiseLike<unknown> | Coro<unknown> | void;
/** What a coroutine of `Response.stream` writes to. */
export declare class BodyWriter {
    #private;
    private constructor();
    /**
     * Writes a string or bytes, which must not be changed until they are taken.
     * @returns done when the client has taken enough for more; to cancel the wait takes nothing back
     * @throws TypeError for what is neither; RuntimeError when the body is over
     */
    write(piece: BodyPiece): Future<void>;
    toString(): string;
}
