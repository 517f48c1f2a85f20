import type { Request } from './request.ts';
import type { Response } from './response.ts';
import type { ServerConnection } from './server-connection.ts';
/**
 * Sends the response to the connection's current request.
 * @throws TypeError before anything is sent when the body cannot be sent again
 */
export declare function respond(connection: ServerConnection, request: Request, response: Response): void;
