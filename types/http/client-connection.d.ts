/**
 * One connection of a client: a request out, its response in, then the next. The pool decides who
 * has it; whoever has it may `_abort` it at any time, which ends every wait on it.
 */
import type { EventLoop } from '../core/event-loop.ts';
import type { Future } from '../core/future.ts';
import type { MessageLimits } from '../native/binding.ts';
import type { OutgoingRequest } from './client-request.ts';
import type { HeadChunk } from './head-chunk.ts';
import type { BodySource } from './incoming-body.ts';
import { IncomingBody } from './incoming-body.ts';
import { MessageStream } from './message-stream.ts';
/** Who gives connections out and takes them back. */
export interface ConnectionOwner {
    /** The exchange is over. A connection that is not reusable is closing. */
    _returned(connection: ClientConnection, reusable: boolean): void;
    /** Nobody wants the rest of the response: it may be dropped for whoever needs its slot. */
    _draining(connection: ClientConnection): void;
    /** The descriptor is closed. */
    _closed(connection: ClientConnection): void;
}
/** The head of a response where it was received, and the body that follows it. */
export interface ResponseHead {
    chunk: HeadChunk;
    record: number;
    body: IncomingBody;
}
export declare class ClientConnection extends MessageStream implements BodySource {
    #private;
    readonly _origin: string;
    /** Done once it is connected. */
    readonly connected: Future<void>;
    /** Exchanges begun so far: more than one means that the server may have closed meanwhile. */
    exchanges: number;
    /** Until when it may stay idle, in the loop's time. */
    idleUntil: number;
    /** Its neighbours among the idle connections of its origin. */
    _older: ClientConnection | null;
    _newer: ClientConnection | null;
    /** Seconds for which the server says that it keeps the connection; Infinity when it does not. */
    keptFor: number;
    /** Called once when the exchange is over. */
    _onDone: (() => void) | null;
    /** Starts to connect. @throws an Error with `code` when that cannot even begin */
    constructor(loop: EventLoop, owner: ConnectionOwner, origin: string, address: string, port: number, limits: MessageLimits | null);
    /**
     * Gives it out, with the slot of whoever takes it.
     * @throws why it was dropped, when it was
     */
    _take(): void;
    get _exchanging(): boolean;
    /**
     * Whether it can be given out. Asks the kernel: what came while it was idle (the server's end, or
     * bytes that would be taken for the next answer) may not have been told yet.
     */
    get usable(): boolean;
    /**
     * Sends a request. The future is done when the head of the response is there.
     * @param readLimit - seconds between two reads, or null
     * @throws why it was dropped, when it was since it was taken
     */
    _exchange(request: OutgoingRequest, readLimit: number | null): Future<ResponseHead>;
    _complete(op: number, words: Int32Array, at: number): void;
    _onEnd(): void;
    _onClosed(): void;
    _onFailed(cause: Error): void;
    /**
     * The rest of the body is not wanted: little of it is read, for a short time, so that the
     * connection can be kept.
     */
    _drainRest(body: IncomingBody): void;
    /**
     * Drops the connection and ends every wait on it with the error.
     * @param error - null when nobody can be waiting
     */
    _abort(error: Error | null): void;
    _resumeBody(): void;
    _pauseBody(): void;
}
