import { type Duplex } from 'node:stream';
import type { Future } from '../core/future/future.ts';
import { type AnyProtocol, type ProtocolFactory } from '../net/protocol.ts';
import { StreamReader } from '../net/stream-reader.ts';
import { StreamWriter } from '../net/stream-writer.ts';
import type { Transport } from '../net/transport.ts';
/** Options of `fromNodeStream`. */
export interface FromNodeOptions {
    /** The buffer limit of the reader, in bytes; 1 MiB by default. */
    limit?: number;
}
/**
 * Wraps any Duplex stream of Node (a socket, a tunnel, a stream of another library) as a transport
 * with a protocol, or as `[reader, writer]`.
 *
 * The transport is one end of an in-process connection whose other end is piped to and from the
 * Duplex, so it is a transport like any other, with backpressure in both directions. `writeEof()`
 * ends the writable side of the Duplex, the end of its readable side is reported as EOF, `abort()`
 * destroys it, and its error is passed to `connectionLost`. After `close()` the Duplex may still be
 * sending earlier writes.
 *
 * @param protocolFactory - creates the protocol; without it, the result is `[reader, writer]`
 * @returns a future of `[transport, protocol]` or `[reader, writer]`
 * @throws TypeError when `duplex` is not a Duplex; RuntimeError when no loop is running
 * @example
 * const [reader, writer] = yield* fromNodeStream(net.connect(8888));
 */
export declare function fromNodeStream<P extends AnyProtocol>(duplex: Duplex, protocolFactory: ProtocolFactory<P>): Future<[Transport, P]>;
export declare function fromNodeStream(duplex: Duplex, options?: FromNodeOptions): Future<[StreamReader, StreamWriter]>;
