import { Duplex } from 'node:stream';
import type { ReadableStream, WritableStream } from 'node:stream/web';

import type { Transport } from '../net/index.ts';
import { toNodeStream } from './to-node-stream.ts';

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
export function toWebStreams(transport: Transport): WebStreams {
  return Duplex.toWeb(toNodeStream(transport, { allowHalfOpen: true })) as WebStreams;
}
