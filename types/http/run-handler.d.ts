import type { Request } from './request.ts';
import type { ServerConnection } from './server-connection.ts';
/** Calls the handler and answers, at once when it returns a response, else when it is done. */
export declare function runHandler(connection: ServerConnection, request: Request): void;
