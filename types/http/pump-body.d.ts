import type { Coro } from '../core/types.ts';
import type { MessageStream } from './message-stream.ts';
import type { BodyStream } from './outgoing-body.ts';
/**
 * @param framing.chunked - whether the pieces are sent as chunks
 * @param framing.length - the bytes that were promised, or -1
 */
export declare function pumpBody(outlet: MessageStream, body: BodyStream | Blob, framing: {
    chunked: boolean;
    length: number;
}): Coro<void>;
/** Ends a source from which nothing was asked, so nothing in it waits. */
export declare function dropPieces(body: BodyStream | Blob): void;
