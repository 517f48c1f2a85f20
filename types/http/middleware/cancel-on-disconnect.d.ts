import type { Middleware } from '../server/middleware-chain.ts';
/**
 * Middleware whose handlers are cancelled when their client goes away, or closes its side, before
 * it has its answer; for all of a server by `serve({ cancelOnDisconnect: true })`.
 */
export declare function cancelOnDisconnect(): Middleware;
