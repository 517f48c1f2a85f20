/**
 * One connection of a server: requests in, in order, one at a time; responses out. Pipelined
 * requests wait in a short queue, and the socket is paused when the queue is full, when the
 * handler does not read the body, or when the peer does not read its answers.
 */
import type { Future } from '../core/future.ts';
import { Telling } from './channels.ts';
import type { BodySource } from './incoming-body.ts';
import { MessageStream } from './message-stream.ts';
import { Request } from './request.ts';
import type { HttpServer } from './server.ts';
/** Something that runs for the current request and can be told to stop. */
export interface Cancellable {
    cancel(reason?: unknown): boolean;
}
export declare class ServerConnection extends MessageStream implements BodySource {
    #private;
    readonly _server: HttpServer;
    /** The request that is being answered. */
    _current: Request | null;
    /** Tells of it; null while nobody listens. */
    _telling: Telling | null;
    /** The handler's task, or the task that sends its body. */
    _task: Cancellable | null;
    /** The peer has closed its side or the connection is broken. */
    _gone: boolean;
    /** The descriptor is closed. */
    _lost: boolean;
    /** No request is taken any more: the current response is the last one. */
    _closing: boolean;
    /** The head of the current response has been written. */
    _answered: boolean;
    constructor(server: HttpServer, handle: number, generation: number);
    _complete(op: number, words: Int32Array, at: number): void;
    _onEnd(): void;
    _drained(): void;
    _onFailed(): void;
    _onClosed(): void;
    /** The response to `request` is written; what follows is up to `_advance`. */
    _finish(request: Request): void;
    /** Takes the next request, or whatever else waits for the current one to be done. */
    _advance(): void;
    /** Drops the connection with everything unsent. */
    _abort(): void;
    /** Called at each tick of the server: closes where nothing has moved for too long. */
    _sweep(tick: number): void;
    /** Closes at the next chance: now when idle, else after the current response. */
    _stop(): void;
    /** Whether the request is still to be answered, so its head is needed. */
    _awaits(request: Request): boolean;
    /** Whether the connection may live on after the response to this request. */
    _mayKeep(request: Request): boolean;
    _drain(): Future<void> | null;
    _resumeBody(): void;
    _pauseBody(): void;
    _peer(): string | null;
}
