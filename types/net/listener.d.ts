import type { CompletionTarget, EventLoop } from '../core/event-loop.ts';
import { TransportSocket } from './transport-socket.ts';
/** Who takes what a listener accepts. */
export interface Acceptor {
    _accepted(handle: number, generation: number): void;
}
/**
 * One listening socket. C++ accepts a bounded number of connections a turn and each comes here as
 * a completion.
 *
 * When the process or the system is out of descriptors or memory, a connection that cannot be
 * accepted stays in the kernel's queue and would be announced again at once, for ever. So
 * accepting stops for a second; the failure is reported when it begins, not each second.
 */
export declare class Listener implements CompletionTarget {
    #private;
    readonly _handle: number;
    readonly _generation: number;
    readonly socket: TransportSocket;
    constructor(loop: EventLoop, handle: number, generation: number);
    start(acceptor: Acceptor): void;
    close(): void;
    _complete(op: number, words: Int32Array, at: number): void;
}
