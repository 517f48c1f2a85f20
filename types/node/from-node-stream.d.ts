import { type Duplex } from 'node:stream';
import type { Future } from '../core/future/future.ts';
import { type AnyProtocol, type ProtocolFactory } from '../net/protocol.ts';
import { StreamReader } from '../net/stream-reader.ts';
import { StreamWriter } from '../net/stream-writer.ts';
import type { Transport } from '../net/transport.ts';
/** How a stream of Node's becomes ours. */
export interface FromNodeOptions {
    /** Of the reader, in bytes; default 1 MiB. */
    limit?: number;
}
/**
 * Any Duplex of Node's (a socket, a tunnel, a process, what another library gives) as a transport
 * with a protocol, or as `[reader, writer]`.
 *
 * It is one end of a connection within the process, and what goes in at the other end is the
 * Duplex: so it is a transport like any other, with the pace of both sides. `writeEof()` ends the
 * writing side of the Duplex, its end is our end, `abort()` destroys it, and an error of it is
 * given to `connectionLost`. After `close()` the Duplex may still be sending what it was given.
 *
 * @param protocolFactory - makes the protocol; without one, streams are given
 * @returns a future of `[transport, protocol]` or `[reader, writer]`
 * @throws TypeError when it is no Duplex; RuntimeError when no loop is running
 * @example
 * const [reader, writer] = yield* fromNodeStream(net.connect(8888));
 */
export declare function fromNodeStream<P extends AnyProtocol>(duplex: Duplex, protocolFactory: ProtocolFactory<P>): Future<[Transport, P]>;
export declare function fromNodeStream(duplex: Duplex, options?: FromNodeOptions): Future<[StreamReader, StreamWriter]>;
