import type { Middleware } from '../server/middleware-chain.ts';
/**
 * Middleware that accepts request bodies of at most this many bytes; larger ones get a 413. It can
 * lower the server's `maxBodySize`, but not raise it.
 * @throws TypeError, RangeError unless `bytes` is an integer of 0 or more
 */
export declare function bodyLimit(bytes: number): Middleware;
