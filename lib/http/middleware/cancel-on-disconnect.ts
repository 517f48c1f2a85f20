import type { Middleware } from '../server/middleware-chain.ts';
import { RequestExtras } from '../server/request-extras.ts';

/**
 * Middleware whose handlers are cancelled when their client goes away, or closes its side, before
 * it has its answer; for all of a server by `serve({ cancelOnDisconnect: true })`.
 */
export function cancelOnDisconnect(): Middleware {
  return (request, next) => {
    (request._extras ??= new RequestExtras()).cancels = true;
    return next();
  };
}
