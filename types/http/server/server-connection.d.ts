import type { Waiter } from '../../core/future/waiters.ts';
import type { Runnable } from '../../native/rings.ts';
import type { BodySource } from '../message/incoming-body.ts';
import { MessageStream } from '../message/message-stream.ts';
import type { HttpServer } from './server.ts';
export declare class ServerConnection extends MessageStream implements BodySource, Waiter, Runnable {
    #private;
    constructor(server: HttpServer, handle: number, generation: number);
    toString(): string;
}
