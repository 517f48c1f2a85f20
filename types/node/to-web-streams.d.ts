import type { ReadableStream, WritableStream } from 'node:stream/web';
import type { Transport } from '../net/index.ts';
/** The two directions of a transport as web streams. */
export interface WebStreams {
    readonly readable: ReadableStream<Uint8Array>;
    readonly writable: WritableStream<Uint8Array>;
}
/**
 * A transport as a pair of web streams, which end, wait and fail with it: closing `writable` ends
 * our direction, `abort()` and `cancel()` of both close the connection.
 *
 * @throws TypeError when it is no transport
 * @example const { readable, writable } = toWebStreams(writer.transport);
 */
export declare function toWebStreams(transport: Transport): WebStreams;
