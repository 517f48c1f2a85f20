import type { RequestMessage } from '../message/diagnostics.ts';
import type { Request } from './request.ts';
import type { HttpServer } from './server.ts';
/** What `oxbow:server-request:start`, `error` and `finish` carry. */
export interface ServerRequestMessage extends RequestMessage {
    request: Request;
    server: HttpServer;
}
