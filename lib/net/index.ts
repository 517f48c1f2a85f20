/** TCP: protocols and transports, streams, servers. */
import './install.ts';

export type { ConnectionMessage } from './channels.ts';
export type { TransportOwner } from './transport.ts';
export type { ConnectionOptions } from './create-connection.ts';
export type { Hosts, ServerOptions } from './create-server.ts';
export type { Data } from '../io/data.ts';
export { createConnection, createServer } from './endpoints.ts';
export { BaseProtocol, BufferedProtocol, Protocol } from './protocol.ts';
export type { AnyProtocol, ProtocolFactory } from './protocol.ts';
export type { AddressOptions, Endpoint, Family, Port } from '../io/names.ts';
export type { Separator } from './separators.ts';
export { ReadTransport, WriteTransport } from './pipe-transport.ts';
export type { Pipe } from './pipe-transport.ts';
export { Server } from './server.ts';
export type { ShutdownOptions } from './server.ts';
export { StreamReader } from './stream-reader.ts';
export type { PausableTransport, StreamReaderOptions } from './stream-reader.ts';
export { StreamWriter } from './stream-writer.ts';
export { openConnection, startServer } from './streams.ts';
export type { ClientConnected } from './streams.ts';
export { TransportSocket } from '../io/transport-socket.ts';
export type { SocketAddress } from '../io/transport-socket.ts';
export { Transport } from './transport.ts';
export type { WriteBufferLimits } from './watermarks.ts';
