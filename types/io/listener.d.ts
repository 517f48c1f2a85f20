import type { CompletionTarget, EventLoop } from '../core/event-loop.ts';
import type { MessageLimits } from '../native/binding.ts';
import type { Endpoint } from './names.ts';
import { TransportSocket } from './transport-socket.ts';
/** Who takes what a listener accepts. */
export interface Acceptor {
    /** A connection, whose completions must have a target when this returns. */
    _accepted(handle: number, generation: number): void;
}
/** How a listening socket is made. */
export interface ListenOptions {
    /** `SOCKET_…` of the layout, for the socket and the connections that it accepts. */
    flags: number;
    /** Connections that the kernel keeps until they are accepted. */
    backlog: number;
    /** Of the HTTP connections that it accepts; default: the usual ones. */
    limits?: MessageLimits | null;
}
/**
 * One listening socket, of a server of any protocol. C++ accepts a bounded number of connections a
 * turn and each comes here as a completion. They are handed on with the context variables of
 * whoever made the listener.
 *
 * When the process or the system is out of descriptors or memory, a connection that cannot be
 * accepted stays in the kernel's queue and would be announced again at once, for ever. So
 * accepting stops for a second; the failure is reported when it begins, not each second.
 */
export declare class Listener implements CompletionTarget {
    #private;
    readonly _handle: number;
    readonly _generation: number;
    /** Where it listens; the port is never 0. */
    readonly address: string;
    readonly port: number;
    readonly socket: TransportSocket;
    /** @throws an Error with `code` EADDRINUSE, EACCES, … and the address that cannot be had */
    constructor(loop: EventLoop, endpoint: Endpoint, options: ListenOptions);
    /** Accepts from now on. */
    start(acceptor: Acceptor): void;
    close(): void;
    _complete(op: number, words: Int32Array, at: number): void;
}
/**
 * A listener for every endpoint, or none at all when one of them cannot be had; but addresses that
 * this machine does not have (no IPv6, say) are left out as long as another one is there.
 */
export declare function listenAll(loop: EventLoop, endpoints: readonly Endpoint[], options: ListenOptions): Listener[];
