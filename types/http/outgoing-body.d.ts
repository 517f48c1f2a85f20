/** What may be sent as a body, and how it is taken apart. */
export type BodyPiece = string | Uint8Array | ArrayBuffer;
/** A body whose pieces come one after another, with backpressure. */
export type BodyStream = AsyncIterable<BodyPiece> | Iterable<BodyPiece>;
/**
 * A whole body or a stream: an (async) generator object, a ReadableStream, anything iterable that
 * gives strings or bytes. A stream of unknown length goes out in chunks.
 */
export type BodyInit = BodyPiece | ArrayBufferView | BodyStream | URLSearchParams | null;
/** A body as it is kept until it goes out. */
export type OutgoingBody = string | Uint8Array | BodyStream | null;
/**
 * Narrows a body given by the user.
 * @throws TypeError when it is nothing that can be sent
 */
export declare function checkBody(body: unknown): OutgoingBody;
/** Whether the body comes in pieces. */
export declare function isStream(body: OutgoingBody): body is BodyStream;
/** The bytes of one piece of a stream. */
export declare function pieceBytes(piece: unknown): Uint8Array;
/** An iterator over the pieces, with one shape for synchronous and asynchronous sources. */
export declare function piecesOf(body: BodyStream): PieceIterator;
export interface PieceIterator {
    next(): IteratorResult<unknown> | Promise<IteratorResult<unknown>>;
    return(): unknown;
}
export declare function describe(value: unknown): string;
