/**
 * One request for an application of `node:http`: the application gets Node's own IncomingMessage
 * and ServerResponse, over a socket object that wraps our connection. So they behave as on Node,
 * and the bytes that ServerResponse writes are sent unchanged.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
/** The listener of a `node:http` server, called for each request. */
export type NodeListener = (request: IncomingMessage, response: ServerResponse) => unknown;
