import type { EventLoop } from '../core/loop/event-loop.ts';
import type { Future } from '../core/future/future.ts';
import { type AnyProtocol, type ProtocolFactory } from './protocol.ts';
import { Transport } from './transport.ts';
/** The two ends of a connection within the process. */
export type ConnectedPair<A extends AnyProtocol, B extends AnyProtocol> = [
    first: [Transport, A],
    second: [Transport, B]
];
/**
 * Creates two transports that are connected to each other, without an address. On the virtual
 * driver the connection is simulated in memory, so tests need no network and no real time.
 *
 * @example
 * const [[near], [, far]] = yield* connectedPair(() => new Protocol(), () => new Recorder());
 * near.write('hello');
 */
export declare function connectedPair<A extends AnyProtocol, B extends AnyProtocol>(firstFactory: ProtocolFactory<A>, secondFactory: ProtocolFactory<B>, options?: {
    loop?: EventLoop;
}): Future<ConnectedPair<A, B>>;
