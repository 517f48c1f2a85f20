import { MultipartBody } from './multipart-body.ts';
export type BodyPiece = string | ArrayBuffer | ArrayBufferView;
/** A body whose pieces are read one after another, with backpressure. */
export type BodyStream = AsyncIterable<BodyPiece> | Iterable<BodyPiece> | Generator<unknown, unknown, any>;
/**
 * A whole body or a stream: a generator or an async generator, a ReadableStream, anything that
 * iterates over strings or bytes. A `function*` may wait between its pieces (`yield* sleep(1)`).
 * A stream of unknown length goes out in chunks; a Blob has a length, and a type. A FormData goes
 * out as multipart/form-data.
 */
export type BodyInit = BodyPiece | BodyStream | Blob | FormData | URLSearchParams | null;
/** A body as it is stored until it is sent. */
export type OutgoingBody = string | Uint8Array | BodyStream | Blob | MultipartBody | null;
