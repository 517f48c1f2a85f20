import type { BodySource } from './incoming-body.ts';
import { MessageStream } from './message-stream.ts';
import type { HttpServer } from './server.ts';
export declare class ServerConnection extends MessageStream implements BodySource {
    #private;
    constructor(server: HttpServer, handle: number, generation: number);
}
