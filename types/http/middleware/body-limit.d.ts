import type { Middleware } from '../server/middleware-chain.ts';
/**
 * Middleware that takes request bodies of at most so many bytes; a 413 else. It makes less of
 * `maxBodySize` of the server, and never more.
 * @throws TypeError, RangeError unless it is an integer of 0 or more
 */
export declare function bodyLimit(bytes: number): Middleware;
