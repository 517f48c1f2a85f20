import type { Future } from '../core/future/future.ts';
import type { Coro } from '../core/support/types.ts';
import { type ConnectionOptions } from './create-connection.ts';
import { type Hosts, type ServerOptions } from './create-server.ts';
import type { Port } from '../io/names.ts';
import type { Server } from './server.ts';
import { StreamReader } from './stream-reader.ts';
import { StreamWriter } from './stream-writer.ts';
/**
 * The callback of `startServer` for each connection: a `function*` or an `async` function (run as a
 * task), or a plain function.
 */
export type ClientConnected = (reader: StreamReader, writer: StreamWriter) => Coro<unknown> | PromiseLike<unknown> | void;
/**
 * Connects to a TCP server; a future of `[reader, writer]`.
 *
 * @param host - a name or numeric address; null or '' for this machine
 * @param options - as for `createConnection`, and `limit` for the reader (1 MiB)
 * @throws an error with `code`, for example `ECONNREFUSED`; AbortError when `signal` aborts
 * @example
 * const [reader, writer] = yield* openConnection('127.0.0.1', 8888);
 * writer.write('hello\n');
 * const answer = yield* reader.readline();
 */
export declare function openConnection(host: string | null, port: Port | null, options?: ConnectionOptions & {
    limit?: number;
}): Future<[StreamReader, StreamWriter]>;
/**
 * Listens, and calls `clientConnected(reader, writer)` for each connection. An error that it throws
 * goes to the loop's exception handler and closes the connection. When it returns, the connection
 * stays open, so close the writer when you are done.
 *
 * @param host - a name, an address or a list of them; null or '' for every interface
 * @param port - null with `sock`; 0 for any free one, see `server.sockets`
 * @param options - as for `createServer`, and `limit` for the readers (1 MiB)
 * @example
 * const server = yield* startServer(function* (reader, writer) {
 *   for (let data; (data = yield* reader.read(65536)).length > 0;) {
 *     writer.write(data);
 *     yield* writer.drain();
 *   }
 *   writer.close();
 * }, '127.0.0.1', 8888);
 */
export declare function startServer(clientConnected: ClientConnected, host: Hosts, port: Port | null, options?: ServerOptions & {
    limit?: number;
}): Future<Server>;
