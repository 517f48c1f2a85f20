/** The network: protocols and transports, streams, servers, datagrams, pipes, sockets. */
import './install.ts';
import './pass-fds.ts';
import './sock-calls.ts';

export { activatedSockets } from './activation.ts';
export type { ActivationOptions } from './activation.ts';
export type { ConnectionMessage } from './diagnostics-channels.ts';
export type { TransportOwner } from './transport.ts';
export type { AcceptedOptions } from './connect-accepted.ts';
export type { ConnectionOptions } from './create-connection.ts';
export type { Hosts, ServerOptions } from './create-server.ts';
export type { DatagramEnd, DatagramOptions, MulticastOptions } from './create-datagram.ts';
export { createDatagramEndpoint } from './datagram-calls.ts';
export { DatagramEndpoint, openDatagram } from './datagram-endpoint.ts';
export type { EndpointOptions, ReceivedDatagram } from './datagram-endpoint.ts';
export { DnsCache } from './dns-cache.ts';
export type { DnsCacheOptions } from './dns-cache.ts';
export type { LookupOptions, NameOptions } from './name-calls.ts';
export type { NameResolver, ResolvedAddress, ServiceType } from '../io/resolver.ts';
export { DatagramProtocol } from './datagram-protocol.ts';
export { DatagramSocket } from '../io/datagram-socket.ts';
export { DatagramTransport } from './datagram-transport.ts';
export type { Data } from '../io/data.ts';
export { createConnection, createServer } from './endpoints.ts';
export { BaseProtocol, BufferedProtocol, Protocol } from './protocol.ts';
export type { AnyProtocol, ProtocolFactory } from './protocol.ts';
export type { AddressOptions, Endpoint, Family, Port } from '../io/names.ts';
export type { Separator } from './separators.ts';
export { ReadTransport, WriteTransport } from './pipe-transport.ts';
export type { Pipe } from './pipe-transport.ts';
export { openStderr, openStdin, openStdout } from './standard-streams.ts';
export type { StdinOptions } from './standard-streams.ts';
export type { StartTlsOptions } from './start-tls.ts';
export { Server } from './server.ts';
export type { ShutdownOptions } from './server.ts';
export type { KeepAlive, TcpOptions } from '../io/tcp-options.ts';
export { Lines } from './lines.ts';
export type { LinesOptions } from './lines.ts';
export { StreamReader } from './stream-reader.ts';
export type { PausableTransport, StreamReaderOptions } from './stream-reader.ts';
export { StreamWriter } from './stream-writer.ts';
export { openConnection, startServer } from './streams.ts';
export type { ClientConnected } from './streams.ts';
export { Socket } from '../io/socket.ts';
export type { AnySocketAddress, SocketFamily, SocketOptions, SocketType } from '../io/socket.ts';
export type { AskedOption, SocketOption } from '../io/socket-options.ts';
export type { Descriptor } from '../io/descriptor-watch.ts';
export type { SentFile } from '../io/file-source.ts';
export type { SendfileOptions } from './sendfile.ts';
export type { PassedDescriptor, ReceivedFds, SendFdsOptions } from './pass-fds.ts';
export type { Sending, SocketTarget } from './sock-calls.ts';
export { TransportSocket } from '../io/transport-socket.ts';
export type { SocketAddress } from '../io/transport-socket.ts';
export { Transport } from './transport.ts';
export {
  createUnixConnection,
  createUnixServer,
  openUnixConnection,
  startUnixServer,
} from './unix-endpoints.ts';
export type { UnixConnectionOptions } from './unix-connection.ts';
export type { UnixServerOptions } from './unix-server.ts';
export type { PeerCredentials } from './extra-info.ts';
export type { WriteBufferLimits } from './watermarks.ts';
