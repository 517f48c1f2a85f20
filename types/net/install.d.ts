import type { Future } from '../core/future/future.ts';
import type { Callback } from '../core/loop/handle.ts';
import { type ConnectionOptions } from './create-connection.ts';
import { type Hosts, type ServerOptions } from './create-server.ts';
import type { AnyProtocol, ProtocolFactory } from './protocol.ts';
import { type AddressOptions, type Endpoint, type Port } from '../io/names.ts';
import type { Server } from './server.ts';
import type { Transport } from './transport.ts';
declare module '../core/loop/event-loop.ts' {
    interface EventLoop {
        /** As the function of the same name, on this loop. */
        createServer(protocolFactory: ProtocolFactory, host: Hosts, port: Port, options?: ServerOptions): Future<Server>;
        /** As the function of the same name, on this loop. */
        createConnection<P extends AnyProtocol>(protocolFactory: ProtocolFactory<P>, host: string | null, port: Port, options?: ConnectionOptions): Future<[Transport, P]>;
        /**
         * The numeric addresses of a host, asked for on a thread of the engine's own; a numeric host
         * is answered at once. Fails with code `ENOTFOUND` when there are none.
         */
        getaddrinfo(host: string | null, port: Port, options?: AddressOptions): Future<Endpoint[]>;
        /**
         * Calls `callback(...args)` whenever the descriptor is readable; a second call replaces the
         * first. The descriptor stays the caller's: `removeReader` before closing it.
         */
        addReader<A extends unknown[]>(descriptor: number, callback: Callback<A>, ...args: A): void;
        /** Takes `addReader` back. @returns whether there was something to take back */
        removeReader(descriptor: number): boolean;
        /** The same for writing. */
        addWriter<A extends unknown[]>(descriptor: number, callback: Callback<A>, ...args: A): void;
        /** Takes `addWriter` back. @returns whether there was something to take back */
        removeWriter(descriptor: number): boolean;
    }
}
