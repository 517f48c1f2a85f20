import type { Middleware } from '../server/middleware-chain.ts';
/**
 * Middleware that cancels a handler when its client disconnects, or ends its side of the
 * connection, before the response was sent. `serve({ cancelOnDisconnect: true })` does it for a
 * whole server.
 */
export declare function cancelOnDisconnect(): Middleware;
