/** Sends a body that comes in pieces, as fast as the peer takes it. */
import type { Future } from '../core/future.ts';
import type { Coro } from '../core/types.ts';
import type { BodyStream, PieceIterator } from './outgoing-body.ts';
import type { Outlet } from './wire.ts';
/** A connection that says when the peer has read enough. */
export interface DrainedOutlet extends Outlet {
    /** null when nothing needs to wait. */
    _drain(): Future<void> | null;
}
/**
 * @param framing.chunked - whether the pieces are sent as chunks
 * @param framing.length - the bytes that were promised, or -1
 */
export declare function pumpBody(outlet: DrainedOutlet, body: BodyStream, framing: {
    chunked: boolean;
    length: number;
}): Coro<void>;
/** Lets a source run its `finally` blocks; what it says is of no interest any more. */
export declare function endPieces(source: () => PieceIterator): void;
