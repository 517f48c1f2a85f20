import type { Duration } from '../core/duration.ts';
import type { EventLoop } from '../core/event-loop.ts';
import { Future } from '../core/future.ts';
import type { Coro } from '../core/types.ts';
import { type AnyProtocol, type ProtocolFactory } from './protocol.ts';
import { type AddressOptions, type Port } from '../io/names.ts';
import { Transport } from './transport.ts';
/** What `createConnection` takes beside host and port. */
export interface ConnectionOptions extends AddressOptions {
    /** Our own end, `[host, port]`; port 0 for any. Default: the system chooses. */
    localAddr?: readonly [host: string, port: Port];
    /**
     * How long an attempt may take before the next address is tried beside it (RFC 8305 says 250
     * ms); default: the next one is tried when the last has failed.
     */
    happyEyeballsDelay?: Duration | null;
    /** Addresses of one family in a row before the other; default: 1 with a delay, else as found. */
    interleave?: number;
    /** Fail with an ExceptionGroup of every attempt's error; default false. */
    allErrors?: boolean;
    /** Aborting it ends the attempt with an AbortError. */
    signal?: AbortSignal;
}
/** `loop.createConnection`: see there. */
export declare function createConnectionIn<P extends AnyProtocol>(loop: EventLoop, protocolFactory: ProtocolFactory<P>, host: string | null, port: Port, options?: ConnectionOptions): Future<[Transport, P]>;
/** Opens a transport and gives it back once its protocol knows of it. */
export declare function opened<P extends AnyProtocol>(loop: EventLoop, transport: Transport, protocol: P): Coro<[Transport, P]>;
