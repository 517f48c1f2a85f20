import { Duplex } from 'node:stream';
import type { ReadableStream, WritableStream } from 'node:stream/web';

import type { Transport } from '../net/index.ts';
import { toNodeStream } from './to-node-stream.ts';

/** The two directions of a transport, as web streams. */
export interface WebStreams {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

/**
 * Wraps a transport as a pair of web streams with backpressure, which end and fail with it: closing
 * `writable` ends our direction; aborting `writable` and cancelling `readable` closes the
 * connection.
 *
 * @throws TypeError when `transport` is not a Transport
 * @example const { readable, writable } = toWebStreams(writer.transport);
 */
export function toWebStreams(transport: Transport): WebStreams {
  return Duplex.toWeb(toNodeStream(transport, { allowHalfOpen: true })) as WebStreams;
}
