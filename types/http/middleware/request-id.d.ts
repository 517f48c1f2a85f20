import { ContextKey } from '../server/context-key.ts';
import type { Middleware } from '../server/middleware-chain.ts';
import type { Request } from '../server/request.ts';
/** The id that `requestId` gave to a request: `request.get(REQUEST_ID)`. */
export declare const REQUEST_ID: ContextKey<string>;
export interface RequestIdOptions {
    /** The field of the answer that has the id, and of the request; 'x-request-id' by default. */
    header?: string;
    /** Takes the id that a request brings with it, as one does behind a proxy that makes them. */
    trust?: boolean;
    /** Makes an id; a random UUID by default. */
    generate?: (request: Request) => string;
}
/**
 * Middleware that gives each request an id, which the answer has, too.
 * @throws TypeError for options that do not exist
 */
export declare function requestId(options?: RequestIdOptions): Middleware;
