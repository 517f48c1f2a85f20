export type BodyPiece = string | ArrayBuffer | ArrayBufferView;
/** A body whose pieces come one after another, with backpressure. */
export type BodyStream = AsyncIterable<BodyPiece> | Iterable<BodyPiece> | Generator<unknown, unknown, any>;
/**
 * A whole body or a stream: a generator or an async generator, a ReadableStream, anything that
 * iterates over strings or bytes. A `function*` may wait between its pieces (`yield* sleep(1)`).
 * A stream of unknown length goes out in chunks; a Blob has a length, and a type.
 */
export type BodyInit = BodyPiece | BodyStream | Blob | URLSearchParams | null;
/** A body as it is kept until it goes out. */
export type OutgoingBody = string | Uint8Array | BodyStream | Blob | null;
/**
 * Narrows a body given by the user.
 * @throws TypeError when it is nothing that can be sent
 */
export declare function checkBody(body: unknown): OutgoingBody;
/** Whether it is a Blob or a File: a stream of known length and type that can be read again. */
export declare function isBlob(body: unknown): body is Blob;
/** The Content-Type that a body brings with it, or null. */
export declare function typeOfBody(body: unknown): string | null;
/**
 * Whether it is a body whose content codings were taken off when it was received. The headers that
 * came with it do not describe it any more.
 */
export declare function isUnpacked(body: unknown): boolean;
/** Whether the body comes in pieces. */
export declare function isStream(body: OutgoingBody): body is BodyStream | Blob;
/** Whether it can be sent again: a stream is gone once it was read. */
export declare function canSendAgain(body: OutgoingBody): boolean;
/** Bytes of the body, or null of a stream that does not say. */
export declare function sizeOfBody(body: OutgoingBody): number | null;
/** The bytes of one piece of a stream. */
export declare function pieceBytes(piece: unknown): Uint8Array;
/** An iterator over the pieces, with one shape for synchronous and asynchronous sources. */
export declare function piecesOf(body: BodyStream | Blob): PieceIterator;
type PieceStep = IteratorResult<unknown> | Promise<IteratorResult<unknown>>;
export interface PieceIterator {
    next(): PieceStep;
    /** A generator that waits between pieces is told so when the wait fails. */
    throw?(error: unknown): PieceStep;
    return?(): PieceStep;
}
export declare function describe(value: unknown): string;
export {};
