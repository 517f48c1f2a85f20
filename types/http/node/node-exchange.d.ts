/**
 * One request for an application of `node:http`: it gets Node's own IncomingMessage and
 * ServerResponse, over a socket that is a connection of ours. So all that they do is what it is on
 * Node: what is written by `ServerResponse` goes out as it is.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
/** What is called for each request. */
export type NodeListener = (request: IncomingMessage, response: ServerResponse) => unknown;
