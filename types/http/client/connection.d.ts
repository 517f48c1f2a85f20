/**
 * One connection of a client: a request out, its response in, then the next. The pool decides who
 * has it; its holder may `_abort` it at any time, which ends every wait on it.
 */
import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Connected } from '../../io/connect-race.ts';
import { AnswerStream } from './answer-stream.ts';
import type { BodySource } from '../message/incoming-body.ts';
/** Who gives connections out and takes them back. */
export interface ConnectionOwner {
}
export declare class ClientConnection extends AnswerStream implements BodySource {
    #private;
    /** Exchanges begun so far: more than one means that the server may have closed meanwhile. */
    exchanges: number;
    /** Until when it may stay idle, in the loop's time. */
    idleUntil: number;
    /** Seconds for which the server says that it keeps the connection; Infinity when it does not. */
    keptFor: number;
    constructor(loop: EventLoop, owner: ConnectionOwner, origin: string, connected: Connected);
}
