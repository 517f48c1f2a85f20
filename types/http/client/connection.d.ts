/**
 * One client connection: a request out, its response in, then the next. The pool decides who uses
 * it; that request may `_abort` it at any time, which ends every wait on it.
 */
import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Connected } from '../../io/connect-race.ts';
import { AnswerStream } from './answer-stream.ts';
import type { BodySource } from '../message/incoming-body.ts';
/** Owns connections: hands them out and gets them back. */
export interface ConnectionOwner {
}
export declare class ClientConnection extends AnswerStream implements BodySource {
    #private;
    /**
     * Exchanges begun so far. More than one: the connection was reused, so the server may have closed
     * it.
     */
    exchanges: number;
    /** Until when it may stay idle, in seconds of the loop's time. */
    idleUntil: number;
    /**
     * Seconds the server promises to keep the connection (`Keep-Alive`); Infinity without a promise.
     */
    keptFor: number;
    constructor(loop: EventLoop, owner: ConnectionOwner, origin: string, connected: Connected);
}
