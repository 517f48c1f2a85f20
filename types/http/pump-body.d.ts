import type { Future } from '../core/future.ts';
import type { Coro } from '../core/types.ts';
import type { BodyStream } from './outgoing-body.ts';
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
export declare function pumpBody(outlet: DrainedOutlet, body: BodyStream | Blob, framing: {
    chunked: boolean;
    length: number;
}): Coro<void>;
/** Ends a source from which nothing was asked, so nothing in it waits. */
export declare function dropPieces(body: BodyStream | Blob): void;
