import type { Middleware } from '../server/middleware-chain.ts';
import { RequestExtras } from '../server/request-extras.ts';

/**
 * Middleware that cancels a handler when its client disconnects, or ends its side of the
 * connection, before the response was sent. `serve({ cancelOnDisconnect: true })` does it for a
 * whole server.
 */
export function cancelOnDisconnect(): Middleware {
  return (request, next) => {
    (request._extras ??= new RequestExtras()).cancels = true;
    return next();
  };
}
