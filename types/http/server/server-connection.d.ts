import type { BodySource } from '../message/incoming-body.ts';
import { MessageStream } from '../message/message-stream.ts';
import type { HttpServer } from './server.ts';
export declare class ServerConnection extends MessageStream implements BodySource {
    #private;
    constructor(server: HttpServer, handle: number, generation: number);
    toString(): string;
}
