import type { RequestMessage } from '../message/diagnostics.ts';
import type { Request } from './request.ts';
import type { HttpServer } from './server.ts';
/** The message of the diagnostics channels `oxbow:server-request:start`, `error` and `finish`. */
export interface ServerRequestMessage extends RequestMessage {
    request: Request;
    server: HttpServer;
}
